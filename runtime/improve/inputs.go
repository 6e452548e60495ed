package improve

import (
	"math/rand/v2"

	"gvpie/runtime/machine"
)

// inputMaker makes what the frames of trials are given.
type inputMaker struct {
	*rand.Rand
	w, h    int32
	keys    []uint32 // worth pressing
	mouse   bool
	buttons bool
	wheel   bool
	seeded  bool
	numbers []int32 // worth trying
}

func (g *inputMaker) reads(r *reads) {
	g.mouse = g.mouse || r.mouse
	g.buttons = g.buttons || r.buttons || r.pressed
	g.wheel = g.wheel || r.wheel
	g.seeded = g.seeded || r.seed || r.random
	keys := r.keys
	if r.anyKey {
		keys = append(keys[:len(keys):len(keys)], anyKeys...)
	}
	for _, k := range keys {
		g.press(k)
	}
	for _, n := range r.constants {
		g.numbers = append(g.numbers, n-1, n, n+1)
		if r.anyKey && n >= 0 && n < 256 {
			g.press(uint32(n))
		}
	}
}

// anyKeys are tried where which key is asked for is not known before a program runs.
var anyKeys = []uint32{' ', 'A', 'D', 'S', 'W', 13, 17, 18, 19, 20, 27}

func (g *inputMaker) press(k uint32) {
	for _, have := range g.keys {
		if have == k {
			return
		}
	}
	g.keys = append(g.keys, k)
}

func (g *inputMaker) any() bool { return g.mouse || g.buttons || g.wheel || len(g.keys) > 0 }

// mostPlaces is in how many frames at most the mouse goes over a canvas, or over the
// places that numbers make.
const mostPlaces = 4096

// all gives the inputs of the trials: what is held all along, each key and each place of
// the mouse, then walks through all of it. Those with several frames are as long as they
// must be for each to be seen once.
func (g *inputMaker) all() (out [][]machine.Input) {
	if !g.any() {
		return nil
	}
	for _, k := range g.keys {
		out = append(out, []machine.Input{held(k)}, []machine.Input{{}, held(k)})
	}
	if g.mouse {
		for _, p := range [...][2]int32{{g.w - 1, 0}, {0, g.h - 1}, {g.w - 1, g.h - 1}, {g.w / 2, g.h / 2}, {g.w / 4, 0}, {-1, -1}, {g.w, g.h}} {
			out = append(out, []machine.Input{{MouseX: p[0], MouseY: p[1]}})
		}
		// Every number is a column and a row once.
		for i := range g.numbers {
			in := g.moment()
			in.MouseX, in.MouseY = g.numbers[i], g.numbers[g.IntN(len(g.numbers))]
			other := in
			other.MouseX, other.MouseY = in.MouseY, in.MouseX
			out = append(out, []machine.Input{in, other})
		}
	}
	if g.buttons {
		for b := int32(1); b < 8; b++ {
			out = append(out, []machine.Input{{Buttons: b}}, []machine.Input{{}, {Buttons: b}})
		}
	}
	if g.wheel {
		for _, turn := range [...]int32{1, -1, 3, -3} {
			out = append(out, []machine.Input{{Wheel: turn}})
		}
	}
	for range 6 {
		out = append(out, g.walk(120))
	}
	if g.mouse {
		out = append(out, g.sweep(), g.crossings())
	}
	return out
}

// sweep goes over every texel of the canvas, and one around it; of a large one over some.
func (g *inputMaker) sweep() (out []machine.Input) {
	w, h := g.w+2, g.h+2
	step := (w*h + mostPlaces - 1) / mostPlaces
	for at := g.Int32N(step); at < w*h; at += step {
		in := g.moment()
		in.MouseX, in.MouseY = at%w-1, at/w-1
		out = append(out, in)
	}
	return out
}

// crossings goes to the places that the numbers make, as columns and rows.
func (g *inputMaker) crossings() (out []machine.Input) {
	for _, x := range g.numbers {
		for _, y := range g.numbers {
			if len(out) < mostPlaces {
				in := g.moment()
				in.MouseX, in.MouseY = x, y
				out = append(out, in)
			}
		}
	}
	return out
}

// lasting gives what is done for as long as a program may count: keys and buttons that
// are held, and pressed again and again, and a wheel that turns.
func (g *inputMaker) lasting() (out [][]machine.Input) {
	const most = 4
	for _, k := range g.keys[:min(len(g.keys), most)] {
		out = append(out, []machine.Input{held(k)}, []machine.Input{{}, held(k)})
	}
	if g.buttons {
		out = append(out, []machine.Input{{Buttons: 1}}, []machine.Input{{}, {Buttons: 1}})
	}
	if g.wheel {
		out = append(out, []machine.Input{{Wheel: 1}}, []machine.Input{{Wheel: -1}})
	}
	return out
}

// held is one key held.
func held(k uint32) (in machine.Input) {
	in.Keys[k>>5] |= 1 << (k & 31)
	return in
}

// walk is so many frames in which now and then something changes.
func (g *inputMaker) walk(frames int) []machine.Input {
	out := make([]machine.Input, frames)
	calm := 1 + g.IntN(8)
	var now machine.Input
	for i := range out {
		if i == 0 || g.IntN(calm) == 0 {
			now = g.moment()
		}
		now.Wheel = 0
		if g.wheel && g.IntN(2) == 0 {
			now.Wheel = int32(g.IntN(7) - 3)
		}
		out[i] = now
	}
	return out
}

// moment is anything that may be given to a frame.
func (g *inputMaker) moment() (in machine.Input) {
	for _, k := range g.keys {
		if g.IntN(2) == 0 {
			in.Keys[k>>5] |= 1 << (k & 31)
		}
	}
	if g.mouse {
		in.MouseX, in.MouseY = g.place(g.w), g.place(g.h)
	}
	if g.buttons && g.IntN(2) == 0 {
		in.Buttons = int32(g.IntN(8))
	}
	return in
}

// place is a column or row of the mouse: mostly on the canvas, often one of the numbers.
func (g *inputMaker) place(size int32) int32 {
	switch n := g.IntN(10); {
	case n < 4 && len(g.numbers) > 0:
		return g.numbers[g.IntN(len(g.numbers))]
	case n == 4:
		return -1 - g.Int32N(size)
	case n == 5:
		return size + g.Int32N(size)
	}
	return g.Int32N(size)
}
