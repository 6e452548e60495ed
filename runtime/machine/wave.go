package machine

import "gvpie/runtime/isa"

// A block is run for a wave of texels at once: each instruction is fetched once
// and done for all of them, so that the price of interpreting it is shared.
// Texels that branch differently part into groups; the group that is furthest
// behind in the code runs until it has caught up with the next, and the two run
// on as one. What a texel computes depends on no other, so the order does not
// show, and each keeps its own count of instructions.

// waveWidth is how many texels run together.
const waveWidth = 64

// vector is one word of every texel of a wave.
type vector [waveWidth]uint32

// wave is what one goroutine needs to run a block.
type wave struct {
	m        *Machine
	b        *block
	captures []uint32
	each     int    // address of the EACH
	cycle    uint32 // and when it was reached
	mem      []uint32

	x, y   int               // the wave's first texel
	used   [waveWidth]int32  // instructions executed, as of the last parting
	color  [waveWidth]uint32 // of the last PUT
	put    [waveWidth]uint32 // its address; 0: none
	groups []group           // that wait
	first  *Fault            // of the row, furthest left
	spare  vector
	log    rowTelling
	text   []uint32    // room for a line
	trace  *BlockTrace // of its only texel; nil: none
}

// group is texels at the same address.
type group struct {
	pc  uint32
	n   int
	idx [waveWidth]uint8 // the first n: the texels, by their place in the wave
}

func (g *group) texels() []uint8 { return g.idx[:g.n] }

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
	w.m, w.b, w.mem = m, b, resize(w.mem, len(b.mem)*waveWidth)
	for slot := isa.MaxLanes; slot < len(b.mem); slot++ {
		fill(w.at(uint32(slot))[:], b.mem[slot])
	}
	return w
}

func (m *Machine) putWave(w *wave) {
	m.spare.Lock()
	m.spare.waves = append(m.spare.waves, w)
	m.spare.Unlock()
}

// at is a word of the texels' memory: a lane word or a constant.
func (w *wave) at(slot uint32) *vector { return (*vector)(w.mem[slot*waveWidth:]) }

// row runs texels [x0, x1) of row y.
func (w *wave) row(x0, x1, y int) {
	for x := x0; x < x1; x += waveWidth {
		n := min(waveWidth, x1-x)
		w.start(x, y)
		w.run(n)
		w.log.endWave()
		w.finish(n)
		w.m.paint(w.color[:n], w.put[:n], w.x, w.y)
	}
}

// start gives every texel its lane words as the block begins.
func (w *wave) start(x, y int) {
	w.x, w.y = x, y
	clear(w.mem[:w.b.lanes*waveWidth])
	for i := range w.at(0) {
		w.at(0)[i] = uint32(x + i)
	}
	fill(w.at(1)[:], uint32(y))
	for k, v := range w.captures {
		if k+2 >= w.b.lanes {
			break // the block does not look at the rest
		}
		fill(w.at(uint32(k + 2))[:], v)
	}
	clear(w.used[:])
	clear(w.put[:])
	w.groups = w.groups[:0]
}

