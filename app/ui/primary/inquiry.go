package primary

import (
	"strings"

	"github.com/jezek/xgb/xproto"
)

// inquiry is a question for the selected text while it is being answered.
type inquiry struct {
	answer  Answer // nil: nobody asks
	at      xproto.Timestamp
	window  xproto.Window // that the text comes to: of this inquiry alone, so that no earlier one is answered here
	inParts bool          // it comes in parts, the last of which is empty
	text    strings.Builder
}

// ask asks the owner of the selection.
func (x *x11) ask(now xproto.Timestamp) {
	if x.inquiry.answer == nil {
		return // that was too late
	}
	owner, err := xproto.GetSelectionOwner(x.conn, xproto.AtomPrimary).Reply()
	switch {
	case err != nil || owner.Owner == xproto.WindowNone:
		x.answer("", ErrNone)
	case owner.Owner == x.window:
		x.answer(x.text, nil)
	default:
		if x.inquiry.window, err = x.newWindow(); err != nil {
			x.answer("", err)
			return
		}
		x.inquiry.at = now
		x.askFor(x.atoms.utf8)
	}
}

func (x *x11) askFor(target xproto.Atom) {
	xproto.ConvertSelection(x.conn, x.inquiry.window, xproto.AtomPrimary, target, x.atoms.answer, x.inquiry.at)
}

// answer ends the inquiry.
func (x *x11) answer(text string, err error) {
	if x.inquiry.window != 0 {
		xproto.DestroyWindow(x.conn, x.inquiry.window)
	}
	q := x.inquiry.answer
	x.inquiry = inquiry{}
	q(text, err)
}

// takeAnswer takes the owner's answer in: the text, that it comes in parts, or that it
// cannot be had in this way.
func (x *x11) takeAnswer(e xproto.SelectionNotifyEvent) {
	if e.Property == xproto.AtomNone {
		if e.Target == x.atoms.utf8 {
			x.askFor(xproto.AtomString)
			return
		}
		x.answer("", ErrNone)
		return
	}
	p, err := x.takeProperty()
	switch {
	case err != nil:
		x.answer("", err)
	case p.Type == x.atoms.incr:
		x.inquiry.inParts = true // taking the property has the owner begin
	default:
		x.answer(x.asText(p), nil)
	}
}

// takePart takes in a part of a text.
func (x *x11) takePart() {
	p, err := x.takeProperty()
	if err != nil {
		x.answer("", err)
		return
	}
	if len(p.Value) == 0 {
		x.answer(x.inquiry.text.String(), nil)
		return
	}
	x.inquiry.text.WriteString(x.asText(p))
	if x.inquiry.text.Len() > MaxText {
		x.answer("", ErrTooLong)
	}
}

// takeProperty reads what the owner gave, and takes it away.
func (x *x11) takeProperty() (*xproto.GetPropertyReply, error) {
	p, err := xproto.GetProperty(x.conn, true, x.inquiry.window, x.atoms.answer, xproto.GetPropertyTypeAny, 0, MaxText/4).Reply()
	if err != nil {
		return nil, err
	}
	if p.BytesAfter > 0 {
		return nil, ErrTooLong
	}
	switch a := &x.atoms; p.Type {
	case a.incr, a.utf8, a.plainUTF8, xproto.AtomString:
		return p, nil
	}
	return nil, ErrNone // a picture is not asked for, but some programs have nothing else to give
}

// asText gives the text of a property.
func (x *x11) asText(p *xproto.GetPropertyReply) string {
	if p.Type != xproto.AtomString {
		return string(p.Value)
	}
	var b strings.Builder
	for _, c := range p.Value {
		b.WriteRune(rune(c))
	}
	return b.String()
}
