package flow

import "gvpie/runtime/isa"

// EachAt follows the block of the EACH at an address. captures are the data words
// that its texels start with. ok is false if there is no EACH, or executing it is an
// error.
func EachAt(p isa.Program, h isa.Header, addr uint32) (block *Code, captures []uint32, ok bool) {
	core := walk{p: p, h: h, Span: Span{isa.HeaderWords, uint32(max(h.CodeEnd, isa.HeaderWords))}}
	if addr < core.Start || addr >= core.End {
		return nil, nil, false
	}
	in, ok := core.decode(addr)
	if !ok || in.Spec.Op != isa.EACH {
		return nil, nil, false
	}
	end, _ := Target(in)
	if !core.closed(in, end) {
		return nil, nil, false
	}
	w := newWalk(p, h, Span{uint32(in.Addr + in.Size), end})
	w.lanes = true
	return w.follow(w.Start), in.Tail, true
}
