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
}

// action finds one of the window's actions.
func (s *shell) action(id string) *studio.Action { return s.commands.find(id) }

// invoke does the actions whose buttons were clicked.
func (s *shell) invoke(gtx layout.Context, buttons map[*kit.Button]string) {
	for b, id := range buttons {
		if b.Clicked(gtx) {
			s.action(id).Invoke()
		}
	}
}
