// Package textdiff compares two texts line by line. It draws nothing. Start at [Lines].
package textdiff

import "strings"

// Op says where a line of a comparison comes from.
type Op int8

const (
	Removed Op = iota - 1 // in the first text alone
	Same                  // in both
	Added                 // in the second text alone
)

// Line is one line of two texts laid side by side.
type Line struct {
	Op   Op
	A, B int // line numbers from 1; 0 where the line is not
	Text string
}

// Lines compares two texts line by line, with as few lines added and removed
// as there can be (E. Myers, "An O(ND) Difference Algorithm and Its Variations",
// 1986). Texts that differ in more than maxEdits lines are given as one removed
// and one added whole, between what they begin and end with alike.
func Lines(a, b string) []Line {
	la, lb := lines(a), lines(b)
	head := 0
	for head < len(la) && head < len(lb) && la[head] == lb[head] {
		head++
	}
	tail := 0
	for tail < len(la)-head && tail < len(lb)-head && la[len(la)-1-tail] == lb[len(lb)-1-tail] {
		tail++
	}
	var out []Line
	i, j := 0, 0
	emit := func(op Op) {
		d := Line{Op: op}
		if op != Added {
			d.A, d.Text = i+1, la[i]
			i++
		}
		if op != Removed {
			d.B, d.Text = j+1, lb[j]
			j++
		}
		out = append(out, d)
	}
	for range head {
		emit(Same)
	}
	for _, op := range edits(la[head:len(la)-tail], lb[head:len(lb)-tail]) {
		emit(op)
	}
	for range tail {
		emit(Same)
	}
	return out
}

// lines splits a text; a newline at its end begins no line.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// maxEdits bounds the work of a comparison: it grows with the square of it.
const maxEdits = 1000

// edits is the shortest way from a to b.
func edits(a, b []string) []Op {
	n, m := len(a), len(b)
	most := min(n+m, maxEdits)
	// far[k+most] is how far along a the diagonal k has come; trail keeps it
	// as it was before each round, to walk back on.
	far := make([]int, 2*most+2)
	var trail [][]int
	for d := 0; d <= most; d++ {
		trail = append(trail, append([]int(nil), far[most-d:most+d+2]...))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && far[most+k-1] < far[most+k+1] {
				x = far[most+k+1]
			} else {
				x = far[most+k-1] + 1
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			far[most+k] = x
			if x >= n && x-k >= m {
				return walkBack(trail, n, m)
			}
		}
	}
	ops := make([]Op, 0, n+m)
	for range n {
		ops = append(ops, Removed)
	}
	for range m {
		ops = append(ops, Added)
	}
	return ops
}

// walkBack reads the way off the rounds. trail[d][k+d] is diagonal k before
// round d.
func walkBack(trail [][]int, x, y int) []Op {
	var ops []Op
	for d := len(trail) - 1; d >= 0; d-- {
		at := func(k int) int { return trail[d][k+d] }
		k := x - y
		var before int
		if d > 0 {
			if k == -d || k != d && at(k-1) < at(k+1) {
				before = k + 1
			} else {
				before = k - 1
			}
		}
		x0, y0 := 0, 0
		if d > 0 {
			x0 = at(before)
			y0 = x0 - before
		}
		for x > x0 && y > y0 {
			ops = append(ops, Same)
			x, y = x-1, y-1
		}
		if d == 0 {
			break
		}
		if before == k+1 {
			ops = append(ops, Added)
		} else {
			ops = append(ops, Removed)
		}
		x, y = x0, y0
	}
	for i, j := 0, len(ops)-1; i < j; i, j = i+1, j-1 {
		ops[i], ops[j] = ops[j], ops[i]
	}
	return ops
}

// Count counts the lines added and removed.
func Count(d []Line) (added, removed int) {
	for _, l := range d {
		switch l.Op {
		case Added:
			added++
		case Removed:
			removed++
		}
	}
	return added, removed
}

// Row is one row of two texts side by side; a side that has no line there is nil.
type Row struct{ A, B *Line }

// Rows lays a comparison out in two columns: what is in both stands in one row, and what
// was removed stands beside what was added in its place.
func Rows(d []Line) []Row {
	var rows []Row
	for i := 0; i < len(d); {
		if d[i].Op == Same {
			rows = append(rows, Row{&d[i], &d[i]})
			i++
			continue
		}
		first := len(rows)
		removed, added := 0, 0
		for ; i < len(d) && d[i].Op != Same; i++ {
			n := &removed
			if d[i].Op == Added {
				n = &added
			}
			for first+*n >= len(rows) {
				rows = append(rows, Row{})
			}
			if d[i].Op == Added {
				rows[first+*n].B = &d[i]
			} else {
				rows[first+*n].A = &d[i]
			}
			*n++
		}
	}
	return rows
}
