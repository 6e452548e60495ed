package kernel

import "gvpie/runtime/isa"

// whole finds the instructions whose result may be written for texels that are
// elsewhere: where those may wait, nobody reads what the Var held.
func (k *Kernel) whole() {
	live := k.liveAt()
	words := (len(k.Vars) + 63) / 64
	wait := make([]uint64, words)
	for b := range k.Blocks {
		clear(wait)
		for from := range k.Blocks {
			e := &k.Blocks[from].Exit
			if e.Op == isa.DONE {
				continue
			}
			for _, to := range e.ways() {
				if k.waits(from, to, b) {
					merge(wait, live[to])
				}
			}
		}
		for i := range k.Blocks[b].Instrs {
			if in := &k.Blocks[b].Instrs[i]; in.Dst >= 0 {
				in.Whole = wait[in.Dst/64]>>(in.Dst%64)&1 == 0
			}
		}
	}
	for i := range k.Row {
		k.Row[i].Whole = true
	}
}

// ways are the blocks that an exit leads to.
func (e *Exit) ways() []int {
	switch e.Op {
	case isa.DONE:
		return nil
	case isa.JMP:
		return []int{e.Then}
	}
	return []int{e.Then, e.Else}
}

// waits says whether texels may wait on the way from one block to another while those
// of block b run: they passed b ahead, or left a loop of b in a turn before, or are
// back at the head of one.
func (k *Kernel) waits(from, to, b int) bool {
	if to > b && from < b {
		return true
	}
	for _, l := range k.Loops {
		if b < l.Head || b > l.Last {
			continue
		}
		within := from >= l.Head && from <= l.Last
		if within && to > l.Last || to == l.Head && from < b && from >= l.Head {
			return true
		}
	}
	return false
}

// liveAt gives for each block the Vars that are read there, or behind, before they
// are written.
func (k *Kernel) liveAt() [][]uint64 {
	words := (len(k.Vars) + 63) / 64
	live := make([][]uint64, len(k.Blocks))
	written := make([][]uint64, len(k.Blocks))
	for b := range k.Blocks {
		live[b], written[b] = make([]uint64, words), make([]uint64, words)
		read := func(args []Arg) {
			for _, a := range args {
				if a.Var >= 0 && written[b][a.Var/64]>>(a.Var%64)&1 == 0 {
					live[b][a.Var/64] |= 1 << (a.Var % 64)
				}
			}
		}
		for i := range k.Blocks[b].Instrs {
			in := &k.Blocks[b].Instrs[i]
			read(in.Args)
			if in.Dst >= 0 {
				written[b][in.Dst/64] |= 1 << (in.Dst % 64)
			}
		}
		read(k.Blocks[b].Exit.Args)
	}
	for again := true; again; {
		again = false
		for b := len(k.Blocks) - 1; b >= 0; b-- {
			for _, to := range k.Blocks[b].Exit.ways() {
				for i, w := range live[to] {
					if more := w &^ written[b][i] &^ live[b][i]; more != 0 {
						live[b][i] |= more
						again = true
					}
				}
			}
		}
	}
	return live
}

// always finds the PUT that is the last of every texel.
func (k *Kernel) always() {
	const unknown, many = ^uint32(0), ^uint32(0) - 1 // no address of the page
	meet := func(a, b uint32) uint32 {
		switch {
		case a == unknown || a == b:
			return b
		case b == unknown:
			return a
		}
		return many
	}
	in := make([]uint32, len(k.Blocks))
	for b := range in {
		in[b] = unknown
	}
	in[0] = 0
	end := unknown
	for again := true; again; {
		again = false
		for b := range k.Blocks {
			put := in[b]
			if put == unknown {
				continue
			}
			for i := range k.Blocks[b].Instrs {
				if at := &k.Blocks[b].Instrs[i]; at.Op == isa.PUT {
					put = at.PC
				}
			}
			if k.Blocks[b].Exit.Op == isa.DONE {
				end = meet(end, put)
			}
			for _, to := range k.Blocks[b].Exit.ways() {
				if m := meet(in[to], put); m != in[to] {
					in[to] = m
					again = true
				}
			}
		}
	}
	if end != many && end != unknown {
		k.Always = end
	}
}
