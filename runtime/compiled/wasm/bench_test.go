//go:build unix

package wasm_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

const plasma = `.canvas 240 136 pixel
.table pal 0x000000 0x3366FF 0xFF6633 0xFFFFFF
loop:
  EACH
    SET c = (((px*px + py*py) >> 4) + (px ^ py) + 3*frame) & 3
    PUT pal[c]
  END
  FRAME
  JMP loop
`

const mandelbrot = `.canvas 1024 1024 pixel
.table pal 0 0x110044 0x220088 0x4400CC 0x8800FF 0xCC44CC 0xFF8844 0xFFCC22 0xFFFFFF
EACH
  SET cr = (px - 64) * 48
  SET ci = (py - 32) * 64
  SET zr = 0
  SET zi = 0
  SET n = 0
  WHILE n < 40 && zr*zr + zi*zi < 4*1024*1024
    SET t = ((zr*zr - zi*zi) >> 10) + cr
    SET zi = ((2*zr*zi) >> 10) + ci
    SET zr = t
    SET n = n + 1
  END
  PUT pal[n * 8 / 40]
END
`

const life = `.canvas 1024 1024 pixel
FOR i = 0 TO 40000
  PLOT rnd(W) rnd(H) white
END
FRAME
loop:
  EACH
    SET n = 0
    FOR dy = -1 TO 1
      FOR dx = -1 TO 1
        IF dx != 0 || dy != 0
          IF peek((px + dx + W) % W, (py + dy + H) % H) != 0 SET n = n + 1
        END
      END
    END
    SET alive = peek(px, py) != 0
    IF n == 3 || (alive && n == 2)
      PUT white
    ELSE
      PUT black
    END
  END
  FRAME
  JMP loop
`

func smaller(source string, size string) string {
	return ".canvas " + size + source[len(".canvas 1024 1024"):]
}

func assemble(tb testing.TB, file, source string) isa.Program {
	tb.Helper()
	r := pxl.AssembleFile(file, file, source)
	if r.Program == nil {
		tb.Fatalf("%v\n%s", r.Diagnostics, source)
	}
	return r.Program
}

// last is the last EACH of a program's third frame, ready to be run.
type last struct {
	*instance
	x0, y0, x1, y1 int
}

func prepare(tb testing.TB, p isa.Program) last {
	tb.Helper()
	ctx := tb.Context()
	m, err := machine.New(p, 1)
	if err != nil {
		tb.Fatal(err)
	}
	frame := func() {
		if _, err := m.Frame(ctx, machine.Input{}, isa.DefaultBudget); err != nil {
			tb.Fatal(err)
		}
	}
	frame()
	frame()
	began := append([]uint32(nil), m.Page(machine.DisplayPage)...)
	frame()
	var each isa.Command
	for _, c := range m.Commands() {
		if c.Op() == isa.EACH {
			each = c
		}
	}
	h, _ := p.Header()
	k, err := kernel.Build(p, h, uint32(each.PC()))
	if err != nil {
		tb.Fatal(err)
	}
	c := newCompiler(tb)
	mod, err := c.compile(k, h.DataWords, len(p))
	if err != nil {
		tb.Fatal(err)
	}
	in := mod.open()
	in.write(mod.l.Captures, m.Payload()[each[isa.CmdText]:][:each[isa.CmdLen]])
	if k.Reads.State {
		in.write(mod.l.State, m.Page(machine.StatePage))
	}
	if k.Reads.Data {
		in.write(mod.l.Data, m.Page(machine.DataPage))
	}
	if k.Reads.Program {
		in.write(mod.l.Program, p)
	}
	if k.Reads.Began {
		in.write(mod.l.Began, began)
	}
	x, y := int(int32(each[isa.CmdA])), int(int32(each[isa.CmdB]))
	return last{in, max(0, x), max(0, y), min(h.W, x+int(int32(each[isa.CmdC]))), min(h.H, y+int(int32(each[isa.CmdD])))}
}

// used is the processor's time of the process: others on the machine don't count.
func used() time.Duration {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkRow runs the blocks of known programs, row by row, and of those that the
// pattern of files in PORTS names.
func BenchmarkRow(b *testing.B) {
	run := func(name, file, source string) {
		b.Run(name, func(b *testing.B) {
			l := prepare(b, assemble(b, file, source))
			before := used()
			for b.Loop() {
				for y := l.y0; y < l.y1; y++ {
					if end := l.run(l.x0, l.x1, y); end != l.x1 {
						b.Fatalf("row %d: it stops at texel %d", y, end)
					}
				}
			}
			b.ReportMetric(float64(b.N)*float64((l.x1-l.x0)*(l.y1-l.y0))/1e6/(used()-before).Seconds(), "Mtexel/s")
			b.ReportMetric(0, "ns/op")
		})
	}
	run("plasma", "", plasma)
	run("mandel 96x64", "", smaller(mandelbrot, "96 64"))
	run("mandel 1024", "", mandelbrot)
	run("life 1024", "", life)
	for _, file := range []string{"plasma", "life", "fire", "julia", "caves", "islands", "road", "tree"} {
		path := filepath.Join("../../../assets/examples", file+".pxl")
		source, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		run("example "+file, path, string(source))
	}
	ports, _ := filepath.Glob(os.Getenv("PORTS"))
	for _, path := range ports {
		source, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		run(filepath.Base(path), path, string(source))
	}
}
