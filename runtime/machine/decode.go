package machine

import "gvpie/runtime/isa"

// Ops that only decoded code has. Their numbers have no isa.Spec.
const (
	opFetch isa.Op = 0xF0 + iota // not decoded yet
	opEnd                        // the address that code may not reach
	opBad                        // bad_opcode; x[0] is the header texel
	opRange                      // an operand's index is out of range; x[0] is the index
	opStop                       // the core stops before it: see Probe.StopAt
)

// instr is one instruction, ready to execute. An In operand's x is the word of
// code.mem that holds its value, whether that is a variable or a constant; an
// Out operand's x is the word the result goes to; others are as they stand.
type instr struct {
	op   isa.Op
	args uint8  // operand texels
	size uint16 // texels in all: the program page has no more
	x    [7]uint32
}

// code is a stretch of the program page, decoded: for each address the
// instruction that begins there, so that a jump into the middle of one finds
// whatever those words spell. Constants live in mem behind the scalars, so that
// executing never asks which of the two an operand is.
type code struct {
	words   []uint32
	start   int // at[i] is the instruction at address start+i
	limit   int // address that code may not reach
	scalars uint32
	each    bool       // scalars are lane words, and only InEach is allowed
	lanes   int        // each: lane words that the code can reach
	mem     []uint32   // scalars words, then constants
	recent  [64]uint32 // words of mem that hold constants, by a hash of them
	at      []instr
	fast    []tight // of the core, like at

	stops map[uint32]instr // what stands at the addresses of each opStop
}

// reset makes it a stretch of words that is not decoded yet, in the memory it has.
func (c *code) reset(words []uint32, start, limit int, scalars uint32, each bool) {
	*c = code{
		words: words, start: start, limit: limit, scalars: scalars, each: each,
		mem: c.mem, fast: c.fast,
		at: resize(c.at, limit-start+1),
	}
	if each {
		c.mem = resize(c.mem, int(scalars)+16)
	} else {
		c.mem = resize(c.mem, isa.MaxDataWords)
		c.fast = resize(c.fast, len(c.at))
		clear(c.fast)
	}
	c.mem = c.mem[:scalars] // constants follow
	clear(c.mem)
	for i := range c.at {
		c.at[i].op = opFetch
	}
	c.at[limit-start].op = opEnd
}

// decode fills in the instruction at an address below the limit. It may move
// mem.
func (c *code) decode(addr int) {
	c.decodeAny(addr)
	if !c.each {
		c.tighten(addr)
	}
}

// decodeAny is decode but for the tight form.
func (c *code) decodeAny(addr int) {
	out := &c.at[addr-c.start]
	in, ok := isa.Decode(c.words, addr, c.limit)
	if !ok || c.each && !in.Spec.InEach || !c.each && !in.Spec.InCore {
		*out = instr{op: opBad, x: [7]uint32{c.words[addr]}}
		return
	}
	*out = instr{op: in.Spec.Op, args: uint8(len(in.Args)), size: uint16(in.Size)}
	for i, arg := range in.Args {
		kind := in.Spec.Operands[i].Kind
		switch {
		case kind == isa.In && in.Mask>>i&1 == 0:
			out.x[i] = c.constant(arg)
		case kind == isa.In || kind == isa.Out:
			slot, ok := c.scalar(arg)
			if !ok {
				*out = instr{op: opRange, x: [7]uint32{arg}}
				return
			}
			out.x[i] = slot
		default:
			out.x[i] = arg
		}
	}
	if in.Spec.Tail == isa.ArgTail {
		for i := 0; i < len(in.Tail); i += 2 {
			if in.Tail[i] == 1 && in.Tail[i+1] >= c.scalars {
				*out = instr{op: opRange, x: [7]uint32{in.Tail[i+1]}}
				return
			}
		}
	}
	if in.Spec.Tail == isa.TextTail {
		c.decodeText(out, in.Tail, c.words[addr])
	}
}

// decodeText looks at the references of a text: to words that are there, and
// whole.
func (c *code) decodeText(out *instr, tail []uint32, header uint32) {
	for len(tail) > 0 {
		p, ok := isa.DecodeText(tail)
		if !ok {
			*out = instr{op: opBad, x: [7]uint32{header}}
			return
		}
		tail = tail[p.Size:]
		if !p.IsValue {
			continue
		}
		if _, ok := c.scalar(p.Index); !ok {
			*out = instr{op: opRange, x: [7]uint32{p.Index}}
			return
		}
	}
}

// scalar finds the word of mem that an operand's index names.
func (c *code) scalar(index uint32) (slot uint32, ok bool) {
	if c.each {
		if index&isa.LaneFlag == 0 {
			return 0, false
		}
		index &= isa.LaneFlag - 1
	}
	if index >= c.scalars {
		return 0, false
	}
	c.lanes = max(c.lanes, int(index)+1)
	return index, true
}

// constant is the word of mem that holds v, one of those there if it is found at once.
func (c *code) constant(v uint32) uint32 {
	recent := &c.recent[v*0x9E3779B1>>26]
	if slot := *recent; slot >= c.scalars && slot < uint32(len(c.mem)) && c.mem[slot] == v {
		return slot
	}
	*recent = uint32(len(c.mem))
	c.mem = append(c.mem, v)
	return *recent
}

// stopAt puts an opStop at addresses, and takes those away that were there before.
func (c *code) stopAt(addrs []int) {
	for at, in := range c.stops {
		c.at[at] = in
		c.tighten(int(at))
	}
	clear(c.stops)
	if len(addrs) > 0 && c.stops == nil {
		c.stops = map[uint32]instr{}
	}
	for _, addr := range addrs {
		if _, is := c.stops[uint32(addr)]; is || addr < isa.HeaderWords || addr >= c.limit {
			continue
		}
		if c.at[addr].op == opFetch {
			c.decode(addr)
		}
		c.stops[uint32(addr)] = c.at[addr]
		c.at[addr].op, c.fast[addr].op = opStop, tightOther
	}
	// A comparison takes the jump behind it along only where nothing stops before that.
	for addr := range c.fast {
		if op := c.at[addr].op; op >= isa.EQ && op <= isa.GE {
			c.tighten(addr)
		}
	}
}

// tail is the texels after the count texel of the instruction at addr.
func (c *code) tail(addr int, in *instr) []uint32 {
	return c.words[addr+2+int(in.args) : addr+int(in.size)]
}
