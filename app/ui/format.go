package ui

import (
	"fmt"
	"strings"
	"time"
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

// since writes how long ago something was.
func since(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if d := now.Sub(t); d >= time.Minute {
		return lasting(d) + " ago"
	}
	return "just now"
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

// lower begins a sentence's part with a small letter.
func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// thousands writes a count with thin spaces between its thousands.
func thousands(n uint64) string {
	s := fmt.Sprint(n)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteRune('\u2009')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func countOf(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

func plural(n int, what string) string { return countOf(uint64(n), what) }
