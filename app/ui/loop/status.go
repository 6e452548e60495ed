package loop

import (
	"fmt"
	"image/color"
	"time"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// rateInk is the colour of a success rate.
func rateInk(th *kit.Theme, rate float64) color.NRGBA {
	switch {
	case rate >= .95:
		return th.Accent
	case rate >= .5:
		return th.Warning
	}
	return th.Error
}

// outcome is how a run came out, its icon and colour.
func outcome(th *kit.Theme, r *store.Run) (string, kit.Icon, color.NRGBA) {
	switch {
	case r.Running():
		return "running", kit.IconDot, th.Warning
	case r.Interrupted:
		return "interrupted", kit.IconWarning, th.Warning
	case r.Cancelled:
		return "cancelled", kit.IconWarning, th.Dim
	case r.Success:
		return "succeeded", kit.IconCheck, th.Accent
	}
	return "failed", kit.IconClose, th.Error
}

// verdictInk is the colour of a point of the map.
func verdictInk(th *kit.Theme, v loop.Verdict) color.NRGBA {
	switch v {
	case loop.Succeeded:
		return th.Accent
	case loop.Failure:
		return th.Error
	case loop.CutShort:
		return th.Warning
	}
	return th.Dim
}

// phase says what the loop is doing, in words and in colour. When the next
// cycle begins is a time of day, not a countdown, which would draw the window
// anew every second for ever.
func phase(th *kit.Theme, a *loop.Monitor) (says, next string, ink color.NRGBA) {
	switch a.State() {
	case loop.Off:
		return "No data folder", "", th.Faint
	case loop.Opening:
		return "Opening the database…", "", th.Dim
	case loop.Failed:
		return "The database cannot be opened", "", th.Error
	case loop.ReadOnly:
		if a.Holder().Nobody() {
			return "The loop is not running", "", th.Dim
		}
		return "Read only", "", th.Warning
	}
	st := a.Status()
	switch st.Phase {
	case agent.Starting:
		return "Starting", "", th.Dim
	case agent.Checking:
		return "Checking health", "", th.Accent
	case agent.Running:
		return "Running " + st.Script, "", th.Accent
	case agent.Saving:
		return "Saving " + st.Script, "", th.Accent
	case agent.Paused:
		return "Paused", "", th.Warning
	case agent.Stopped:
		return "Stopped", "", th.Dim
	}
	return "Sleeping", "next at " + st.NextAt.Local().Format(time.TimeOnly), th.Accent
}

// StatusLine is the status line's part about the loop; "" when there is none.
func StatusLine(th *kit.Theme, a *loop.Monitor) (says string, ink color.NRGBA) {
	switch a.State() {
	case loop.Off:
		return "", th.Dim
	case loop.Running, loop.Driven:
		doing, next, ink := phase(th, a)
		if next == "" {
			next = kit.LowerFirst(doing)
		}
		if a.Unready() != "" {
			return "agent: not ready", th.Error
		}
		says = fmt.Sprintf("agent: cycle %s, %s", kit.Thousands(a.Status().Cycle), next)
		if a.State() == loop.Driven {
			says += ", in " + a.Holder().What
		}
		return says, ink
	}
	doing, _, ink := phase(th, a)
	return "agent: " + kit.LowerFirst(doing), ink
}

// whose says which other process runs the loop; "" when none does.
func whose(a *loop.Monitor) string {
	switch h := a.Holder(); {
	case h.Nobody():
		return ""
	case a.State() == loop.ReadOnly && h.API == "":
		return "run by " + h.Name() + ", which answers no API"
	default:
		return "run by " + h.Name()
	}
}
