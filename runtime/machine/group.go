package machine

import "gvpie/runtime/isa"

// group is texels at the same address.
type group struct {
	pc  uint32
	n   int
	idx [waveWidth]uint8 // the first n: the texels, by their place in the wave
}

func (g *group) texels() []uint8 { return g.idx[:g.n] }

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
	w.executed(g.n, steps)
	for _, i := range g.texels() {
		w.used[i] += steps
	}
}

// nowhere is the address of the next group when there is none.
const nowhere = ^uint32(0)

// next makes the group that is furthest behind the running one, together with
// those at the same address, and says where the next group stands. ok is false
// when none is left.
func (w *wave) next(g *group) (others uint32, ok bool) {
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

// merge takes back what an instruction did to texels that are not of the group.
func (w *wave) merge(g *group, slot uint32) {
	d := w.at(slot)
	for _, i := range g.texels() {
		w.spare[i] = d[i]
	}
	*d = w.spare
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
