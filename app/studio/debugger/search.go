package debugger

import (
	"context"
	"fmt"
	"image"
	"strings"
	"time"

	"gvpie/runtime/debug"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// Target is what a moment is looked for by: that a line is about to run, a texel was
// written, or a variable given another value.
type Target struct {
	Path  string       // of Line's file, from the program's folder; "" is its own
	Line  int          // from 1; 0: none
	Texel *image.Point // nil: none
	// Variable is a name, or a word of an array, a[i + 1]: its index is what it is at the
	// moment that is looked at.
	Variable string
}

func (t Target) String() string {
	switch {
	case t.Line > 0 && t.Path != "":
		return fmt.Sprintf("line %d of %s runs", t.Line, t.Path)
	case t.Line > 0:
		return fmt.Sprintf("line %d runs", t.Line)
	case t.Texel != nil:
		return fmt.Sprintf("texel %d, %d is written", t.Texel.X, t.Texel.Y)
	}
	return t.Variable + " changes"
}

// breakpoint is the target as the session knows it. It says why there is none.
func (s *session) breakpoint(ctx context.Context, t Target) (b debug.Breakpoint, err error) {
	switch {
	case t.Line > 0:
		b.Path, b.Line = t.Path, t.Line
	case t.Texel != nil:
		b.Texels = image.Rectangle{Min: *t.Texel, Max: t.Texel.Add(image.Pt(1, 1))}
	default:
		b.Variable, err = s.word(ctx, t.Variable)
	}
	return b, err
}

// word is a variable with its index worked out, and with the procedure that it is of.
func (s *session) word(ctx context.Context, name string) (string, error) {
	base, index, indexed := strings.Cut(name, "[")
	if !indexed {
		if local := s.local(base); local != "" {
			return local, nil
		}
		return base, nil
	}
	var at []string
	for _, part := range indices(strings.TrimSuffix(index, "]")) {
		v, err := s.in.Evaluate(ctx, part, 0)
		if err != nil {
			return "", err
		}
		at = append(at, fmt.Sprint(v))
	}
	return base + "[" + strings.Join(at, ", ") + "]", nil
}

// local is a name as the program knows it where it is a variable of the call that is open.
func (s *session) local(name string) string {
	call := s.in.Where().Calls[0]
	for _, v := range call.Locals {
		if full := call.Name + "." + name; v.Name == name && s.in.Check(debug.Breakpoint{Variable: full}) == nil {
			return full
		}
	}
	return ""
}

// indices are what stands between the commas of an index.
func indices(index string) (out []string) {
	depth, from := 0, 0
	for i, c := range index {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out, from = append(out, index[from:i]), i+1
			}
		}
	}
	return append(out, index[from:])
}

// VariableAt is the variable that stands at a byte of a text, with its index if it has
// one; "" where none does.
func VariableAt(text string, offset int) string {
	tokens := pxl.Lex(text)
	for i, t := range tokens {
		if t.Kind != syntax.Name || offset < t.Offset || offset > t.End {
			continue
		}
		if i+1 == len(tokens) || text[tokens[i+1].Offset:tokens[i+1].End] != "[" || tokens[i+1].Offset != t.End {
			return text[t.Offset:t.End]
		}
		depth := 0
		for _, u := range tokens[i+1:] {
			switch text[u.Offset:u.End] {
			case "[":
				depth++
			case "]":
				depth--
			case "\n":
				return ""
			}
			if depth == 0 {
				return text[t.Offset:u.End]
			}
		}
	}
	return ""
}

// Search is the way to moments that have to be looked for.
type Search struct {
	m         *Model
	says      string
	done, all int
	sought    *Target // in frames that are still to be run
	parting   *Parting
}

// Search finds moments of the run that is gone through.
func (m *Model) Search() *Search { return m.search }

// Says is what came of the last search that found nothing, "" of one that did.
func (s *Search) Says() string { return s.says }