// finish makes texels of the display of what was PUT.
func (w *wave) finish(n int) {
	for i := range n {
		if color := w.color[i] & 0xFFFFFF; w.m.header.Pixel {
			w.color[i] = pixelTexel(color)
		} else {
			w.color[i] = paper(isa.ColorCode(color))
		}
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
	w.put[i] = 0
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

// filter leaves in the group the texels that ok says have not failed.
func (g *group) filter(ok func(i uint8) bool) {
	n := 0
	for _, i := range g.texels() {
		if ok(i) {
			g.idx[n] = i
			n++
		}
	}
	g.n = n
}

// wait puts a group by, after steps instructions.
func (w *wave) wait(g *group, steps int32) {
	w.count(g, steps)
	w.groups = append(w.groups, *g)
}

func (w *wave) count(g *group, steps int32) {
	for _, i := range g.texels() {
		w.used[i] += steps
	}
}

// next makes the group that is furthest behind the running one, together with
// those at the same address, and says where the next group stands. ok is false
// when none is left.
func (w *wave) next(g *group) (others uint32, ok bool) {
	const nowhere = ^uint32(0)
	if len(w.groups) == 0 {
		return 0, false
	}
	pc := nowhere
	for i := range w.groups {
		pc = min(pc, w.groups[i].pc)
	}
	g.pc, g.n = pc, 0
	others = nowhere
	left := w.groups[:0]
	for i := range w.groups {
		waiting := &w.groups[i]
		if waiting.pc == pc {
			g.n += copy(g.idx[g.n:], waiting.texels())
			continue
		}
		others = min(others, waiting.pc)
		left = append(left, *waiting)
	}
	w.groups = left
	return others, true
}

// left is how many instructions the group may execute before one of its texels
// has used up its budget.
func (w *wave) left(g *group) int32 {
	most := int32(0)
	for _, i := range g.texels() {
		most = max(most, w.used[i])
	}
	return isa.LaneBudget - most
}

// run runs the block for the wave's first n texels.
func (w *wave) run(n int) {
	var g group
	g.pc, g.n = uint32(w.b.start), n
	for i := range n {
		g.idx[i] = uint8(i)
	}
	w.groups = append(w.groups, g)
	for {
		others, ok := w.next(&g)
		if !ok {
			return
		}
		w.follow(&g, others)
	}
}

// follow runs a group until it ends, parts, or reaches the next one.
func (w *wave) follow(g *group, others uint32) {
	start := uint32(w.b.start)
	alone := len(w.groups) == 0 // the others' words may be overwritten
	left := w.left(g)
	for steps := int32(0); g.n > 0; steps++ {
		if g.pc >= others {
			w.wait(g, steps)
			return
		}
		in := &w.b.at[g.pc-start]
		if in.op == opEnd {
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
		next := g.pc + uint32(in.size)
		switch in.op {
		case opBad:
			w.failAll(g, Fault{Code: isa.BadOpcode, A: int32(in.x[0])})
		case opRange:
			w.failAll(g, Fault{Code: isa.AddressOutOfRange, A: int32(in.x[0]), B: isa.MaxLanes})
		case isa.NOP:
		case isa.DONE:
			return
		case isa.PUT:
			color := w.at(in.x[0])
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
			known := false
			switch {
			case !pure[in.op]:
				known = w.single(g, in)
			case alone:
				known = w.unmasked(in)
			default:
				w.spare = *w.at(in.x[0])
				known = w.unmasked(in)
				w.merge(g, in.x[0])
			}
			if !known {
				w.failAll(g, Fault{Code: isa.BadOpcode, A: int32(w.m.program[g.pc])})
			}
		}
		g.pc = next
	}
}

// merge takes back what an instruction did to texels that are not of the group.
func (w *wave) merge(g *group, slot uint32) {
	d := w.at(slot)
	for _, i := range g.texels() {
		w.spare[i] = d[i]
	}
	*d = w.spare
}

func (w *wave) outside(addr uint32) bool { return addr < uint32(w.b.start) || addr > w.b.end }

func (w *wave) jumpFault(addr uint32) Fault {
	return Fault{Code: isa.AddressOutOfRange, A: int32(addr), B: int32(w.b.end)}
}

// branch executes a conditional jump. When the group's texels all go the same
// way it is sent there; otherwise it parts in two that wait, and parted is true.
func (w *wave) branch(g *group, in *instr, steps int32) (parted bool) {
	a, target, next := w.at(in.x[0]), in.x[1], g.pc+uint32(in.size)
	var taken, stay group
	switch in.op {
	case isa.LOOP:
		limit, step := w.at(in.x[1]), w.at(in.x[2])
		target = in.x[3]
		for _, i := range g.texels() {
			split(passed(int32(a[i]), int32(limit[i]), int32(step[i])), i, &taken, &stay)
		}
	default:
		for _, i := range g.texels() {
			split((a[i] == 0) == (in.op == isa.JZ), i, &taken, &stay)
		}
	}
	if taken.n > 0 && w.outside(target) {
		taken.pc = g.pc
		w.failAll(&taken, w.jumpFault(target))
		*g = stay
		g.pc = next
		return false
	}
	switch {
	case taken.n == 0:
		g.pc = next
		return false
	case stay.n == 0:
		g.pc = target
		return false
	}
	taken.pc, stay.pc = target, next
	w.wait(&taken, steps)
	w.wait(&stay, steps)
	return true
}

func split(goes bool, i uint8, taken, stay *group) {
	to := stay
	if goes {
		to = taken
	}
	to.idx[to.n] = i
	to.n++
}
