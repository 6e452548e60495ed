package studio

import (
	"slices"
	"time"

	"gvpie/runtime/liveedit"
	"gvpie/runtime/pxl"
)

// TypingTime is how long the line that is being typed is not wrong after a key.
const TypingTime = time.Second

// typing is the line that is being typed: what is wrong with it is held back until the
// caret leaves it, or nothing was typed for TypingTime.
type typing struct {
	doc, line int // 0: none is
	until     time.Time
}

// Caret says where in the document in front the caret is, at a time, and whether text
// has just been typed there. due is when to say so again at the latest, if nothing
// happens before; zero: it need not be said.
func (r *Runner) Caret(line int, typed bool, now time.Time) (due time.Time) {
	d := r.docs.Active()
	switch {
	case d == nil:
		r.typing = typing{}
	case typed:
		r.typing = typing{doc: d.ID, line: line, until: now.Add(TypingTime)}
	case d.ID != r.typing.doc || line != r.typing.line || !now.Before(r.typing.until):
		r.typing = typing{}
	}
	return r.typing.until
}

// Diagnostics lists what is wrong with the text of a document as it stands, but for the
// line that is being typed.
func (r *Runner) Diagnostics(d *Document) []pxl.Diagnostic {
	if d.assembly == nil {
		return nil
	}
	all := d.assembly.Diagnostics
	if d.ID != r.typing.doc {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(p pxl.Diagnostic) bool { return p.Pos.Line == r.typing.line && p.Pos.File == d.assembly.File })
}

// Wrong says whether a document's text has errors to be seen.
func (r *Runner) Wrong(d *Document) bool {
	return slices.ContainsFunc(r.Diagnostics(d), func(p pxl.Diagnostic) bool { return p.Severity == pxl.Error })
}

// LastGood says that the picture is that of the last program without errors, as the
// text that stands has some.
func (r *Runner) LastGood() bool {
	d := r.Program()
	return d != nil && d.live != nil && r.Wrong(d)
}

// Problems lists what is wrong with the document in front: the diagnostics of the
// text as it stands and, if that text is what ran, the run-time error that ended
// it.
func (r *Runner) Problems() []pxl.Diagnostic {
	d := r.docs.Active()
	if d == nil {
		return nil
	}
	out := slices.Clone(r.Diagnostics(d))
	if f := r.state.Report.Fault; r.state.Phase == Failed && f != nil && d == r.Program() && d.Current() && r.state.liveRev == d.liveRev {
		at, _ := d.live.Map.At(f.PC)
		out = append(out, pxl.Diagnostic{
			Code: f.Code.String(), Pos: at.Pos, Length: max(1, at.Length),
			Message: liveedit.Explain(f, d.live),
		})
	}
	return out
}
