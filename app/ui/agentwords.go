package ui

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"gvpie/app/studio"
	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// took writes a duration with three figures: "0.93 ms", "48 ms", "1.2 s".
func took(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d <= 0:
		return "–"
	case ms < 9.95:
		return fmt.Sprintf("%.2g ms", ms)
	case ms < 999.5:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 99_500:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	return lasting(d)
}

// lasting writes a length of time in its largest unit: "6 s", "4 min", "3 h".
func lasting(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d/time.Second))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d/time.Hour))
	}
	return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
}

// clockTime writes when something was: the time today, the date before.
func clockTime(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case now.Sub(t) < 20*time.Hour && t.Sub(now) < 20*time.Hour:
		return t.Local().Format("15:04:05")
	case now.Sub(t) < 300*24*time.Hour:
		return t.Local().Format("02 Jan 15:04")
	}
	return t.Local().Format("2006-01-02")
}

// percent writes a share; what is not quite all is not written as all.
func percent(rate float64) string {
	switch {
	case rate > .995 && rate < 1:
		return "99 %"
	case rate > 0 && rate < .005:
		return "1 %"
	}
	return fmt.Sprintf("%.0f %%", rate*100)
}

// rateInk is the colour of a success rate.
func (th *Theme) rateInk(rate float64) color.NRGBA {
	switch {
	case rate >= .95:
		return th.Accent
	case rate >= .5:
		return th.Warning
	}
	return th.Error
}

// firstLine is the first line of a text that says something.
func firstLine(s string) string {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// runWord is how a run came out, its icon and colour.
func (th *Theme) runWord(r *store.Run) (string, Icon, color.NRGBA) {
	switch {
	case r.InHand():
		return "running", iconDot, th.Warning
	case r.Interrupted:
		return "interrupted", iconWarning, th.Warning
	case r.Cancelled:
		return "cancelled", iconWarning, th.Dim
	case r.Success:
		return "succeeded", iconCheck, th.Accent
	}
	return "failed", iconClose, th.Error
}

// verdictInk is the colour of a point of the map.
func (th *Theme) verdictInk(v studio.Verdict) color.NRGBA {
	switch v {
	case studio.Succeeded:
		return th.Accent
	case studio.Failure:
		return th.Error
	case studio.CutShort:
		return th.Warning
	}
	return th.Dim
}

// agentPhase says what the loop is doing, in words and in colour. When the next
// cycle begins is a time of day, not a countdown, which would draw the window
// anew every second for ever.
func agentPhase(th *Theme, a *studio.Agent) (says, next string, ink color.NRGBA) {
	switch a.State() {
	case studio.AgentOff:
		return "No data folder", "", th.Faint
	case studio.AgentOpening:
		return "Opening the database…", "", th.Dim
	case studio.AgentFailed:
		return "The database cannot be opened", "", th.Error
	case studio.AgentThere:
		if a.Holder() == "" {
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

// agentLine is the status line's part about the loop; "" when there is none.
func agentLine(th *Theme, a *studio.Agent) (says string, ink color.NRGBA) {
	switch a.State() {
	case studio.AgentOff:
		return "", th.Dim
	case studio.AgentHere:
		phase, next, ink := agentPhase(th, a)
		if next == "" {
			next = lower(phase)
		}
		return fmt.Sprintf("agent: cycle %s, %s", thousands(uint64(a.Status().Cycle)), next), ink
	}
	phase, _, ink := agentPhase(th, a)
	return "agent: " + lower(phase), ink
}

// lower begins a sentence's part with a small letter.
func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
