package primary

import (
	"fmt"
	"io"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"gvpie/app/studio/mailbox"
)

// x11 is the selection of an X server. One goroutine has all of it but the mailboxes.
type x11 struct {
	conn   *xgb.Conn
	window xproto.Window // that owns the selection
	atoms  atoms

	owns   mailbox.Latest[string]
	reads  chan Answer
	events chan xgb.Event // closed when the connection is

	text    string           // that is offered
	since   xproto.Timestamp // the selection was taken then
	stamped []func(xproto.Timestamp)
	inquiry inquiry
}

// atoms are the server's numbers for names.
type atoms struct {
	targets, timestamp, utf8, text, plainUTF8, plain, incr xproto.Atom
	answer, stamp                                          xproto.Atom // properties: for others' text, and to be told the time
}

// OpenX11 gives the selection of the server that DISPLAY names.
func OpenX11() (Desktop, error) {
	xgb.Logger.SetOutput(io.Discard) // what matters is in the errors
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("the X server cannot be asked for what is selected: %w", err)
	}
	x := &x11{conn: conn, owns: mailbox.New[string](), reads: make(chan Answer, 1), events: make(chan xgb.Event)}
	if err := x.prepare(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("the X server does not serve selections: %w", err)
	}
	go x.listen()
	go x.run()
	return x, nil
}

func (x *x11) prepare() error {
	a := &x.atoms
	for name, to := range map[string]*xproto.Atom{
		"TARGETS": &a.targets, "TIMESTAMP": &a.timestamp, "UTF8_STRING": &a.utf8, "TEXT": &a.text, "INCR": &a.incr,
		"text/plain;charset=utf-8": &a.plainUTF8, "text/plain": &a.plain,
		"GVPIE_SELECTION": &a.answer, "GVPIE_TIME": &a.stamp,
	} {
		reply, err := xproto.InternAtom(x.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		*to = reply.Atom
	}
	var err error
	x.window, err = x.newWindow()
	return err
}

// newWindow makes a window that is never shown, to be told of its properties.
func (x *x11) newWindow() (xproto.Window, error) {
	w, err := xproto.NewWindowId(x.conn)
	if err != nil {
		return 0, err
	}
	root := xproto.Setup(x.conn).DefaultScreen(x.conn).Root
	return w, xproto.CreateWindowChecked(x.conn, 0, w, root, -1, -1, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
}

func (x *x11) Own(text string) { x.owns.Put(text) }

func (x *x11) Read(answer Answer) {
	select {
	case x.reads <- answer:
	default:
	}
}

func (x *x11) Close() { x.conn.Close() }

// listen hands events on until the connection is closed. Errors are of programs that
// have gone before they were answered.
func (x *x11) listen() {
	defer close(x.events)
	for {
		e, err := x.conn.WaitForEvent()
		switch {
		case e != nil:
			x.events <- e
		case err == nil:
			return
		}
	}
}

func (x *x11) run() {
	silent := time.NewTimer(patience)
	defer silent.Stop()
	for {
		reads := x.reads
		if x.inquiry.answer != nil {
			reads = nil
		}
		select {
		case text := <-x.owns.C:
			x.atTime(func(now xproto.Timestamp) { x.own(text, now) })
		case x.inquiry.answer = <-reads:
			silent.Reset(patience)
			x.atTime(x.ask)
		case <-silent.C:
			if x.inquiry.answer != nil {
				x.answer("", ErrSilent)
			}
		case e, open := <-x.events:
			if !open {
				return
			}
			if x.take(e) {
				silent.Reset(patience)
			}
		}
	}
}

// atTime has do called with the time by the server's clock, which is in the event that a
// change of a property makes.
func (x *x11) atTime(do func(xproto.Timestamp)) {
	x.stamped = append(x.stamped, do)
	xproto.ChangeProperty(x.conn, xproto.PropModeAppend, x.window, x.atoms.stamp, xproto.AtomString, 8, 0, nil)
}

// take takes an event in. It says whether more of a long text came with it.
func (x *x11) take(e xgb.Event) (more bool) {
	switch e := e.(type) {
	case xproto.PropertyNotifyEvent:
		switch {
		case e.Atom == x.atoms.stamp && len(x.stamped) > 0:
			do := x.stamped[0]
			x.stamped = x.stamped[1:]
			do(e.Time)
		case e.Window == x.inquiry.window && x.inquiry.inParts && e.Atom == x.atoms.answer && e.State == xproto.PropertyNewValue:
			x.takePart()
			return true
		}
	case xproto.SelectionNotifyEvent:
		if e.Requestor == x.inquiry.window {
			x.takeAnswer(e)
		}
	case xproto.SelectionRequestEvent:
		x.serve(e)
	case xproto.SelectionClearEvent:
		if int32(e.Time-x.since) >= 0 {
			x.text = ""
		}
	}
	return false
}

func (x *x11) own(text string, now xproto.Timestamp) {
	x.text, x.since = text, now
	xproto.SetSelectionOwner(x.conn, x.window, xproto.AtomPrimary, now)
}

// serve answers another program that asks for the text.
func (x *x11) serve(r xproto.SelectionRequestEvent) {
	a := &x.atoms
	property := r.Property
	if property == xproto.AtomNone { // of programs older than the rule
		property = r.Target
	}
	switch r.Target {
	case a.targets:
		all := []xproto.Atom{a.targets, a.timestamp, a.utf8, a.plainUTF8, a.plain, a.text, xproto.AtomString}
		b := make([]byte, 4*len(all))
		for i, t := range all {
			xgb.Put32(b[4*i:], uint32(t))
		}
		x.put(r.Requestor, property, xproto.AtomAtom, 32, b)
	case a.timestamp:
		b := make([]byte, 4)
		xgb.Put32(b, uint32(x.since))
		x.put(r.Requestor, property, xproto.AtomInteger, 32, b)
	case a.utf8, a.plainUTF8, a.plain:
		x.put(r.Requestor, property, r.Target, 8, []byte(x.text))
	case a.text:
		x.put(r.Requestor, property, a.utf8, 8, []byte(x.text))
	case xproto.AtomString:
		x.put(r.Requestor, property, xproto.AtomString, 8, toLatin1(x.text))
	default:
		property = xproto.AtomNone
	}
	told := xproto.SelectionNotifyEvent{Time: r.Time, Requestor: r.Requestor, Selection: r.Selection, Target: r.Target, Property: property}
	xproto.SendEvent(x.conn, false, r.Requestor, 0, string(told.Bytes()))
}

// requestRoom is how much of a property a request holds, less than any server takes.
const requestRoom = 1 << 17

// put gives a window of another program a property. A long one is made of several
// requests, for which it waits, as all is there when it is told.
func (x *x11) put(w xproto.Window, property, kind xproto.Atom, format byte, b []byte) {
	mode := byte(xproto.PropModeReplace)
	for {
		part := b[:min(len(b), requestRoom)]
		xproto.ChangeProperty(x.conn, mode, w, property, kind, format, uint32(len(part))/uint32(format/8), part)
		if b = b[len(part):]; len(b) == 0 {
			return
		}
		mode = xproto.PropModeAppend
	}
}

// toLatin1 writes text in the letters of STRING, which are few.
func toLatin1(s string) []byte {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			r = '?'
		}
		b = append(b, byte(r))
	}
	return b
}
