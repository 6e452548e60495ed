package ui

import "gvpie/app/ui/kit"

// closeWindow closes the window, after whatever has to be asked first.
func (d *documents) closeWindow() {
	if d.mayClose() {
		d.quit()
	}
}

// leave closes the window now that it has been asked about the loop.
func (d *documents) leave() {
	d.leaving = true
	d.quit()
}

// askAboutLoop asks whether the window is to close when the loop stops with it, and
// something is lost by that. It is false when there is nothing to ask.
func (d *documents) askAboutLoop() bool {
	a := d.model.Agent()
	lost := a.LostByClosing()
	if lost == 0 {
		return false
	}
	text := kit.Count(lost, "script") + " will not run until this window, or gvpie daemon, is started again."
	again := &kit.Option{Label: "Don't ask again"}
	then := func(do func()) func() {
		return func() {
			if again.On {
				a.AskNoMore(do)
				return
			}
			do()
		}
	}
	var choices []kit.Choice
	if a.CanKeepRunning() {
		text += " Kept running, the loop is a service of systemd: now, and at every login."
		choices = append(choices, kit.Choice{Label: "Keep running", Look: kit.Framed, Do: then(func() { a.KeepRunning(d.leave) })})
	}
	q := kit.Ask("The loop stops with this window", text, append(choices,
		kit.Choice{Label: "Cancel", Look: kit.Framed},
		kit.Choice{Label: "Close", Look: kit.Primary, Do: then(d.leave)})...)
	q.Option = again
	d.dialogs.open(q)
	return true
}
