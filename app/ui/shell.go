package ui

import (
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// shell is what the parts of the window share.
type shell struct {
	model    *studio.Model
	th       *kit.Theme
	wake     func() // asks for a frame, from any goroutine
	code     *codePane
	commands commands
	dialogs  dialogs
	pictures kit.Pictures
	thumbs   *studio.Thumbnails // of the examples; nil: there are none
}

// action finds one of the window's actions.
func (s *shell) action(id string) *studio.Action { return s.commands.find(id) }

// askPath asks where to write a file to.
func (s *shell) askPath(title, verb, start string, chosen func(path string)) {
	s.dialogs.open(newPathDialog(title, verb, start, true, s.wake, chosen))
}

// invoke does the actions whose buttons were clicked.
func (s *shell) invoke(gtx layout.Context, buttons map[*kit.Button]string) {
	for b, id := range buttons {
		if b.Clicked(gtx) {
			s.action(id).Invoke()
		}
	}
}

// dialogs shows what stands over the window: a question, a file dialog, the
// palette, the help. There is one at a time.
type dialogs struct {
	front  kit.Modal // nil: none
	layer  kit.ModalLayer
	closed func() // called when one goes
}

func (d *dialogs) open(m kit.Modal) {
	kit.Dismiss(d.front)
	d.front = m
}

// dismiss takes the dialog in front away, as Escape does, if that keeps something of it.
func (d *dialogs) dismiss() {
	if _, ok := d.front.(kit.Dismissible); ok {
		kit.Dismiss(d.front)
		d.close()
	}
}

func (d *dialogs) close() {
	d.front = nil
	d.closed()
}

// toggle opens a dialog, or closes it where the one in front is of its kind.
func toggle[M kit.Modal](d *dialogs, make func() M) {
	if _, open := d.front.(M); open {
		d.close()
		return
	}
	d.open(make())
}

// layout takes in the input of the dialog in front and draws it.
func (d *dialogs) layout(gtx layout.Context, th *kit.Theme) {
	m := d.front
	if m != nil && d.layer.Layout(gtx, th, m) && d.front == m {
		d.close()
	}
}