// Progress is how many frames were looked at, of so many: 0 of nobody knows how many.
// working says that something takes long enough for a person to see.
func (s *Search) Progress() (done, all int, working bool) {
	return s.done, s.all, s.done > 0 && s.m.Busy()
}

// To goes to the next moment of a target, or back to the last. Forwards from the present
// the program itself is run on, until it comes there or is stopped.
func (s *Search) To(t Target, back bool) {
	m := s.m
	if m.now == nil || !back && m.now.Present && m.now.Ended {
		return
	}
	s.says, s.sought, m.seeking = "", nil, !back
	if !back {
		s.sought = &t
	}
	if !back && m.now.Present {
		m.onward, m.waiting = Continue, true
		m.cfg.Live()
		return
	}
	in := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) { return in.seek(ctx, t, back) })
}

// seek goes to a target in the frames that were run, and stays where there is none. Where
// there may be one in frames that are still to be run it goes to the present, and in a branch
// behind as many as are looked through.
func (s *session) seek(ctx context.Context, t Target, back bool) (*Moment, error) {
	here, says := s.in.Position(), ""
	b, err := s.breakpoint(ctx, t)
	var why debug.Reason
	switch {
	case err != nil:
	case back && t.Texel != nil:
		why, err = s.wroteBefore(ctx, *t.Texel)
	default:
		why, err = s.in.Seek(ctx, b, back, s.until())
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		says = err.Error()
	case why == debug.Started:
		says = t.String() + nowhereBefore
	case why == debug.Stepped && !back:
		says = fmt.Sprintf("%s%s in %d frames: again looks further", t, nowhereBehind, mostOnward)
	case why == debug.Halted, why == debug.Faulted:
		says, err = t.String()+nowhereBehind, s.in.Go(ctx, here)
		if err != nil {
			return nil, err
		}
	}
	return s.answer(ctx, t.String(), says)
}

// wroteBefore is Seek back to the last write of a texel. What frames wrote is kept for that:
// one long ago is found without looking at each frame again.
func (s *session) wroteBefore(ctx context.Context, texel image.Point) (debug.Reason, error) {
	for before, frame := s.in.Position(), s.in.Position().Frame; ; {
		k, err := s.asker(frame)
		if err != nil {
			return debug.Stepped, err
		}
		k.Progress = s.told
		at, ok, err := k.Wrote(ctx, texel.X, texel.Y, before)
		k.Progress = nil
		switch {
		case err != nil:
			return debug.Stepped, err
		case ok:
			return debug.Hit, s.in.Go(ctx, at)
		case k.from == nil:
			return debug.Started, nil
		}
		before, frame = Position{Frame: k.first}, k.first-1
	}
}

// answer is the moment that a search has led to, with what is to be said if that is not
// what was asked.
func (s *session) answer(ctx context.Context, asked, says string) (*Moment, error) {
	found, err := s.moment(ctx, nil)
	if err != nil {
		return nil, err
	}
	if found.says = says; says == "" {
		found.asked = asked
	}
	return found, nil
}

const (
	nowhereBefore = " nowhere before"
	nowhereBehind = " nowhere behind"
)

// came takes in a moment that was found.
func (s *Search) came(found *Moment) {
	s.done, s.all = 0, 0
	switch {
	case found.says != "":
		s.says, s.sought = found.says, nil
	case s.sought != nil && found.Present && found.Ended:
		s.says, s.sought = s.sought.String()+nowhereBehind, nil
	}
}

func (s *Search) reset() { *s = Search{m: s.m} }

// told is told how far something is, and tells the window from when that takes long on.
func (s *Search) told(post func(func())) func(done, all int) {
	var began, last time.Time
	return func(done, all int) {
		now := time.Now()
		if done <= 1 {
			began, last = now, now
		}
		if now.Sub(began) >= slow && now.Sub(last) >= slow/4 {
			last = now
			post(func() { s.done, s.all = done, all })
		}
	}
}

// slow is how long something takes that a person is told the progress of.
const slow = 200 * time.Millisecond
