package machine

import (
	"unsafe"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine/lanes"
)

// A block is run for a wave of texels at once: each instruction is fetched once
// and done for all of them, so that the price of interpreting it is shared.
// Texels that branch differently part into groups; the group that is furthest
// behind in the code runs until it has caught up with the next, and the two run
// on as one. What a texel computes depends on no other, so the order does not
// show, and each keeps its own count of instructions.

// waveWidth is how many texels run together.
const waveWidth = lanes.Width

// vector is one word of every texel of a wave.
type vector = lanes.Vector

// places are the texels of a wave, in order, by their place in it; placeBytes too.
var places, placeBytes = func() (v vector, b [waveWidth]uint8) {
	for i := range v {
		v[i], b[i] = uint32(i), uint8(i)
	}
	return v, b
}()

// wave is what one goroutine needs to run a block.
type wave struct {
	m        *Machine
	b        *block
	captures []uint32
	each     int    // address of the EACH
	cycle    uint32 // and when it was reached
	mem      []vector

	x, y   int              // the wave's first texel
	n      int              // texels that it has
	used   [waveWidth]int32 // instructions executed, as of the last parting
	color  vector           // of the last PUT
	put    vector           // its address; 0: none
	always uint32           // the address that put has for all of them, if it is not 0
	groups []group          // that wait
	first  *Fault           // of the row, furthest left
	spare  vector
	log    rowTelling
	text   []uint32    // room for a line
	trace  *BlockTrace // of its only texel; nil: none
}

// takeWave gives a wave for a command, which putWave takes back.
func (m *Machine) takeWave(b *block, captures []uint32, each *isa.Command) *wave {
	m.spare.Lock()
	w := new(wave)
	if n := len(m.spare.waves); n > 0 {
		w, m.spare.waves = m.spare.waves[n-1], m.spare.waves[:n-1]
	}
	m.spare.Unlock()
	w.captures, w.each, w.cycle = captures, each.PC(), each[isa.CmdCycle]
	if w.b == b {
		return w
	}
	w.m, w.b, w.mem = m, b, resizeWith(w.mem, len(b.mem), mostSpare/waveWidth)
	for slot := isa.MaxLanes; slot < len(b.mem); slot++ {
		lanes.Fill(&w.mem[slot], b.mem[slot])
	}
	return w
}

func (m *Machine) putWave(w *wave) {
	m.spare.Lock()
	m.spare.waves = append(m.spare.waves, w)
	m.spare.Unlock()
}

// at is a word of the texels' memory: a lane word or a constant.
func (w *wave) at(slot uint32) *vector { return &w.mem[slot] }

// words are those of the texels' memory, waveWidth of each.
func (w *wave) words() []uint32 { return unsafe.Slice(&w.mem[0][0], len(w.mem)*waveWidth) }

// row runs texels [x0, x1) of row y.
func (w *wave) row(x0, x1, y int) {
	for x := x0; x < x1; x += waveWidth {
		n := min(waveWidth, x1-x)
		w.start(x, y)
		w.run(n)
		w.log.endWave()
		w.finish(n)
		if w.always != 0 {
			w.m.canvas.copy(markBits|paperBits, w.color[:n], x, y, w.always)
			continue
		}
		w.m.keep(x, x+n, y)
		w.m.paint(w.color[:n], w.put[:n], x, y)
	}
}

// start gives every texel its lane words as the block begins.
func (w *wave) start(x, y int) {
	w.x, w.y = x, y
	clear(w.mem[2:w.b.lanes])
	lanes.Fill(&w.spare, uint32(x))
	lanes.Does[isa.ADD](w.at(0), &places, &w.spare)
	lanes.Fill(w.at(1), uint32(y))
	for k, v := range w.captures {
		if k+2 >= w.b.lanes {
			break // the block does not look at the rest
		}
		lanes.Fill(w.at(uint32(k+2)), v)
	}
	clear(w.used[:])
	clear(w.put[:])
	w.always = 0
	w.groups = w.groups[:0]
}

// finish makes texels of the display of what was PUT.
func (w *wave) finish(n int) {
	if w.m.header.Pixel {
		lanes.Pixels(&w.color, &w.color)
		return
	}
	for i, color := range w.color[:n] {
		w.color[i] = paper(isa.ColorCode(color & 0xFFFFFF))
	}
}

// paint paints texels from (x, y) on in colors, those that have a PUT, a run of the
// same PUT at a time.
func (m *Machine) paint(colors, puts []uint32, x, y int) {
	for from := 0; from < len(puts); {
		to, pc := from+1, puts[from]
		for to < len(puts) && puts[to] == pc {
			to++
		}
		if pc != 0 {
			m.canvas.copy(markBits|paperBits, colors[from:to], x+from, y, pc)
		}
		from = to
	}
}

