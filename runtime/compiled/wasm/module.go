package wasm

import "encoding/binary"

// valueType is the type of a local, a parameter or a result.
type valueType byte

const (
	i32  valueType = 0x7F
	i64  valueType = 0x7E
	v128 valueType = 0x7B
)

const pageBytes = 65536 // memory is counted in these

// module is what becomes a file: functions, one memory, and bytes that it starts with.
type module struct {
	funcs   []*function
	exports []export
	bytes   uint32 // of memory
	data    []segment
}

// export is a function by its name.
type export struct {
	name string
	fn   int
}

// segment is bytes that memory holds from an address on.
type segment struct {
	at    uint32
	bytes []byte
}

// add gives a function a number to call it by.
func (m *module) add(f *function) int {
	m.funcs = append(m.funcs, f)
	return len(m.funcs) - 1
}

// encode writes the module in the binary format.
func (m *module) encode() []byte {
	out := []byte{0, 'a', 's', 'm', 1, 0, 0, 0}
	var types, funcs, code buffer
	types.u32(uint32(len(m.funcs)))
	funcs.u32(uint32(len(m.funcs)))
	code.u32(uint32(len(m.funcs)))
	for i, f := range m.funcs {
		types.byte(0x60)
		types.types(f.params)
		types.types(f.results)
		funcs.u32(uint32(i))
		code.sized(f.encode())
	}
	out = section(out, 1, types)
	out = section(out, 3, funcs)

	pages := (m.bytes + pageBytes - 1) / pageBytes
	memory := buffer{1, 1}
	memory.u32(pages)
	memory.u32(pages)
	out = section(out, 5, memory)

	var exports buffer
	exports.u32(uint32(len(m.exports) + 1))
	exports.sized([]byte("memory"))
	exports.byte(2)
	exports.u32(0)
	for _, e := range m.exports {
		exports.sized([]byte(e.name))
		exports.byte(0)
		exports.u32(uint32(e.fn))
	}
	out = section(out, 7, exports)
	out = section(out, 10, code)

	if len(m.data) == 0 {
		return out
	}
	var data buffer
	data.u32(uint32(len(m.data)))
	for _, s := range m.data {
		data.byte(0)
		data.byte(byte(opI32Const))
		data.s64(int64(int32(s.at)))
		data.byte(byte(opEnd))
		data.sized(s.bytes)
	}
	return section(out, 11, data)
}

func section(out []byte, id byte, content buffer) []byte {
	b := buffer(append(out, id))
	b.sized(content)
	return b
}

// buffer is bytes in the binary format's encodings.
type buffer []byte

func (b *buffer) byte(v byte) { *b = append(*b, v) }

// u32 is LEB128 without a sign.
func (b *buffer) u32(v uint32) { *b = binary.AppendUvarint(*b, uint64(v)) }

// s64 is LEB128 with a sign, as constants have it.
func (b *buffer) s64(v int64) {
	for v < -64 || v > 63 {
		b.byte(byte(v)&0x7F | 0x80)
		v >>= 7
	}
	b.byte(byte(v) & 0x7F)
}

// sized is bytes behind their number.
func (b *buffer) sized(p []byte) {
	b.u32(uint32(len(p)))
	*b = append(*b, p...)
}

func (b *buffer) types(t []valueType) {
	b.u32(uint32(len(t)))
	for _, v := range t {
		b.byte(byte(v))
	}
}
