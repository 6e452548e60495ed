package kit

import (
	"fmt"
	"strings"
	"time"
)

// Duration writes a duration with three figures: "0.93 ms", "48 ms", "1.2 s".
func Duration(d time.Duration) string {
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
	return Span(d)
}

// Span writes a length of time in its largest unit: "6 s", "4 min", "3 h".
func Span(d time.Duration) string {
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

// ClockTime writes when something was: the time today, the date before.
func ClockTime(t, now time.Time) string {
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

// Percent writes a share; what is not quite all is not written as all.
func Percent(rate float64) string {
	switch {
	case rate > .995 && rate < 1:
		return "99 %"
	case rate > 0 && rate < .005:
		return "1 %"
	}
	return fmt.Sprintf("%.0f %%", rate*100)
}

// Since writes how long ago something was.
func Since(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if d := now.Sub(t); d >= time.Minute {
		return Span(d) + " ago"
	}
	return "just now"
}

// FirstLine is the first line of a text that says something.
func FirstLine(s string) string {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// UpperFirst begins a phrase with a capital letter.
func UpperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// LowerFirst begins a sentence's part with a small letter.
func LowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// whole is what counts are made of.
type whole interface {
	int | int32 | int64 | uint32 | uint64
}

// Thousands writes a count with thin spaces between its thousands.
func Thousands[N whole](n N) string {
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

// Count writes how many there are of something: "1 line", "24 lines".
func Count[N whole](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Thousands(n) + " " + what + "s"
}
