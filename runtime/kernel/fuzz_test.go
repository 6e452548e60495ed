package kernel_test

import (
	"encoding/binary"
	"testing"

	"gvpie/runtime/generate"
)

// FuzzBuild: a block of a random program, with words of its code changed, is refused, or
// its kernel does what the machine does and keeps every claim. The edits are places and
// words.
func FuzzBuild(f *testing.F) {
	f.Add(int64(1), []byte{})
	f.Add(int64(38), []byte{90, 0, 3, 0, 0, 0})
	f.Add(int64(2475), []byte{})
	f.Fuzz(func(t *testing.T, seed int64, edits []byte) {
		g := generate.New(seed, true)
		a := g.Assemble()
		if a.Header.W*a.Header.H > 64 {
			t.Skip() // the fuzzer takes what takes long for hung
		}
		p := a.Program
		code := p[8:a.Header.CodeEnd]
		for ; len(edits) >= 6 && len(code) > 0; edits = edits[6:] {
			at := int(binary.LittleEndian.Uint16(edits)) % len(code)
			code[at] = binary.LittleEndian.Uint32(edits[2:])
		}
		var seen tally
		if err := compare(p, 1, 3000, g.Inputs, 2, &seen); err != nil {
			t.Fatalf("%v\nbefore the edits:\n%s", err, g.Source)
		}
	})
}
