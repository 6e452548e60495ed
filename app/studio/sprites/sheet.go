package sprites

import (
	"bytes"
	"image"
	"slices"

	"gvpie/runtime/isa"
)

// Clear is the letter of a texel without a colour.
const Clear = '.'

// Sheet is a sprite that is being drawn. Texels are letters as in the text: a digit 0
// to F of either case, or [Clear].
type Sheet struct {
	Name    string
	W, H    int
	Palette []uint32 // 0xRRGGBB of the digits

	written []string // its lines as they were read
	head    string   // the directive as it was written
	sized   bool     // with a width and a height
	sizeAt  int      // bytes of head: where they stand, or would
	lower   bool     // the letters of colours are small ones

	state
	first  []frame // as it was read
	past   []state
	future []state
	stroke state // before the stroke in hand
	inHand bool
	x, y   int // where the stroke is

	pictures map[*row]*image.RGBA // of frames, by their first row
}

// state is what a step of undo brings back. Frames are never changed, only replaced.
type state struct {
	frames []frame
	front  int
}

// frame is H rows.
type frame []row

// row is a line of the text with W texels.
type row struct {
	texels string
	before []string // lines that are comments above it
	indent string
	short  string // the texels as they were written, where that was with fewer
	tail   string // what follows them in the line
}

// Frames is how many there are, at least 1.
func (s *Sheet) Frames() int { return len(s.frames) }

// Front is the number of the frame that is drawn on, from 0.
func (s *Sheet) Front() int { return s.front }

// Show brings a frame to the front. That is no step of undo.
func (s *Sheet) Show(i int) { s.front = max(0, min(len(s.frames)-1, i)) }

// Texel is the letter at a place of a frame.
func (s *Sheet) Texel(frame, x, y int) byte { return s.frames[frame][y].texels[x] }

// Changed says whether the sprite is another than it was in the text.
func (s *Sheet) Changed() bool { return !slices.EqualFunc(s.frames, s.first, sameTexels) }

func sameTexels(a, b frame) bool {
	return slices.EqualFunc(a, b, func(a, b row) bool { return a.texels == b.texels })
}

// Digit is the letter of colour i of the palette, in the case that the sprite is
// written in.
func (s *Sheet) Digit(i int) byte {
	if s.lower {
		return "0123456789abcdef"[i]
	}
	return "0123456789ABCDEF"[i]
}

// CanUndo and CanRedo say whether Undo and Redo would do anything.
func (s *Sheet) CanUndo() bool { return len(s.past) > 0 }

// CanRedo says whether there is a step to make again.
func (s *Sheet) CanRedo() bool { return len(s.future) > 0 }

// Undo takes the last step back.
func (s *Sheet) Undo() { s.travel(&s.past, &s.future) }

// Redo makes the step again that Undo took back.
func (s *Sheet) Redo() { s.travel(&s.future, &s.past) }

func (s *Sheet) travel(from, to *[]state) {
	s.EndStroke()
	if n := len(*from); n > 0 {
		*to = append(*to, s.state)
		s.state, *from = (*from)[n-1], (*from)[:n-1]
	}
}

// mostSteps is how many steps can be taken back.
const mostSteps = 500

// commit makes what was changed since a state a step of undo.
func (s *Sheet) commit(before state) {
	if slices.EqualFunc(before.frames, s.frames, sameTexels) {
		s.frames = before.frames
		return
	}
	s.past, s.future = append(s.past, before), nil
	if over := len(s.past) - mostSteps; over > 0 {
		s.past = slices.Delete(s.past, 0, over)
	}
}

// step changes the sprite as one step of undo.
func (s *Sheet) step(change func()) {
	s.EndStroke()
	before := s.state
	s.frames = slices.Clone(s.frames)
	change()
	s.commit(before)
}

// redraw gives the front frame the texels that at gives for each place.
func (s *Sheet) redraw(at func(x, y int) byte) {
	old := s.frames[s.front]
	f := make(frame, s.H)
	texels := make([]byte, s.W)
	for y := range f {
		for x := range texels {
			texels[x] = at(x, y)
		}
		f[y] = old[y]
		f[y].texels = string(texels)
	}
	s.frames[s.front] = f
}

// Mirror turns the front frame left to right.
func (s *Sheet) Mirror() {
	f := s.frames[s.front]
	s.step(func() { s.redraw(func(x, y int) byte { return f[y].texels[s.W-1-x] }) })
}

// Flip turns the front frame upside down.
func (s *Sheet) Flip() {
	f := s.frames[s.front]
	s.step(func() { s.redraw(func(x, y int) byte { return f[s.H-1-y].texels[x] }) })
}

// Shift moves the front frame; what leaves it on one side comes in on the other.
func (s *Sheet) Shift(dx, dy int) {
	f := s.frames[s.front]
	wrap := func(v, n int) int { return ((v % n) + n) % n }
	s.step(func() { s.redraw(func(x, y int) byte { return f[wrap(y-dy, s.H)].texels[wrap(x-dx, s.W)] }) })
}

// ClearFrame takes every texel of the front frame away.
func (s *Sheet) ClearFrame() {
	s.step(func() { s.redraw(func(int, int) byte { return Clear }) })
}

// CanAdd says whether the program page has room for one more frame.
func (s *Sheet) CanAdd() bool { return (len(s.frames)+1)*s.W*s.H <= isa.MaxProgramWords }

// Add puts a copy of the front frame behind it, and brings that to the front.
func (s *Sheet) Add() {
	if !s.CanAdd() {
		return
	}
	f := slices.Clone(s.frames[s.front])
	for y := range f {
		f[y] = row{texels: f[y].texels, indent: f[y].indent}
	}
	s.step(func() {
		s.front++
		s.frames = slices.Insert(s.frames, s.front, f)
	})
}

// Remove takes the front frame away, unless it is the only one.
func (s *Sheet) Remove() {
	if len(s.frames) == 1 {
		return
	}
	s.step(func() {
		s.frames = slices.Delete(s.frames, s.front, s.front+1)
		s.front = min(s.front, len(s.frames)-1)
	})
}

// Move brings the front frame that many places on.
func (s *Sheet) Move(by int) {
	to := s.front + by
	if to < 0 || to >= len(s.frames) {
		return
	}
	s.step(func() {
		f := s.frames[s.front]
		s.frames = slices.Insert(slices.Delete(s.frames, s.front, s.front+1), to, f)
		s.front = to
	})
}

// Fill gives a texel, and all of its colour that can be reached from it without
// crossing another, a letter.
func (s *Sheet) Fill(x, y int, letter byte) {
	if !s.in(x, y) {
		return
	}
	grid := s.grid()
	old := grid[y][x]
	if bytes.EqualFold([]byte{old}, []byte{letter}) {
		return
	}
	type place struct{ x, y int }
	todo := []place{{x, y}}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !s.in(p.x, p.y) || !bytes.EqualFold(grid[p.y][p.x:][:1], []byte{old}) {
			continue
		}
		grid[p.y][p.x] = letter
		todo = append(todo, place{p.x + 1, p.y}, place{p.x - 1, p.y}, place{p.x, p.y + 1}, place{p.x, p.y - 1})
	}
	s.step(func() { s.redraw(func(x, y int) byte { return grid[y][x] }) })
}

func (s *Sheet) in(x, y int) bool { return x >= 0 && x < s.W && y >= 0 && y < s.H }

// grid is the front frame, to be changed.
func (s *Sheet) grid() [][]byte {
	out := make([][]byte, s.H)
	for y, r := range s.frames[s.front] {
		out[y] = []byte(r.texels)
	}
	return out
}
