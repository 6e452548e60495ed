package each

import (
	"fmt"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// WGSL has no goto. A kernel's blocks come in address order, and so the ways between
// them are ifs, elses and loops, as the source had them, but for a few: out of
// several loops at once, or into the middle of what follows (the else of an
// `a && b`). A texel that goes such a way puts down in the variable at the block
// that it waits for, and what is before that block is run only by those who wait for
// nothing, or for something that was before.

// set is places that texels wait for: blocks, and behind those, len(Blocks) + a
// loop, the next turn of that loop.
type set map[int]bool

func (s *set) add(i int) {
	if *s == nil {
		*s = set{}
	}
	(*s)[i] = true
}

func (s set) least() int { return slices.Min(keys(s)) }

func keys(s set) (out []int) {
	for i := range s {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

// stretch is blocks [lo, hi) that are written in one pair of braces.
type stretch struct {
	hi     int
	follow int // where a texel goes on that comes to the closing one
	loop   int // the innermost loop around it, -1: none
}

// followAt is where a texel goes on that comes to the end of blocks before one of the
// stretch, or all of it.
func (s stretch) followAt(i int) int {
	if i == s.hi {
		return s.follow
	}
	return i
}

// end is where a block leads that ends a texel.
func (w *writer) end() int { return len(w.k.Blocks) }

func (w *writer) body() {
	w.sequence(0, stretch{hi: len(w.k.Blocks), follow: w.end(), loop: -1})
}

// sequence writes the blocks from lo on, for texels that wait for nothing.
func (w *writer) sequence(lo int, s stretch) {
	i := lo
	for i < s.hi {
		delete(w.pending, i)
		if len(w.pending) == 0 {
			i = w.item(i, s)
			continue
		}
		waiting := w.pending
		until := min(waiting.least(), s.hi)
		w.pending = nil
		w.braced(fmt.Sprintf("if at <= %du", i), "", func() {
			w.sequence(i, stretch{hi: until, follow: s.followAt(until), loop: s.loop})
		})
		for t := range waiting {
			w.pending.add(t)
		}
		i = until
	}
}

// item writes a block, or a loop, and what hangs on it, and says where to go on.
func (w *writer) item(i int, s stretch) int {
	for l, loop := range w.k.Loops {
		if loop.Head == i && !w.opened[l] {
			w.opened[l] = true
			w.loop(l, s)
			return loop.Last + 1
		}
	}
	b := &w.k.Blocks[i]
	for at := range b.Instrs {
		w.instr(&b.Instrs[at])
	}
	switch e := &b.Exit; {
	case e.Op == isa.DONE:
		w.leave(i, w.end(), s)
	case e.Op == isa.JMP || e.Then == e.Else:
		w.leave(i, e.Then, s)
	default:
		return w.branch(i, e, s)
	}
	return i + 1
}

// loop writes a loop.
func (w *writer) loop(l int, s stretch) {
	loop := &w.k.Loops[l]
	outside := w.strays
	w.strays = false
	w.depth++
	body := w.capture(func() {
		w.sequence(loop.Head, stretch{hi: loop.Last + 1, follow: loop.Head, loop: l})
	})
	w.depth--
	w.braced("loop", "", func() {
		if w.strays {
			w.line("at = 0u;")
		}
		w.text.WriteString(body)
	})
	w.strays = w.strays || outside
	// Where the texels are that left it.
	for _, t := range keys(w.exits[l]) {
		switch {
		case t == loop.Last+1:
		case s.loop >= 0 && t == w.nextTurn(s.loop):
			w.braced(fmt.Sprintf("if at == %du", t), "", func() { w.line("continue;") })
		case s.loop >= 0 && t > w.k.Loops[s.loop].Last:
			w.exits[s.loop].add(t)
		default:
			w.pending.add(t)
		}
	}
	if s.loop < 0 {
		return
	}
	if last := w.k.Loops[s.loop].Last; slices.ContainsFunc(keys(w.exits[l]), func(t int) bool {
		return t > last && t != loop.Last+1 && t != w.nextTurn(s.loop)
	}) {
		w.braced(fmt.Sprintf("if at > %du", last), "", func() { w.line("break;") })
	}
}

// nextTurn is the place of those who wait for a loop's next turn.
func (w *writer) nextTurn(l int) int { return len(w.k.Blocks) + 1 + l }

// branch writes a conditional exit and what it leads to, and says where to go on.
func (w *writer) branch(i int, e *kernel.Exit, s stretch) int {
	next := i + 1
	far, holds := e.Then, false // the way that does not lead to the next block, and whether the condition must hold for it
	switch {
	case e.Else == next:
		holds = true
	case e.Then == next:
		far = e.Else
	default:
		w.braced("if "+w.condition(e, true), "", func() { w.leave(-1, e.Then, s) })
		// Those who went there are gone, or wait.
		if len(w.pending) > 0 {
			w.braced(fmt.Sprintf("if at <= %du", i), "", func() { w.leave(-1, e.Else, s) })
			return next
		}
		w.leave(i, e.Else, s)
		return next
	}
	stay := "if " + w.condition(e, !holds)
	switch {
	case far == s.follow && next < s.hi:
		w.braced(stay, "", func() { w.sequence(next, s) })
		return s.hi
	case next < far && far < s.hi:
		return w.choice(stay, next, far, s)
	}
	w.braced("if "+w.condition(e, holds), "", func() { w.leave(-1, far, s) })
	return next
}

// choice writes blocks [from, to) as those of texels for which stay holds, and, if
// they end in a jump over some blocks more, those as the else.
func (w *writer) choice(stay string, from, to int, s stretch) int {
	part := func(lo, hi, join int) {
		w.sequence(lo, stretch{hi: hi, follow: s.followAt(join), loop: s.loop})
	}
	if join, ok := w.jumpsOver(from, to, s); ok {
		w.braced(stay, " else {", func() { part(from, to, join) })
		w.depth++
		waiting := w.pending
		w.pending = nil
		part(to, join, join)
		for t := range waiting {
			w.pending.add(t)
		}
		w.depth--
		w.line("}")
		return join
	}
	w.braced(stay, "", func() { part(from, to, to) })
	return to
}

// jumpsOver says whether blocks [from, to) end in a jump over the next ones, and
// where to, and whether that is the only way from them to what is jumped over.
func (w *writer) jumpsOver(from, to int, s stretch) (join int, ok bool) {
	last := &w.k.Blocks[to-1].Exit
	if join = last.Then; join == s.follow {
		join = s.hi
	}
	if last.Op != isa.JMP || w.loopOf[to-1] != s.loop || join <= to || join > s.hi || s.followAt(join) != last.Then {
		return 0, false
	}
	for i := from; i < to; i++ {
		e := &w.k.Blocks[i].Exit
		for _, t := range [...]int{e.Then, e.Else} {
			if e.Op != isa.DONE && t >= to && t < join {
				return 0, false
			}
		}
	}
	return join, true
}

// leave sends texels from block i, -1 if they are in braces of their own, to block t.
func (w *writer) leave(i, t int, s stretch) {
	last := i+1 == s.hi
	loop := func(l int) *kernel.Loop { return &w.k.Loops[l] }
	switch {
	case t == w.end():
		if i+1 != w.end() || s.follow != w.end() {
			w.line("return %s;", w.put())
		}
	case s.loop >= 0 && t == loop(s.loop).Head:
		w.charge(s.loop)
		if !last || s.follow != t {
			w.line("continue;")
		}
	case i >= 0 && t == i+1 && !last, last && t == s.follow:
	case s.loop >= 0 && t > loop(s.loop).Last:
		if t != loop(s.loop).Last+1 {
			w.wait(t)
		}
		w.exits[s.loop].add(t)
		w.line("break;")
	case s.loop >= 0 && t < loop(s.loop).Head:
		outer := slices.IndexFunc(w.k.Loops, func(l kernel.Loop) bool { return l.Head == t })
		w.charge(outer)
		w.wait(w.nextTurn(outer))
		w.exits[s.loop].add(w.nextTurn(outer))
		w.line("break;")
	default:
		w.wait(t)
		w.pending.add(t)
	}
}

func (w *writer) wait(t int) {
	w.strays = true
	w.line("at = %du;", t)
}

// charge takes a turn of a loop from the budget.
func (w *writer) charge(l int) {
	if !w.counts {
		return
	}
	w.line("left -= %di;", max(w.k.Loops[l].Steps, leastCharge))
	w.braced("if left < 0i", "", func() { w.line("break;") })
}

// condition is a conditional exit's, or its contrary.
func (w *writer) condition(e *kernel.Exit, holds bool) string {
	if e.Op == isa.LOOP {
		c := fmt.Sprintf("passed(%s, %s, %s)", w.arg(e.Args[0]), w.arg(e.Args[1]), w.arg(e.Args[2]))
		if !holds {
			c = "!" + c
		}
		return c
	}
	op := e.Op
	if !holds {
		op = contrary[op]
	}
	return fmt.Sprintf("%s %s %s", w.arg(e.Args[0]), comparisons[op], w.arg(e.Args[1]))
}

var comparisons = map[isa.Op]string{isa.EQ: "==", isa.NE: "!=", isa.LT: "<", isa.LE: "<=", isa.GT: ">", isa.GE: ">="}

var contrary = map[isa.Op]isa.Op{isa.EQ: isa.NE, isa.NE: isa.EQ, isa.LT: isa.GE, isa.LE: isa.GT, isa.GT: isa.LE, isa.GE: isa.LT}
