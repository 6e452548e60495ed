package debugger

import (
	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
)

// AskWho asks who drew a texel, in a program that is paused for it.
func AskWho(m *studio.Model, open func(), x, y int) {
	m.Debugger().AskWho(x, y)
	open()
	m.Action("run.pause").Invoke()
}

// Actions are the debugger's moves. Where it does not look at the program yet, the first
// of them has it look: open opens its panel, and the program is paused.
func Actions(m *studio.Model, open func()) []*studio.Action {
	d := m.Debugger()
	move := func(id, title, keys string, to debugger.Move) *studio.Action {
		return &studio.Action{
			ID: id, Title: title, Keys: keys,
			Enabled: func() bool { return m.Active() != nil && (!d.Open() || d.CanGo(to)) },
			Do: func() {
				if d.Open() {
					d.Go(to)
					return
				}
				open()
				m.Action("run.pause").Invoke()
			},
		}
	}
	return []*studio.Action{
		move("debug.step", "Step to the next statement", "F11", debugger.Step),
		move("debug.over", "Step over calls", "F7", debugger.Over),
		move("debug.out", "Step out of the call", "Ctrl-F7", debugger.Out),
		move("debug.back", "Back to the statement before", "Shift-F11", debugger.StepBack),
		move("debug.back.over", "Back over calls", "Shift-F7", debugger.OverBack),
		move("debug.back.out", "Back to where the call was made", "Ctrl-Shift-F7", debugger.OutBack),
		move("debug.back.frame", "Back a frame", "Shift-F10", debugger.FrameBack),
	}
}
