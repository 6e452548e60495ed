package machine

import "gvpie/runtime/isa"

// A block is run for a strip of texels at once: each instruction is fetched once
// and done for all of them, so that the price of interpreting it is shared.
// Texels that branch differently part into groups; the group that is furthest
// behind in the code runs until it has caught up with the next, and the two run
// on as one. What a texel computes depends on no other, so the order does not
// show, and each keeps its own count of instructions.

// stripWidth is how many texels run together.
const stripWidth = 64

// vector is one word of every texel of a strip.
type vector [stripWidth]uint32

// strip is what one goroutine needs to run a block.
type strip struct {
	m        *Machine
	b        *block
	captures []uint32
	each     int // address of the EACH
	mem      []uint32

	x, y   int                // the strip's first texel
	used   [stripWidth]int32  // instructions executed, as of the last parting
	color  [stripWidth]uint32 // of the last PUT
	put    [stripWidth]uint32 // its address; 0: none
	groups []group            // that wait
	first  *Fault             // of the row, furthest left
	spare  vector
}

// group is texels at the same address.
type group struct {
	pc  uint32
	n   int
	idx [stripWidth]uint8 // the first n: the texels, by their place in the strip
}

func (g *group) texels() []uint8 { return g.idx[:g.n] }

func newStrip(m *Machine, b *block, captures []uint32, each int) *strip {
	s := &strip{m: m, b: b, captures: captures, each: each, mem: make([]uint32, len(b.mem)*stripWidth)}
	for slot := isa.MaxLanes; slot < len(b.mem); slot++ {
		fill(s.at(uint32(slot))[:], b.mem[slot])
	}
	return s
}

// at is a word of the texels' memory: a lane word or a constant.
func (s *strip) at(slot uint32) *vector { return (*vector)(s.mem[slot*stripWidth:]) }

// row runs texels [x0, x1) of row y and gives the first fault among them.
func (s *strip) row(x0, x1, y int) *Fault {
	s.first = nil
	for x := x0; x < x1; x += stripWidth {
		n := min(stripWidth, x1-x)
		s.start(x, y)
		s.run(n)
		s.write(n)
	}
	return s.first
}

// start gives every texel its lane words as the block begins.
func (s *strip) start(x, y int) {
	s.x, s.y = x, y
	clear(s.mem[:s.b.lanes*stripWidth])
	for i := range s.at(0) {
		s.at(0)[i] = uint32(x + i)
	}
	fill(s.at(1)[:], uint32(y))
	for k, v := range s.captures {
		if k+2 >= s.b.lanes {
			break // the block does not look at the rest
		}
		fill(s.at(uint32(k + 2))[:], v)
	}
	clear(s.used[:])
	clear(s.put[:])
	s.groups = s.groups[:0]
}

// write paints the texels that had a PUT and no fault, a run of the same PUT at a
// time.
func (s *strip) write(n int) {
	for i := range n {
		if color := s.color[i] & 0xFFFFFF; s.m.header.Pixel {
			s.color[i] = pixelTexel(color)
		} else {
			s.color[i] = paper(isa.ColorCode(color))
		}
	}
	for from := 0; from < n; {
		to, pc := from+1, s.put[from]
		for to < n && s.put[to] == pc {
			to++
		}
		if pc != 0 {
			s.m.canvas.copy(markBits|paperBits, s.color[from:to], s.x+from, s.y, pc)
		}
		from = to
	}
}

// fail ends a texel, which keeps what it was.
func (s *strip) fail(i uint8, f Fault) {
	s.put[i] = 0
	f.X, f.Y = s.x+int(i), s.y
	if s.first == nil || f.X < s.first.X {
		first := f
		s.first = &first
	}
}

// failAll ends every texel of the running group.
func (s *strip) failAll(g *group, f Fault) {
	f.PC = int(g.pc)
	for _, i := range g.texels() {
		s.fail(i, f)
	}
	g.n = 0
}

