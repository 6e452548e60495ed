package difftest

import (
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// TestCallsOfAnyWords: what no assembler writes of INVOKE and RETURN, at the edges of
// what they may name. Both machines say the same, and what is expected.
func TestCallsOfAnyWords(t *testing.T) {
	const (
		data  = isa.SysWords + 600
		act   = isa.SysWords + 4
		first = isa.HeaderWords
	)
	invoke := func(to, act, n, save, stride uint32, tail ...uint32) []uint32 {
		return append([]uint32{isa.InstrHeader(isa.INVOKE, 5, 0), to, act, n, save, stride, uint32(len(tail))}, tail...)
	}
	leave := func(value, mask, act, n, save, stride uint32) []uint32 {
		return []uint32{isa.InstrHeader(isa.RETURN, 6, uint8(mask<<1)), isa.SysWords, value, act, n, save, stride}
	}
	halt := []uint32{isa.InstrHeader(isa.HALT, 0, 0)}
	for _, c := range []struct {
		name  string
		code  [][]uint32
		fault isa.Fault // 0: it halts
	}{
		{"to the header", [][]uint32{invoke(first-1, act, 2, 0, 0)}, isa.AddressOutOfRange},
		{"to the code's end", [][]uint32{invoke(first+7, act, 2, 0, 0)}, 0},
		{"behind the code's end", [][]uint32{invoke(first+8, act, 2, 0, 0)}, isa.AddressOutOfRange},
		{"far behind it", [][]uint32{invoke(1<<31, act, 2, 0, 0)}, isa.AddressOutOfRange},
		{"an activation to the page's end", [][]uint32{invoke(first+7, data-2, 2, 0, 0)}, 0},
		{"an activation beyond it", [][]uint32{invoke(first+7, data-1, 2, 0, 0)}, isa.AddressOutOfRange},
		{"an activation that wraps", [][]uint32{invoke(first+7, 1<<32-1, 2, 0, 0)}, isa.AddressOutOfRange},
		{"as long as one may be", [][]uint32{invoke(first+7, act, isa.MaxActivation, 0, 0)}, 0},
		{"longer", [][]uint32{invoke(first+7, act, isa.MaxActivation+1, 0, 0)}, isa.AddressOutOfRange},
		{"kept to the page's end", [][]uint32{invoke(first+7, act, 2, data-2, 2)}, 0},
		{"kept beyond it", [][]uint32{invoke(first+7, act, 2, data-1, 2)}, isa.AddressOutOfRange},
		{"kept beyond it, deeper", [][]uint32{invoke(first+7, act, 2, 0, 0), invoke(first+14, act, 2, data-3, 2)}, isa.AddressOutOfRange},
		{"an argument cut off", [][]uint32{invoke(first+8, act, 2, 0, 0, 0)}, isa.BadOpcode},
		{"as many arguments as words", [][]uint32{invoke(first+11, act, 2, 0, 0, 0, 1, 1, act)}, 0},
		{"an argument too many", [][]uint32{invoke(first+11, act, 1, 0, 0, 0, 1, 0, 2)}, isa.BadOpcode},
		{"an argument of no kind", [][]uint32{invoke(first+9, act, 2, 0, 0, 2, 1)}, isa.BadOpcode},
		{"an argument of no word", [][]uint32{invoke(first+9, act, 2, 0, 0, 1, data)}, isa.AddressOutOfRange},
		{"back from no call", [][]uint32{leave(1, 0, act, 2, 0, 0)}, isa.StackUnderflow},
		{"back from a CALL alone", [][]uint32{{isa.InstrHeader(isa.CALL, 1, 0), first + 2}, leave(1, 0, act, 2, 0, 0)}, isa.StackUnderflow},
		{"RET from an INVOKE", [][]uint32{invoke(first+7, act, 2, 0, 0), {isa.InstrHeader(isa.RET, 0, 0)}}, isa.StackUnderflow},
		{"back with an activation beyond the page", [][]uint32{invoke(first+7, act, 2, 0, 0), leave(1, 0, data-1, 2, 0, 0)}, isa.AddressOutOfRange},
		{"back with what was kept beyond the page", [][]uint32{invoke(first+7, act, 2, 0, 0), leave(1, 0, act, 2, data-1, 2)}, isa.AddressOutOfRange},
		{"the value is a word that is brought back", [][]uint32{
			{isa.InstrHeader(isa.SET, 2, 0), act, 3},
			invoke(first+13, act, 2, act+10, 2, 0, 7), halt,
			leave(act, 1, act, 2, act+10, 2),
		}, 0},
	} {
		var code []uint32
		for _, in := range c.code {
			code = append(code, in...)
		}
		h := isa.NewHeader(isa.Header{W: 4, H: 4, DataWords: data, CodeEnd: first + len(code)})
		p := append(isa.Program(h[:]), code...)
		slow, cpu := &slow{}, engine.NewCPU()
		if err := Compare(t.Context(), cpu, slow, Run{Program: p, Budget: 100}); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		_, fault := replay(t, cpu, Run{Program: p, Budget: 100})
		switch {
		case c.fault == 0 && fault != nil, c.fault != 0 && (fault == nil || fault.Code != c.fault):
			t.Errorf("%s: %s, want %v", c.name, faultText(fault), c.fault)
		case len(c.code) == 4:
			if words, err := cpu.Read(t.Context(), machine.DataPage); err != nil || words[isa.SysWords] != 7 || words[act] != 3 {
				t.Errorf("it gives %d and brings %d back: %v", words[isa.SysWords], words[act], err)
			}
		}
	}
}
