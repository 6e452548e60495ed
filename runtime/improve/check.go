package improve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// A Check is what a goal asks of a program beside its picture: a program that is run
// after it on the display that it left, of which peek tells, and whose ASSERTs hold; or
// the log lines that it writes.
type Check struct {
	source string
	lines  []string // where it is of log lines
}

// logMark begins every line of a check of log lines; no program begins so.
const logMark = ">"

// ParseCheck reads a check: a program, or lines that all begin with >, each the whole of a
// log line. The error is a sentence.
func ParseCheck(text string) (Check, error) {
	c := Check{source: text}
	if strings.HasPrefix(strings.TrimSpace(text), logMark) {
		for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
			rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r"), logMark)
			if !ok {
				return Check{}, fmt.Errorf("line %d of the check does not begin with >, as the first does: it is a program, or log lines that all do", i+1)
			}
			c.lines = append(c.lines, strings.TrimPrefix(rest, " "))
		}
		return c, nil
	}
	p, err := Load("check", text)
	if err != nil {
		return Check{}, fmt.Errorf("the check does not assemble: %w", err)
	}
	asserts := false
	for in, ok := range flow.Linear(p.Program, p.Header) {
		asserts = asserts || ok && in.Spec.Op == isa.ASSERT
	}
	if !asserts {
		return Check{}, errors.New("the check asserts nothing: ASSERT peek(x, y) == colour, for instance")
	}
	return c, nil
}

// What a candidate and its check may take.
const (
	checkedFrames = 60 // of each
	checkedCost   = 1_000_000_000
)

// Left is what a program left when it had run for its first 60 frames, or as far as it
// goes, with no input: what goals are held to.
type Left struct {
	Fault string // the error that it ended with, in a sentence; "": none
	Whole bool   // it ended, and could not have ended otherwise: nothing more is to be seen
	r     run
	log   []string
}

// Leave runs a program for a goal. The error is the context's.
func Leave(ctx context.Context, p *Program) (*Left, error) {
	l := &Left{}
	r := &l.r
	if err := r.start(p, isa.DefaultSeed); err != nil {
		return nil, err
	}
	for f := 0; f < checkedFrames && !r.ended && r.work() < checkedCost; f++ {
		if err := r.frame(ctx, machine.Input{}); err != nil {
			return nil, err
		}
		for _, line := range r.last.Log {
			l.log = append(l.log, line.Text)
		}
	}
	l.Whole = r.ended && p.closed()
	if r.last.Fault != nil {
		l.Fault = fmt.Sprintf("it ends with an error in frame %d: %s", r.counts.Frames-1, liveedit.Explain(r.last.Fault, p.Assembly))
	}
	return l, nil
}

// Picture is the human texture of what it shows last.
func (l *Left) Picture() *image.RGBA { return l.r.m.Human() }

// Hash tells what it shows last from what others do.
func (l *Left) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %v\n", l.r.p.Header.W, l.r.p.Header.H, l.r.p.Header.Pixel)
	h.Write(bytesOf(l.r.m.Page(machine.DisplayPage)))
	return hex.EncodeToString(h.Sum(nil))
}

// Header is that of the program.
func (l *Left) Header() isa.Header { return l.r.p.Header }

// Passes says whether it meets a check. Where it does not, why is a sentence. The error is
// the context's.
func (l *Left) Passes(ctx context.Context, c Check) (ok bool, why string, err error) {
	switch {
	case l.Fault != "":
		return false, l.Fault, nil
	case c.lines != nil:
		ok, why = sameLines(l.log, c.lines)
		return ok, why, nil
	}
	return asserted(ctx, &l.r, c)
}

// sameLines holds the lines that a program wrote against those that it should.
func sameLines(got, want []string) (ok bool, why string) {
	for i := range want {
		if i >= len(got) {
			return false, fmt.Sprintf("it writes %d log lines, and %d are wanted", len(got), len(want))
		}
		if got[i] != want[i] {
			return false, fmt.Sprintf("log line %d is %.80q, and should be %.80q", i+1, got[i], want[i])
		}
	}
	if len(got) > len(want) {
		return false, fmt.Sprintf("it writes more log lines than the %d that are wanted", len(want))
	}
	return true, ""
}

// asserted runs a check on the display that a program left.
func asserted(ctx context.Context, after *run, c Check) (ok bool, why string, err error) {
	source, moved := onCanvas(c.source, after.p.Header)
	check, err := Load("check", source)
	if err != nil {
		return false, "the check does not assemble: " + err.Error(), nil
	}
	if a, b := check.Header, after.p.Header; a.W != b.W || a.H != b.H || a.Pixel != b.Pixel {
		return false, fmt.Sprintf("the check is for a canvas of %s, and it draws on %s", canvasOf(check), canvasOf(after.p)), nil
	}
	var r run
	if err := r.start(check, isa.DefaultSeed); err != nil {
		return false, "no machine takes the check: " + err.Error(), nil
	}
	s := r.m.Snapshot()
	s.Display = slices.Clone(after.m.Page(machine.DisplayPage))
	if err := r.m.Restore(s); err != nil {
		return false, "", err
	}
	for f := 0; f < checkedFrames && !r.ended && r.work() < checkedCost; f++ {
		if err := r.frame(ctx, machine.Input{}); err != nil {
			return false, "", err
		}
	}
	switch {
	case !r.ended:
		return false, fmt.Sprintf("the check never ends: it had not halted after %d frames", r.counts.Frames), nil
	case r.last.Fault != nil:
		place := ""
		if at, known := check.Map.At(r.last.Fault.PC); known {
			place = fmt.Sprintf(" line %d", at.Pos.Line-moved)
		}
		return false, fmt.Sprintf("the check's%s: %s", place, liveedit.Explain(r.last.Fault, check.Assembly)), nil
	}
	return true, "", nil
}

// onCanvas gives a check that names no canvas that of the program it is run after, in so
// many lines before it.
func onCanvas(check string, h isa.Header) (source string, lines int) {
	for _, t := range pxl.Lex(check) {
		if t.Kind == pxl.Directive && strings.EqualFold(check[t.Offset:t.End], ".canvas") {
			return check, 0
		}
	}
	kind := "cell"
	if h.Pixel {
		kind = "pixel"
	}
	return fmt.Sprintf(".canvas %d %d %s\n%s", h.W, h.H, kind, check), 1
}