// keep leaves in the group the texels that ok says have not failed.
func (g *group) keep(ok func(i uint8) bool) {
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
func (s *strip) wait(g *group, steps int32) {
	s.count(g, steps)
	s.groups = append(s.groups, *g)
}

func (s *strip) count(g *group, steps int32) {
	for _, i := range g.texels() {
		s.used[i] += steps
	}
}

// next makes the group that is furthest behind the running one, together with
// those at the same address, and says where the next group stands. ok is false
// when none is left.
func (s *strip) next(g *group) (others uint32, ok bool) {
	const nowhere = ^uint32(0)
	if len(s.groups) == 0 {
		return 0, false
	}
	pc := nowhere
	for i := range s.groups {
		pc = min(pc, s.groups[i].pc)
	}
	g.pc, g.n = pc, 0
	others = nowhere
	left := s.groups[:0]
	for i := range s.groups {
		w := &s.groups[i]
		if w.pc == pc {
			g.n += copy(g.idx[g.n:], w.texels())
			continue
		}
		others = min(others, w.pc)
		left = append(left, *w)
	}
	s.groups = left
	return others, true
}

// left is how many instructions the group may execute before one of its texels
// has used up its budget.
func (s *strip) left(g *group) int32 {
	most := int32(0)
	for _, i := range g.texels() {
		most = max(most, s.used[i])
	}
	return isa.LaneBudget - most
}

// run runs the block for the strip's first n texels.
func (s *strip) run(n int) {
	var g group
	g.pc, g.n = uint32(s.b.start), n
	for i := range n {
		g.idx[i] = uint8(i)
	}
	s.groups = append(s.groups, g)
	for {
		others, ok := s.next(&g)
		if !ok {
			return
		}
		s.follow(&g, others)
	}
}

// follow runs a group until it ends, parts, or reaches the next one.
func (s *strip) follow(g *group, others uint32) {
	start := uint32(s.b.start)
	alone := len(s.groups) == 0 // the others' words may be overwritten
	left := s.left(g)
	for steps := int32(0); g.n > 0; steps++ {
		if g.pc >= others {
			s.wait(g, steps)
			return
		}
		in := &s.b.at[g.pc-start]
		if in.op == opEnd {
			return
		}
		if steps == left {
			s.count(g, steps)
			g.keep(func(i uint8) bool {
				if s.used[i] < isa.LaneBudget {
					return true
				}
				s.fail(i, Fault{Code: isa.CycleLimit, PC: s.each, A: isa.LaneBudget})
				return false
			})
			steps, left = 0, s.left(g)
			if g.n == 0 {
				return
			}
		}
		next := in.next
		switch in.op {
		case opBad:
			s.failAll(g, Fault{Code: isa.BadOpcode, A: int32(in.x[0])})
		case opRange:
			s.failAll(g, Fault{Code: isa.AddressOutOfRange, A: int32(in.x[0]), B: isa.MaxLanes})
		case isa.NOP:
		case isa.DONE:
			return
		case isa.PUT:
			color := s.at(in.x[0])
			for _, i := range g.texels() {
				s.color[i], s.put[i] = color[i], g.pc
			}
		case isa.JMP:
			if next = in.x[0]; s.outside(next) {
				s.failAll(g, s.jumpFault(next))
			}
		case isa.JZ, isa.JNZ, isa.LOOP:
			if s.branch(g, in, steps+1) {
				return
			}
			next = g.pc
		default:
			switch {
			case !pure[in.op]:
				s.single(g, in)
			case alone:
				s.dense(in)
			default:
				s.spare = *s.at(in.x[0])
				s.dense(in)
				s.merge(g, in.x[0])
			}
		}
		g.pc = next
	}
}

// merge takes back what an instruction did to texels that are not of the group.
func (s *strip) merge(g *group, slot uint32) {
	d := s.at(slot)
	for _, i := range g.texels() {
		s.spare[i] = d[i]
	}
	*d = s.spare
}

func (s *strip) outside(addr uint32) bool { return addr < uint32(s.b.start) || addr > s.b.end }

func (s *strip) jumpFault(addr uint32) Fault {
	return Fault{Code: isa.AddressOutOfRange, A: int32(addr), B: int32(s.b.end)}
}

// branch executes a conditional jump. When the group's texels all go the same
// way it is sent there; otherwise it parts in two that wait, and parted is true.
func (s *strip) branch(g *group, in *instr, steps int32) (parted bool) {
	a, target := s.at(in.x[0]), in.x[1]
	var taken, stay group
	switch in.op {
	case isa.LOOP:
		limit, step := s.at(in.x[1]), s.at(in.x[2])
		target = in.x[3]
		for _, i := range g.texels() {
			split(passed(int32(a[i]), int32(limit[i]), int32(step[i])), i, &taken, &stay)
		}
	default:
		for _, i := range g.texels() {
			split((a[i] == 0) == (in.op == isa.JZ), i, &taken, &stay)
		}
	}
	if taken.n > 0 && s.outside(target) {
		taken.pc = g.pc
		s.failAll(&taken, s.jumpFault(target))
		*g = stay
		g.pc = in.next
		return false
	}
	switch {
	case taken.n == 0:
		g.pc = in.next
		return false
	case stay.n == 0:
		g.pc = target
		return false
	}
	taken.pc, stay.pc = target, in.next
	s.wait(&taken, steps)
	s.wait(&stay, steps)
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

// single executes, texel by texel, what may fail or looks at pages.
func (s *strip) single(g *group, in *instr) {
	m := s.m
	d := s.at(in.x[0])
	failed := func(i uint8, f Fault) bool {
		f.PC = int(g.pc)
		s.fail(i, f)
		return false
	}
	switch in.op {
	case isa.PEEK:
		x, y := s.at(in.x[1]), s.at(in.x[2])
		for _, i := range g.texels() {
			d[i] = m.peek(int32(x[i]), int32(y[i]))
		}
	case isa.KEY:
		c := s.at(in.x[1])
		for _, i := range g.texels() {
			d[i] = m.key(c[i])
		}
	case isa.LD, isa.LDT:
		page := m.data()
		if in.op == isa.LDT {
			page = m.program
		}
		index, length := s.at(in.x[3]), uint32(len(page))
		g.keep(func(i uint8) bool {
			at, f := element(in.x[1], in.x[2], index[i], length)
			if f != nil {
				return failed(i, *f)
			}
			d[i] = page[at]
			return true
		})
	default:
		a, b, c := s.at(in.x[1]), s.at(in.x[2]), s.at(in.x[3])
		g.keep(func(i uint8) bool {
			v, f, _ := isa.Alu(in.op, int32(a[i]), int32(b[i]), int32(c[i]))
			if f != isa.FaultNone {
				return failed(i, Fault{Code: f, A: int32(a[i])})
			}
			d[i] = uint32(v)
			return true
		})
	}
}
