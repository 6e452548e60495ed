package agent

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"gvpie/runtime/plaintext"
	"gvpie/runtime/store"
)

// A console tells a person at a terminal what the loop does. One that cannot be
// written to any more, as after its terminal was closed, is left alone. Each of its
// lines stays one, whatever names and texts of others are in it.
type console struct{ w io.Writer }

func (c console) line(format string, args ...any) {
	if c.w != nil {
		fmt.Fprintln(c.w, plainLine(fmt.Sprintf(format, args...)))
	}
}

func (c console) cycle(n int) { c.line("🤖 AUTONOMOUS CYCLE #%d", n) }

func (c console) health(h health) {
	mark := "✅"
	if !h.ok() {
		mark = "⚠️ "
	}
	c.line("%s Health: %s", mark, h.line())
}

func (c console) scripts(n int) {
	if n == 0 {
		c.line("💤 No improvement script is due")
		return
	}
	c.line("🚀 Executing %d improvement script(s)", n)
}

func (c console) script(s store.Script) {
	if s.Purpose == "" {
		c.line("📝 %s (%s)", s.Name, s.Lang)
		return
	}
	c.line("📝 %s (%s): %s", s.Name, s.Lang, firstLine(s.Purpose))
}

func (c console) outcome(summary string) { c.line("   %s", summary) }
func (c console) notice(format string, args ...any) {
	c.line("⚠️  "+format, args...)
}
func (c console) found(text string)     { c.line("💡 %s", text) }
func (c console) sleep(d time.Duration) { c.line("⏸️  next cycle in %s", span(d)) }

// summary is a run on one line.
func summary(o *outcome, slow bool) string {
	parts := []string{"✅ succeeded"}
	switch {
	case o.cancelled:
		parts[0] = "⏹️  cancelled"
	case !o.success:
		parts[0] = "❌ failed"
		if why := firstLine(o.stderr); why != "" {
			parts = append(parts, why)
		}
	}
	if o.ran {
		parts = append(parts, plural(int64(o.cycles), "cycle"))
	}
	if o.backend != "" {
		parts = append(parts, o.backend)
	}
	parts = append(parts, milliseconds(o.duration))
	if slow {
		parts = append(parts, "🐢 slow")
	}
	return strings.Join(parts, " · ")
}

// firstLine is the first line of a text that says something, cut to a length
// that a terminal shows.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	line = strings.TrimSpace(plainLine(line))
	if r := []rune(line); len(r) > 160 {
		line = string(r[:159]) + "…"
	}
	return line
}

// plainLine is a text as one line that moves no cursor: what is not to be seen, as
// an end of line or an escape, is written as Go writes it, \n and \x1b.
func plainLine(s string) string { return plaintext.Line(s) }

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

// milliseconds writes a duration with two digits that count.
func milliseconds(d time.Duration) string {
	ms := d.Seconds() * 1e3
	unit := 1.0
	switch {
	case ms < 0.95:
		unit = 100
	case ms < 9.95:
		unit = 10
	}
	return strconv.FormatFloat(math.Round(ms*unit)/unit, 'f', -1, 64) + " ms"
}

// span writes a wait: 10s, 1.5s, 2m30s, 1h.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	text := d.Round(time.Second).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
