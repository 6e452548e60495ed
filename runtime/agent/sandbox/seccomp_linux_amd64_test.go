package sandbox

import (
	"strings"
	"testing"
)

// Calls by another numbering would pass a filter that knows one.
func TestOtherCallNumberingsAreDeadly(t *testing.T) {
	confinable(t)
	for name, code := range map[string]string{
		"x32": `
import ctypes
ctypes.CDLL(None).syscall(0x40000000 | 39)
`,
		"i386": `
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3")) # mov eax, 20; int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
`,
	} {
		t.Run(name, func(t *testing.T) {
			res, err := Run(t.Context(), Spec{Code: code + "print('BREACH')\n", Wall: patience})
			if err != nil {
				t.Fatal(err)
			}
			if res.Signal != "SIGSYS" || strings.Contains(res.Stdout, "BREACH") {
				t.Errorf("%+v", res)
			}
		})
	}
}
