package pxl_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/cputime"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/service"
)

// A large program: 5000 lines with 500 procedures, most of them in ten files that it
// includes. It is to be assembled in under 20 ms, and a keystroke in it to take under 16.
const (
	largeIncludes = 10
	largeEach     = 50 // procedures a file
)

// largeProgram writes the included files to a folder, and gives the folder and the
// program's text.
func largeProgram(b *testing.B) (in include.Dir, text string) {
	b.Helper()
	dir := b.TempDir()
	var main strings.Builder
	total := 0
	for i := range largeIncludes {
		var file strings.Builder
		for k := range largeEach {
			name := fmt.Sprintf("part%d_%d", i, k)
			fmt.Fprintf(&file, "; what %s does\nDEF %s(a, b)\n  LOCAL t\n  t = a * 3 + (b >> 2)\n  IF t > W\n    t -= W\n  END\n  RECT t (b + %d) 4 2 rgb(a, b, t)\n  RETURN t\nEND\n", name, name, k)
			if k > 0 {
				fmt.Fprintf(&main, "  x%d = part%d_%d(x%d, y)\n", k%9, i, k, (k+1)%9)
			}
		}
		name := fmt.Sprintf("part%d.pxl", i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(file.String()), 0o600); err != nil {
			b.Fatal(err)
		}
		total += strings.Count(file.String(), "\n")
		text += fmt.Sprintf("INCLUDE %q\n", name)
	}
	text += "loop:\n  y = frame\n" + main.String() + "  FRAME\n  JMP loop\n"
	if total += strings.Count(text, "\n"); total < 5000 {
		b.Fatalf("it has %d lines", total)
	}
	return include.Of(filepath.Join(dir, "large.pxl")), text
}

// reportProcessor reports what one operation kept processors busy, which is what counts
// where other programs run too.
func reportProcessor(b *testing.B) func() {
	began := cputime.Used()
	return func() {
		b.ReportMetric(float64(cputime.Used()-began)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
	}
}

func BenchmarkAssembleLargeProgram(b *testing.B) {
	in, text := largeProgram(b)
	defer reportProcessor(b)()
	for b.Loop() {
		if a := pxl.AssembleIn("large.pxl", text, in); !a.OK() {
			b.Fatal(a.Diagnostics[0])
		}
	}
}

// lines are a text for the service.
type lines []string

func (l *lines) Lines() int        { return len(*l) }
func (l *lines) Line(i int) string { return (*l)[i] }

// BenchmarkKeystrokeInLargeProgram is what follows a key: the editor asks what could be
// written there, and the program is assembled.
func BenchmarkKeystrokeInLargeProgram(b *testing.B) {
	in, text := largeProgram(b)
	all := lines(strings.Split(text, "\n"))
	d := service.NewDocument(&all)
	const at = 200
	line := all[at]
	defer reportProcessor(b)()
	for n := 0; b.Loop(); n++ {
		all[at] = line[:len(line)-n%4] // a call that is being written
		d.Edited(at, 1, 1)
		d.Complete(service.Cursor{Line: at, Byte: len(all[at])})
		pxl.AssembleIn("large.pxl", strings.Join(all, "\n"), in)
	}
}
