package sprites

import "slices"

// BeginStroke puts the pen down. All that is painted until EndStroke is one step of
// undo.
func (s *Sheet) BeginStroke(x, y int, letter byte) {
	s.EndStroke()
	s.stroke, s.inHand = s.state, true
	s.frames = slices.Clone(s.frames)
	s.x, s.y = x, y
	s.StrokeTo(x, y, letter)
}

// StrokeTo draws the pen on to a place, which may lie outside.
func (s *Sheet) StrokeTo(x, y int, letter byte) {
	if !s.inHand {
		return
	}
	grid := s.grid()
	s.line(x, y, func(x, y int) {
		if s.in(x, y) {
			grid[y][x] = letter
		}
	})
	s.x, s.y = x, y
	s.redraw(func(x, y int) byte { return grid[y][x] })
}

// EndStroke lifts the pen.
func (s *Sheet) EndStroke() {
	if s.inHand {
		s.inHand = false
		s.commit(s.stroke)
	}
}

// line calls plot with the places between the pen and another, both included.
func (s *Sheet) line(x, y int, plot func(x, y int)) {
	dx, dy := x-s.x, y-s.y
	n := max(dx, -dx, dy, -dy)
	for i := range n + 1 {
		plot(s.x+between(dx, i, n), s.y+between(dy, i, n))
	}
}

// between is d·i/n, rounded to the nearest whole number.
func between(d, i, n int) int {
	if n == 0 {
		return 0
	}
	if d < 0 {
		return -((2*-d*i + n) / (2 * n))
	}
	return (2*d*i + n) / (2 * n)
}
