package kernel_test

import (
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// wave runs a kernel for texels of a row together, by masks in address order, as a
// compiler's code would, and takes every claim of the kernel at its word: what may be
// written for texels that are not here is written, with nonsense, and what is one word
// for all is one word. Beside that it keeps what each texel's words should be, and
// breaks off where a claim does not hold.
type wave struct {
	k        *kernel.Kernel
	captures []uint32
	data     []uint32
	program  []uint32
	state    []uint32
	began    []uint32
	skip     bool // stretches where no texel is are passed over

	x0, y, n int
	words    [][]uint32 // by Var, then texel; of a uniform one only the first counts
	truth    [][]uint32
	here     []bool
	results  []uint32
	color    []uint32
	put      []uint32
	bailed   []string // why, "" if not
	left     []int32  // budget
	turns    int      // in all
	visits   [][]int  // by block, then texel
	noise    uint32
}

// mostTurns is how many turns of loops a command's texels may have in all: where they
// have more, the rest is not looked at.
const mostTurns = 200000

func (w *wave) garbage() uint32 {
	w.noise = w.noise*1664525 + 1013904223
	return w.noise
}

// broken is a claim that does not hold.
type broken string

func breaks(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }

// row runs texels [x0, x0+n) of row y.
func (w *wave) row(x0, n, y int) (err error) {
	at := "the row"
	defer func() {
		switch b := recover().(type) {
		case nil:
		case broken:
			err = fmt.Errorf("texels %d to %d of row %d, at %s: %s", x0, x0+n-1, y, at, string(b))
		default:
			panic(b)
		}
	}()
	k := w.k
	w.x0, w.y, w.n = x0, y, n
	w.words, w.truth = grid(len(k.Vars), n), grid(len(k.Vars), n)
	w.here, w.color, w.put, w.bailed = make([]bool, n), make([]uint32, n), make([]uint32, n), make([]string, n)
	w.left, w.results = make([]int32, n), make([]uint32, n)
	w.visits = make([][]int, len(k.Blocks))
	for v := range k.Vars {
		for i := range n {
			init := w.garbage()
			switch k.Vars[v].Init {
			case kernel.Zero:
				init = 0
			case kernel.PX:
				init = uint32(x0 + i)
			case kernel.PY:
				init = uint32(y)
			case kernel.Capture:
				init = w.captures[k.Vars[v].Index]
			}
			if k.Vars[v].Init != kernel.Unset {
				w.inRange(init, k.Vars[v].Range, "what Var %d begins with", v)
			}
			w.words[v][i], w.truth[v][i] = init, init
		}
	}
	for i := range n {
		w.left[i], w.here[i] = isa.LaneBudget-k.Steps, true
	}
	for i := range k.Row {
		in := &k.Row[i]
		at = fmt.Sprintf("%s of the row, from %d", in.Op, in.PC)
		if !in.Uniform || !in.Safe {
			breaks("it is not uniform or not safe")
		}
		w.instr(in, w.here)
	}
	pending := make([][]bool, len(k.Blocks))
	for b := range pending {
		pending[b] = make([]bool, n)
		w.visits[b] = make([]int, n)
	}
	copy(pending[0], w.here)
	loopAt := map[int]*kernel.Loop{}
	for i := range k.Loops {
		loopAt[k.Loops[i].Last] = &k.Loops[i]
	}
	for b := 0; b < len(k.Blocks); b++ {
		block := &k.Blocks[b]
		mask := pending[b]
		pending[b] = make([]bool, n)
		any := false
		for i := range mask {
			mask[i] = mask[i] && w.bailed[i] == ""
			any = any || mask[i]
			if mask[i] {
				w.visits[b][i]++
			}
		}
		at = fmt.Sprintf("block %d, from %d", b, block.PC)
		if block.Uniform && any {
			for i := range mask {
				if !mask[i] && w.bailed[i] == "" {
					breaks("texel %d is not there, and others are", x0+i)
				}
			}
		}
		if any || !w.skip && !block.Uniform {
			for i := range block.Instrs {
				in := &block.Instrs[i]
				at = fmt.Sprintf("%s of block %d, from %d", in.Op, b, in.PC)
				w.instr(in, mask)
			}
			at = fmt.Sprintf("the exit of block %d, from %d", b, block.Exit.PC)
			w.leave(b, mask, pending)
		}
		if l := loopAt[b]; l != nil {
			for _, waits := range pending[l.Head] {
				if waits {
					b = l.Head - 1
					break
				}
			}
		}
	}
	for b := range k.Blocks {
		times := -1
		for i := range n {
			if w.bailed[i] == "" && k.Blocks[b].Uniform {
				if times < 0 {
					times = w.visits[b][i]
				}
				if w.visits[b][i] != times {
					at = fmt.Sprintf("block %d", b)
					breaks("it is uniform, but %d texels come %d times and others %d", i, times, w.visits[b][i])
				}
			}
		}
	}
	for i := range n {
		if w.bailed[i] == "" && k.Always != 0 && w.put[i] != k.Always {
			breaks("texel %d ends with the PUT at %d, and that at %d was the one for all", x0+i, w.put[i], k.Always)
		}
	}
	return nil
}

func grid(rows, n int) [][]uint32 {
	out := make([][]uint32, rows)
	for i := range out {
		out[i] = make([]uint32, n)
	}
	return out
}

func (w *wave) inRange(v uint32, r kernel.Range, what string, args ...any) {
	if int32(v) < r.Lo || int32(v) > r.Hi {
		breaks("%s is %d, not within %d…%d", fmt.Sprintf(what, args...), int32(v), r.Lo, r.Hi)
	}
}

// arg is an operand's value for a texel that is here.
func (w *wave) arg(a kernel.Arg, i int) uint32 {
	v := a.Const
	if a.Var >= 0 {
		at := i
		if w.k.Vars[a.Var].Uniform {
			at = 0
		}
		v = w.words[a.Var][at]
		if v != w.truth[a.Var][i] {
			breaks("texel %d sees %d in Var %d, which is %d", w.x0+i, v, a.Var, w.truth[a.Var][i])
		}
		w.inRange(v, w.k.Vars[a.Var].Range, "Var %d", a.Var)
	}
	w.inRange(v, a.Range, "an operand, Var %d,", a.Var)
	return v
}

// instr executes an instruction.
func (w *wave) instr(in *kernel.Instr, mask []bool) {
	first, any := -1, false
	var args [3]uint32
	var value, before uint32
	for i := range mask {
		if !mask[i] || w.bailed[i] != "" {
			continue
		}
		any = true
		for j, a := range in.Args {
			args[j] = w.arg(a, i)
		}
		v, place, why := w.compute(in, args)
		if why != "" {
			if in.Safe {
				breaks("it is safe, but fails: %s", why)
			}
			w.bailed[i] = why
			continue
		}
		if in.Next && first >= 0 && place != before+uint32(i-first) {
			breaks("texel %d reads word %d, and texel %d word %d", w.x0+i, place, w.x0+first, before)
		}
		if in.Uniform && first >= 0 && v != value {
			breaks("texel %d makes it %d, and texel %d %d", w.x0+i, v, w.x0+first, value)
		}
		if first < 0 {
			first, before, value = i, place, v
		}
		switch {
		case in.Op == isa.PUT:
			w.color[i], w.put[i] = v, in.PC
		case in.Dst >= 0:
			w.inRange(v, w.k.Vars[in.Dst].Range, "the result, in Var %d,", in.Dst)
			w.results[i] = v
		}
	}
	if in.Dst < 0 {
		return
	}
	for i := range mask {
		if !mask[i] || w.bailed[i] != "" {
			continue
		}
		v := w.results[i]
		w.truth[in.Dst][i], w.words[in.Dst][i] = v, v
		if w.k.Vars[in.Dst].Uniform {
			w.words[in.Dst][0] = v
		}
	}
	if !in.Whole {
		return
	}
	if w.k.Vars[in.Dst].Uniform {
		if !any {
			w.words[in.Dst][0] = w.garbage()
		}
		return
	}
	for i := range mask {
		if !mask[i] {
			w.words[in.Dst][i] = w.garbage()
		}
	}
}

// compute gives an instruction's result, the place of the word that it reads, and
// why it fails.
func (w *wave) compute(in *kernel.Instr, x [3]uint32) (v, place uint32, why string) {
	load := func(page []uint32, at uint64, inside bool) (uint32, uint32, string) {
		if !inside || at >= uint64(len(page)) {
			return 0, 0, "address_out_of_range"
		}
		return page[at], uint32(at), ""
	}
	page := w.data
	switch in.Op {
	case isa.LDT, isa.LDT2:
		page = w.program
	}
	switch a := in.Array; in.Op {
	case isa.PUT:
		return x[0], 0, ""
	case isa.LOG:
		return 0, 0, "LOG"
	case isa.ASSERT:
		if x[0] == 0 {
			return 0, 0, "assert_failed"
		}
		return 0, 0, ""
	case isa.LD, isa.LDT:
		return load(page, uint64(a.Base)+uint64(x[0]), int32(x[0]) >= 0 && x[0] < a.Len)
	case isa.LD2, isa.LDT2:
		return load(page, uint64(a.Base)+uint64(x[0])+uint64(a.W)*uint64(x[1]), int32(x[0]) >= 0 && x[0] < a.W && int32(x[1]) >= 0 && x[1] < a.H)
	case isa.PEEK:
		place = x[1]*uint32(w.k.W) + x[0]
		if x[0] >= uint32(w.k.W) || x[1] >= uint32(w.k.H) {
			return 0, place, ""
		}
		t := w.began[int(x[1])*w.k.W+int(x[0])]
		if w.k.Pixel {
			return t&255<<16 | t&0xFF00 | t>>16&255, place, ""
		}
		return t & 0xFFFFFF, place, ""
	case isa.KEY, isa.KEYP:
		if x[0] > 255 {
			return 0, 0, ""
		}
		held := w.state[isa.StKeys+x[0]>>5]
		if in.Op == isa.KEYP {
			held &^= w.state[isa.StKeysBefore+x[0]>>5]
		}
		return held >> (x[0] & 31) & 1, 0, ""
	case isa.INPUT:
		switch x[0] {
		case isa.InputWheel:
			return w.state[isa.StWheel], 0, ""
		case isa.InputPressed:
			return w.state[isa.StMouseB] &^ w.state[isa.StButtonsBefore], 0, ""
		}
		return 0, 0, ""
	}
	r, fault, ok := isa.Alu(in.Op, int32(x[0]), int32(x[1]), int32(x[2]))
	if !ok {
		breaks("it is no instruction of a block")
	}
	return uint32(r), 0, fault.String()
}

// leave sends the texels of a block on their ways.
func (w *wave) leave(b int, mask []bool, pending [][]bool) {
	e := &w.k.Blocks[b].Exit
	then, els := 0, 0
	for i := range mask {
		if !mask[i] || w.bailed[i] != "" || e.Op == isa.DONE {
			continue
		}
		to := e.Else
		if e.Op == isa.JMP || w.holds(e, i) {
			to = e.Then
			then++
		} else {
			els++
		}
		if to <= b {
			if e.Op != isa.JMP {
				breaks("a conditional way back")
			}
			w.turns++
			if w.left[i] -= w.turn(to); w.left[i] < 0 || w.turns > mostTurns {
				w.bailed[i] = "the budget"
				continue
			}
		}
		pending[to][i] = true
	}
	if e.Uniform && then > 0 && els > 0 {
		breaks("%d texels go one way, and %d the other", then, els)
	}
}

func (w *wave) turn(head int) int32 {
	for _, l := range w.k.Loops {
		if l.Head == head {
			return l.Steps
		}
	}
	breaks("a way back to block %d, which is no head", head)
	return 0
}

func (w *wave) holds(e *kernel.Exit, i int) bool {
	a, b := w.arg(e.Args[0], i), w.arg(e.Args[1], i)
	op := e.Op
	if op == isa.LOOP {
		op = isa.GT
		if int32(w.arg(e.Args[2], i)) < 0 {
			op = isa.LT
		}
	}
	v, _, _ := isa.Alu(op, int32(a), int32(b), 0)
	return v != 0
}

// texel is what the display gets of a PUT.
func (w *wave) texel(i int) uint32 {
	c := w.color[i]
	if w.k.Pixel {
		return c>>16&0xFF | c&0xFF00 | c&0xFF<<16 | 0xFF<<24
	}
	return isa.ColorCode(c&0xFFFFFF)<<16 | 0xFF<<24
}

// newWave takes a machine's pages as they are.
func newWave(k *kernel.Kernel, m *machine.Machine, captures, began []uint32) *wave {
	return &wave{
		k: k, captures: captures, began: began, noise: 1,
		data: m.Page(machine.DataPage), program: m.Page(machine.ProgramPage), state: m.Page(machine.StatePage),
	}
}
