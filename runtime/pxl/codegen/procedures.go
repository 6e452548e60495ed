package codegen

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// placeActivations puts the activations behind the arrays, from word data on, and gives
// where the data page ends: without a circle of calls each behind those of all that may
// call it, with one each on its own, and behind them what keeps those of calls that are
// not over when the next comes.
func (g *generator) placeActivations(data int) int {
	if len(g.Procs) == 0 {
		return data
	}
	from, stride, save := data, 0, 0
	if g.circle {
		for i := range g.acts {
			if p := &g.Procs[i]; p.Body {
				g.acts[i].base = data
				data += g.acts[i].words
				if p.Recursive {
					stride = max(stride, g.acts[i].words)
				}
			}
		}
		save = data
		g.save, g.stride = save, stride
		data += isa.StackDepth * stride
	} else {
		data = g.stacked(g.acts, data)
	}
	if from <= isa.MaxDataWords && data > isa.MaxDataWords {
		largest := slices.MaxFunc(g.acts, func(a, b activation) int { return a.words - b.words })
		p := &g.Procs[largest.proc]
		g.Errorf(syntax.CodeDataFull, p.Pos, p.End, "the data page is full: it holds %d words, %d of them are left for what the calls of procedures need, and that is %d", isa.MaxDataWords, isa.MaxDataWords-from, data-from)
	}
	if g.Errors() > 0 {
		return data
	}
	for i := range g.acts {
		a := &g.acts[i]
		kept, step := save, stride
		if !g.Procs[i].Recursive {
			kept, step = 0, 0
		}
		for _, at := range a.refs {
			g.code[at], g.code[at+1], g.code[at+2], g.code[at+3] = uint32(a.base), uint32(a.words), uint32(kept), uint32(step)
		}
	}
	for _, r := range g.callRefs {
		g.code[r.at] = uint32(g.acts[r.target].entry)
	}
	placeWords(g.code[:g.codeEnd], g.acts)
	return data
}

// stacked places activations where no procedure calls itself, and gives where they end.
func (e *effects) stacked(acts []activation, data int) int {
	callers := make([]int, len(e.Procs))
	for i := range e.Procs {
		if e.Procs[i].Body {
			for _, to := range e.Procs[i].Calls {
				callers[to]++
			}
		}
	}
	var todo []int32
	for i := range e.Procs {
		acts[i].base = data
		if callers[i] == 0 && e.Procs[i].Body {
			todo = append(todo, int32(i))
		}
	}
	end := data
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		behind := acts[i].base + acts[i].words
		end = max(end, behind)
		for _, to := range e.Procs[i].Calls {
			acts[to].base = max(acts[to].base, behind)
			if callers[to]--; callers[to] == 0 {
				todo = append(todo, to)
			}
		}
	}
	return end
}

// placeWords replaces the words of activations in the code by their data indices.
func placeWords(code []uint32, acts []activation) {
	place := func(at int, index uint32) {
		if proc, ok := check.IsLocal(int32(index)); ok {
			code[at] += uint32(acts[proc].base) + index&(1<<check.ActivationBits-1) - index
		}
	}
	for at := isa.HeaderWords; at < len(code); {
		in, ok := isa.Decode(code, at, len(code))
		if !ok {
			return
		}
		for i, w := range in.Args {
			if in.Spec.Operands[i].Kind == isa.Out || in.Mask>>i&1 == 1 {
				place(at+1+i, w)
			}
		}
		tail := at + in.Size - len(in.Tail)
		for i, w := range in.Tail {
			switch {
			case in.Spec.Tail == isa.CaptureTail, in.Spec.Tail == isa.ArgTail && i%2 == 1 && in.Tail[i-1] == 1:
				place(tail+i, w)
			case in.Spec.Tail == isa.TextTail && w&isa.TextValue == isa.TextValue:
				place(tail+i, w&isa.TextValueIndex)
			}
		}
		at += in.Size
	}
}
