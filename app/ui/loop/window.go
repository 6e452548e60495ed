package loop

import (
	"fmt"

	"gvpie/app/studio"
	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// Window is what the panels know of the window they stand in.
type Window struct {
	Theme    *kit.Theme
	Agent    *loop.Monitor
	Pictures *kit.Pictures

	// Action finds one of the window's actions.
	Action func(id string) *studio.Action
	// AskPath asks where to write a file to.
	AskPath func(title, verb, start string, chosen func(path string))
}

// openShown opens the code of what is shown in the editor: a script's as it is,
// to be gone on with, a run's as it was.
func (w *Window) openShown() {
	a := w.Agent
	d := a.Detail()
	switch {
	case d == nil:
	case d.ByScript():
		a.OpenScript(d.Script.ID)
	case d.Code != "":
		a.OpenRan(fmt.Sprintf("%s run %d", d.Run.Script, d.Run.ID), d.Lang(), d.Code)
	}
}
