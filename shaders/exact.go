package shaders

import "gvpie/runtime/isa"

// The ends of lines and the corners of triangles may lie so far off the canvas that
// telling which texels they cover takes 64 bits. A shader has 32. So the host works
// them out, once a command, for the columns and rows that the canvas has.

// Words of an exact command that mean something else than in the core's.
const (
	LineSteep = 1 // CmdText of a LINE whose axes are exchanged

	TriAB = isa.CmdCycle // the value of a triangle's edges at (0, 0)
	TriBC = isa.CmdText
	TriCA = isa.CmdLen
)

// farEdge is more than the value of an edge changes over a canvas.
const farEdge = 1 << 30

// Exact gives a command as the shaders read it. Those that draw nothing become LOGs.
func Exact(c isa.Command, h isa.Header) isa.Command {
	switch c.Op() {
	case isa.LINE:
		return exactLine(c, h)
	case isa.TRI:
		return exactTriangle(c)
	}
	return c
}

func exactLine(c isa.Command, h isa.Header) isa.Command {
	n := func(i int) int64 { return int64(int32(c[isa.CmdA+i])) }
	x0, y0, x1, y1 := n(0), n(1), n(2), n(3)
	last := int64(h.W - 1)
	c[isa.CmdText] = 0
	if max(x1-x0, x0-x1) < max(y1-y0, y0-y1) {
		x0, y0, x1, y1 = y0, x0, y1, x1
		last = int64(h.H - 1)
		c[isa.CmdText] = LineSteep
	}
	if x1 < x0 {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	dx, dy := x1-x0, y1-y0
	from, to := max(x0, 0), min(x1, last)
	if from > to {
		return isa.Command{isa.CmdOp: uint32(isa.LOG)}
	}
	if dx == 0 {
		dx = 1 // a point: any will do
	}
	parts := 2*(from-x0)*dy + dx
	y := parts / (2 * dx)
	if parts%(2*dx) < 0 {
		y--
	}
	for i, v := range [...]int64{from, y0 + y, to, parts - y*2*dx, 2 * dx, 2 * dy} {
		c[isa.CmdA+i] = uint32(int32(v))
	}
	return c
}

func exactTriangle(c isa.Command) isa.Command {
	n := func(i int) int64 { return int64(int32(c[isa.CmdA+i])) }
	// edge is the value at (0, 0) of the edge from corner i to corner k.
	edge := func(i, k int) int64 {
		return (n(2*k+1)-n(2*i+1))*n(2*i) - (n(2*k)-n(2*i))*n(2*i+1)
	}
	area := (n(2)-n(0))*(n(5)-n(1)) - (n(3)-n(1))*(n(4)-n(0))
	switch {
	case area == 0:
		return isa.Command{isa.CmdOp: uint32(isa.LOG)}
	case area < 0:
		c[isa.CmdC], c[isa.CmdD], c[isa.CmdE], c[isa.CmdF] = c[isa.CmdE], c[isa.CmdF], c[isa.CmdC], c[isa.CmdD]
	}
	for i, at := range [...]int{TriAB, TriBC, TriCA} {
		c[at] = uint32(int32(max(-farEdge, min(farEdge, edge(i, (i+1)%3)))))
	}
	return c
}
