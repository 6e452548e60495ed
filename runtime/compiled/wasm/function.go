package wasm

// function is the code of one function as it is written: a stack machine's
// instructions, and locals.
type function struct {
	params, results []valueType
	locals          []valueType // behind the parameters
	body            buffer
	depth           int // blocks that are open

	free map[valueType][]local // locals that a temporary value had
}

// local names a parameter or a local.
type local uint32

// label is a block, loop or if, as one that is within it branches to it.
type label int

func newFunction(params, results []valueType) *function {
	return &function{params: params, results: results, free: map[valueType][]local{}}
}

// local makes a local; it starts as 0.
func (f *function) local(t valueType) local {
	f.locals = append(f.locals, t)
	return local(len(f.params) + len(f.locals) - 1)
}

// temp is a local that release gives back. What it holds is anyone's.
func (f *function) temp(t valueType) local {
	if n := len(f.free[t]); n > 0 {
		l := f.free[t][n-1]
		f.free[t] = f.free[t][:n-1]
		return l
	}
	return f.local(t)
}

func (f *function) release(ls ...local) {
	for _, l := range ls {
		t := f.locals[int(l)-len(f.params)]
		f.free[t] = append(f.free[t], l)
	}
}

// keep takes the top of the stack into a temp.
func (f *function) keep(t valueType) local {
	l := f.temp(t)
	f.set(l)
	return l
}

// op writes instructions that have no immediates.
func (f *function) op(ops ...opcode) {
	for _, o := range ops {
		if o>>8 != 0 {
			f.body.byte(byte(o >> 8))
			f.body.u32(uint32(o & 0xFF))
			continue
		}
		f.body.byte(byte(o))
	}
}

func (f *function) get(ls ...local) {
	for _, l := range ls {
		f.op(opLocalGet)
		f.body.u32(uint32(l))
	}
}

func (f *function) set(l local) {
	f.op(opLocalSet)
	f.body.u32(uint32(l))
}

func (f *function) tee(l local) {
	f.op(opLocalTee)
	f.body.u32(uint32(l))
}

func (f *function) i32(v int32) {
	f.op(opI32Const)
	f.body.s64(int64(v))
}

func (f *function) i64(v int64) {
	f.op(opI64Const)
	f.body.s64(v)
}

// v128 is a constant of four words.
func (f *function) v128(a, b, c, d uint32) {
	f.op(opV128Const)
	for _, w := range [4]uint32{a, b, c, d} {
		f.body = append(f.body, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
}

// all is a constant of four equal words.
func (f *function) all(w uint32) { f.v128(w, w, w, w) }

// shuffle takes 16 bytes of two vectors' 32 by their numbers.
func (f *function) shuffle(bytes [16]byte) {
	f.op(opI8x16Shuffle)
	f.body = append(f.body, bytes[:]...)
}

// lane is an instruction on one word of a vector.
func (f *function) lane(o opcode, n int) {
	f.op(o)
	f.body.byte(byte(n))
}

// load is a load or store at the address on the stack and so many bytes more.
func (f *function) load(o opcode, offset uint32) {
	f.op(o)
	f.body.byte(0) // alignment that is promised: none
	f.body.u32(offset)
}

// loadLane loads a word into one of a vector's.
func (f *function) loadLane(offset uint32, n int) {
	f.load(opV128Load32Lane, offset)
	f.body.byte(byte(n))
}

func (f *function) call(fn int) {
	f.op(opCall)
	f.body.u32(uint32(fn))
}

// open begins a block, loop or if without results.
func (f *function) open(o opcode) label {
	f.op(o)
	f.body.byte(0x40)
	f.depth++
	return label(f.depth)
}

func (f *function) end() {
	f.op(opEnd)
	f.depth--
}

// br goes to the end of a block or if, or the beginning of a loop.
func (f *function) br(o opcode, to label) {
	f.op(o)
	f.body.u32(uint32(f.depth - int(to)))
}

func (f *function) encode() []byte {
	var b buffer
	b.u32(uint32(len(f.locals)))
	for _, t := range f.locals {
		b.u32(1)
		b.byte(byte(t))
	}
	b = append(b, f.body...)
	b.byte(byte(opEnd))
	return b
}
