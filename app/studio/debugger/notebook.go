package debugger

import (
	"context"
	"fmt"
	"image"
	"slices"

	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Note is a moment of the run that can be gone back to: one that somebody went to, that
// something was asked at, or that was marked.
type Note struct {
	At      Position
	Branch  string       // that it is of; "" of the run as it was
	Place   pxl.Position // of the statement that is about to run; Line 0: not known yet
	Text    string       // that statement
	Asked   string       // what was asked there, "" for nothing
	Name    string       // that a person gave it
	Remark  string       // likewise
	Marked  bool         // it was to be kept, though nothing was asked
	Picture *image.RGBA  // small; nil: not there yet

	drawn bool // as far as it can be
}

// passing says that nobody has said anything of it: the next moment that is gone to takes
// its place.
func (n *Note) passing() bool { return n.Asked == "" && n.Name == "" && n.Remark == "" && !n.Marked }

// mostNotes is how many moments a notebook has; then the oldest that has no name goes.
const mostNotes = 200

// Notebook is the moments of a run that somebody looked at, in the order in which that
// was. Moments that were only come past on the way to another leave no line. It is there
// as long as the run is, whether the debugger looks at that or not.
type Notebook struct {
	m     *Model
	run   int // ID of the run that it is of
	notes []*Note
}

// books are the notebooks of the runs that were looked at last, by their IDs.
type books map[int]*Notebook

// mostBooks is how many there are at most.
const mostBooks = 12

// of is the notebook of a run, which begins with the marks that the run came with.
func (b books) of(m *Model, run Run) *Notebook {
	if b[run.ID] == nil {
		n := &Notebook{m: m, run: run.ID}
		if run.Began != nil {
			for _, k := range run.Began.Marks {
				n.notes = append(n.notes, &Note{At: Position{Frame: k.Frame, Cycle: k.Cycle}, Name: k.Name, Remark: k.Note, Marked: true})
			}
		}
		b[run.ID] = n
		for len(b) > mostBooks {
			oldest := run.ID
			for id := range b {
				oldest = min(oldest, id)
			}
			delete(b, oldest)
		}
	}
	return b[run.ID]
}

// Notebook is that of the run that is gone through; nil where there is none.
func (m *Model) Notebook() *Notebook { return m.books[m.run] }

// Marks are the notes of a run, as a recording has them.
func (m *Model) Marks(run Run) []record.Mark { return m.books.of(m, run).marks() }

// marks are those of the run as it was: a recording has no branches.
func (b *Notebook) marks() (marks []record.Mark) {
	for _, n := range b.notes {
		if n.passing() || n.Branch != "" {
			continue
		}
		k := record.Mark{Frame: n.At.Frame, Cycle: n.At.Cycle, Name: n.Name, Note: n.Remark}
		if k.Name == "" {
			k.Name = n.Asked
		}
		marks = append(marks, k)
	}
	slices.SortStableFunc(marks, func(a, b record.Mark) int { return a.Frame - b.Frame })
	return marks
}

// Notes are the lines, the last first.
func (b *Notebook) Notes() []*Note {
	out := slices.Clone(b.notes)
	slices.Reverse(out)
	return out
}

// Current is the note of the moment that is looked at; nil: it has none.
func (b *Notebook) Current() *Note {
	if b.m.now == nil {
		return nil
	}
	return b.at(b.m.now)
}

func (b *Notebook) at(now *Moment) *Note {
	for _, n := range b.notes {
		if n.At == now.At && n.Branch == now.Branch {
			return n
		}
	}
	return nil
}

// visit takes in that a moment is looked at, for what was asked, "" for nothing.
func (b *Notebook) visit(now *Moment, asked string) *Note {
	n := b.at(now)
	if n == nil {
		n = &Note{At: now.At, Branch: now.Branch}
		if last := len(b.notes) - 1; last >= 0 && b.notes[last].passing() {
			b.notes[last] = n
		} else {
			b.notes = append(b.notes, n)
		}
		if i := slices.IndexFunc(b.notes, func(n *Note) bool { return n.Name == "" && n.Remark == "" }); len(b.notes) > mostNotes && i >= 0 {
			b.notes = slices.Delete(b.notes, i, i+1)
		}
	}
	if n.Text == "" {
		n.drawn = false
	}
	n.Place, n.Text = now.Next.At, now.Next.Text
	if asked != "" {
		n.Asked = asked
	}
	return n
}

// came takes in a moment that was gone to.
func (b *Notebook) came(now *Moment) {
	if now.Moved {
		b.visit(now, now.asked)
	}
}

// Mark keeps the moment that is looked at.
func (b *Notebook) Mark() {
	if b.m.now != nil {
		b.visit(b.m.now, "").Marked = true
	}
}

// Go goes to the moment of a note, in its branch while there is one of that name.
func (b *Notebook) Go(n *Note) {
	m := b.m
	if m.now == nil {
		return
	}
	s := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) {
		of := s.in.Branches()[0]
		if n.Branch != "" {
			of = s.in.Named(n.Branch)
		}
		if of != nil && of != s.in.Branch() {
			if err := s.in.Switch(ctx, of); err != nil {
				return nil, err
			}
		}
		return s.moment(ctx, s.in.Go(ctx, n.At))
	})
}

// Remove takes a note out.
func (b *Notebook) Remove(n *Note) {
	b.notes = slices.DeleteFunc(b.notes, func(k *Note) bool { return k == n })
}

// askedFor makes the moment that was found one that was gone to for what was asked.
func askedFor(asked string) func(*Moment, error) (*Moment, error) {
	return func(found *Moment, err error) (*Moment, error) {
		if found != nil {
			found.asked = asked
		}
		return found, err
	}
}

// describe names what was asked of a texel.
func describe(d *Drawing) string { return fmt.Sprintf("who drew %d, %d", d.X, d.Y) }