// fail ends a texel, which keeps what it was.
func (w *wave) fail(i uint8, f Fault) {
	w.put[i], w.always = 0, 0
	f.X, f.Y = w.x+int(i), w.y
	if w.first == nil || f.X < w.first.X {
		first := f
		w.first = &first
	}
}

// failAll ends every texel of the running group.
func (w *wave) failAll(g *group, f Fault) {
	f.PC = int(g.pc)
	for _, i := range g.texels() {
		w.fail(i, f)
	}
	g.n = 0
}

// run runs the block for the wave's first n texels.
func (w *wave) run(n int) {
	w.n = n
	g := group{pc: uint32(w.b.start), n: n, idx: placeBytes}
	w.follow(&g, nowhere, isa.LaneBudget)
	for {
		others, ok := w.next(&g)
		if !ok {
			return
		}
		w.follow(&g, others, w.left(&g))
	}
}

// follow runs a group until it ends, parts, or reaches the next one; left is as left
// gives it.
func (w *wave) follow(g *group, others uint32, left int32) {
	start := uint32(w.b.start)
	alone := len(w.groups) == 0 // the others' words may be overwritten
	for steps := int32(0); g.n > 0; steps++ {
		if g.pc >= others {
			w.wait(g, steps)
			return
		}
		in := &w.b.at[g.pc-start]
		if in.op == opEnd {
			w.executed(g.n, steps)
			return
		}
		if steps == left {
			w.count(g, steps)
			g.filter(func(i uint8) bool {
				if w.used[i] < isa.LaneBudget {
					return true
				}
				w.fail(i, Fault{Code: isa.CycleLimit, PC: w.each, A: isa.LaneBudget})
				return false
			})
			steps, left = 0, w.left(g)
			if g.n == 0 {
				return
			}
		}
		if w.trace != nil {
			w.trace.step(w, g, in)
		}
		if work := w.m.canvas.work; work != nil {
			work.executes(in.op, g.n)
		}
		next := g.pc + uint32(in.size)
		switch in.op {
		case opBad:
			w.failAll(g, Fault{Code: isa.BadOpcode, A: int32(in.x[0])})
		case opRange:
			w.failAll(g, Fault{Code: isa.AddressOutOfRange, A: int32(in.x[0]), B: isa.MaxLanes})
		case isa.NOP:
		case isa.DONE:
			w.executed(g.n, steps+1)
			return
		case isa.PUT:
			color := w.at(in.x[0])
			if g.n == w.n {
				w.color, w.always = *color, g.pc
				lanes.Fill(&w.put, g.pc)
				break
			}
			w.always = 0
			for _, i := range g.texels() {
				w.color[i], w.put[i] = color[i], g.pc
			}
		case isa.JMP:
			if next = in.x[0]; w.outside(next) {
				w.failAll(g, w.jumpFault(next))
			}
		case isa.JZ, isa.JNZ, isa.LOOP:
			if w.branch(g, in, steps+1) {
				return
			}
			next = g.pc
		default:
			switch do := lanes.Does[in.op]; {
			case do == nil:
				if !w.single(g, in) {
					w.failAll(g, Fault{Code: isa.BadOpcode, A: int32(w.m.program[g.pc])})
				}
			case alone && w.trace == nil:
				steps += w.stretch(g, left-steps) - 1
				next = g.pc
			default:
				w.spare = *w.at(in.x[0])
				do(w.at(in.x[0]), w.at(in.x[1]), w.at(in.x[2]))
				w.merge(g, in.x[0])
			}
		}
		g.pc = next
	}
}

// stretch executes instructions for all texels of the wave, its group's or not, at most
// so many, up to one that may fail or looks at more than its operands. It gives how many.
func (w *wave) stretch(g *group, most int32) (n int32) {
	at, mem := w.b.at[g.pc-uint32(w.b.start):], w.mem
	from := 0
	for n < most {
		in := &at[from]
		do := lanes.Does[in.op]
		if do == nil {
			break
		}
		do(&mem[in.x[0]], &mem[in.x[1]], &mem[in.x[2]])
		from += int(in.size)
		n++
	}
	g.pc += uint32(from)
	return n
}

func (w *wave) outside(addr uint32) bool { return addr < uint32(w.b.start) || addr > w.b.end }

func (w *wave) jumpFault(addr uint32) Fault {
	return Fault{Code: isa.AddressOutOfRange, A: int32(addr), B: int32(w.b.end)}
}
