package compiled

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opened is a Compiler, and what it logs.
func opened(t *testing.T, mode Mode) (*Compiler, *bytes.Buffer) {
	t.Helper()
	if err := supported(); err != nil {
		t.Skip(err)
	}
	log := new(bytes.Buffer)
	return New(mode, slog.New(slog.NewTextHandler(log, nil))), log
}

func assembled(t testing.TB, source string) isa.Program {
	t.Helper()
	a := pxl.Assemble("", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	return a.Program
}

// loaded is a machine of its own for a program.
func loaded(t testing.TB, c *Compiler, p isa.Program) *machine.Machine {
	t.Helper()
	m, err := machine.New(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c != nil {
		m.CompileWith(c)
	}
	return m
}

func framed(t testing.TB, m *machine.Machine) machine.Report {
	t.Helper()
	r, err := m.Frame(t.Context(), machine.Input{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// same runs a frame on both and holds one to the other.
func same(t *testing.T, plain, m *machine.Machine) {
	t.Helper()
	if want, got := framed(t, plain), framed(t, m); !reflect.DeepEqual(want, got) {
		t.Errorf("the frame ends with %+v, not %+v", got, want)
	}
	for page := machine.DisplayPage; page <= machine.StatePage; page++ {
		if !slices.Equal(plain.Page(page), m.Page(page)) {
			t.Errorf("another %v page", page)
		}
	}
}

// wait waits until nothing is compiled in the background.
func (c *Compiler) wait() {
	c.mu.Lock()
	idle := c.queue.idle
	c.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

const picture = ".canvas 40 30 pixel\nloop:\nEACH\n  PUT px * py + frame\nEND\nFRAME\nJMP loop\n"

func TestModes(t *testing.T) {
	for text, want := range map[string]Mode{"": InTime, "now": Now, "off": Off} {
		if m, err := ParseMode(text); m != want || err != nil {
			t.Errorf("%q is %v, %v", text, m, err)
		}
	}
	if _, err := ParseMode("yes"); err == nil || !strings.Contains(err.Error(), `"yes"; it may be now or off`) {
		t.Error(err)
	}
	p := assembled(t, picture)
	for mode, want := range map[Mode]bool{Now: true, Off: false} {
		c, _ := opened(t, mode)
		e := c.NewCPU()
		r, err := engine.Run(t.Context(), e, engine.RunOptions{Program: p, Frames: 2})
		if err != nil || r.Compiled != want {
			t.Errorf("in mode %v it ran compiled: %v (%v)", mode, r.Compiled, err)
		}
	}
}

// TestABlockIsCompiledWhileItRuns, and no frame waits for that.
// A program without source can write to W. Its blocks take W to be the canvas's.
func TestAnotherWidthIsInterpreted(t *testing.T) {
	c, _ := opened(t, Now)
	p := slices.Clone(assembled(t, ".canvas 40 30 pixel\nx = 3\nEACH\n  PUT W * 7 + px\nEND\nHALT\n"))
	if p[9] != isa.SysWords {
		t.Fatal(p[8:])
	}
	p[9] = isa.SysW
	plain, m := loaded(t, nil, p), loaded(t, c, p)
	same(t, plain, m)
}

func TestABlockIsCompiledWhileItRuns(t *testing.T) {
	c, _ := opened(t, InTime)
	c.worth = 1
	begun, goOn := make(chan bool), make(chan bool)
	c.emit = func(k *kernel.Kernel, l wasm.Layout) ([]byte, error) {
		close(begun)
		<-goOn
		return wasm.Emit(k, l)
	}
	p := assembled(t, picture)
	plain, m := loaded(t, nil, p), loaded(t, c, p)
	for range 5 {
		same(t, plain, m)
	}
	<-begun
	same(t, plain, m)
	if m.Compiled() || !m.Warming() {
		t.Errorf("while it is compiled: compiled %v, warming %v", m.Compiled(), m.Warming())
	}
	close(goOn)
	c.wait()
	same(t, plain, m)
	if !m.Compiled() || m.Warming() {
		t.Errorf("when it is: compiled %v, warming %v", m.Compiled(), m.Warming())
	}
}

// TestLittleWorkIsNotCompiled: a block that is run once, for few texels.
func TestLittleWorkIsNotCompiled(t *testing.T) {
	c, _ := opened(t, InTime)
	c.worth = time.Hour
	m := loaded(t, c, assembled(t, picture))
	for range 20 {
		framed(t, m)
	}
	c.wait()
	if m.Compiled() || len(c.codes) > 0 {
		t.Error("it was compiled")
	}
}

// trap is a module whose row does what code says, with a memory of so many pages.
func trap(code string, pages byte) []byte {
	const head = "\x00asm\x01\x00\x00\x00" +
		"\x01\x08\x01\x60\x03\x7f\x7f\x7f\x01\x7f" + // a type: three numbers to one
		"\x03\x02\x01\x00" // a function of it
	exports := "\x07\x10\x02\x06memory\x02\x00\x03row\x00\x00"
	body := "\x00" + code + "\x0b"
	section := "\x01" + string(rune(len(body))) + body
	return []byte(head + "\x05\x03\x01\x00" + string(rune(pages)) + exports + "\x0a" + string(rune(len(section))) + section)
}

// several is a module of trap whose function, with a fourth number, is rows too.
func several(m []byte) []byte {
	for from, to := range map[string]string{
		"\x01\x08\x01\x60\x03": "\x01\x09\x01\x60\x04\x7f",
		"\x07\x10\x02":         "\x07\x17\x03\x04rows\x00\x00",
	} {
		m = bytes.Replace(m, []byte(from), []byte(to), 1)
	}
	return m
}

// TestACompilerThatFailsCostsNoPicture, however it fails.
func TestACompilerThatFailsCostsNoPicture(t *testing.T) {
	for name, c := range map[string]struct {
		emit func(*kernel.Kernel, wasm.Layout) ([]byte, error)
		why  string
	}{
		"an error":           {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return nil, errors.New("not today") }, "not today"},
		"a panic":            {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { panic("oh no") }, "oh no"},
		"no module":          {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return []byte("hello"), nil }, "compiling the block"},
		"another module":     {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return []byte("\x00asm\x01\x00\x00\x00"), nil }, "not one of a block"},
		"a small memory":     {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return trap("\x00", 0), nil }, "not one of a block"},
		"code that traps":    {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return trap("\x00", 9), nil }, "unreachable"},
		"a row too long":     {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return trap("\x41\xff\x00", 9), nil }, "ended at 127"},
		"a row that is none": {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return trap("\x41\x7f", 9), nil }, "ended at -1"},
		"rows too many":      {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return several(trap("\x41\xff\x00", 9)), nil }, "rows 0 to 30 ended at 127"},
		"rows that are none": {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return several(trap("\x41\x7f", 9)), nil }, "rows 0 to 30 ended at -1"},
		"rows that trap":     {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return several(trap("\x00", 9)), nil }, "unreachable"},
		"a long module":      {func(*kernel.Kernel, wasm.Layout) ([]byte, error) { return make([]byte, mostModule+1), nil }, "too long to compile"},
	} {
		t.Run(name, func(t *testing.T) {
			compiler, log := opened(t, Now)
			compiler.emit = c.emit
			p := assembled(t, picture)
			plain, m := loaded(t, nil, p), loaded(t, compiler, p)
			for range 3 {
				same(t, plain, m)
			}
			if !strings.Contains(log.String(), c.why) || strings.Count(log.String(), "\n") != 1 {
				t.Errorf("it logs %q, and should say %q once", log, c.why)
			}
			m = loaded(t, compiler, p) // it is not tried again
			plain = loaded(t, nil, p)
			same(t, plain, m)
			if strings.Count(log.String(), "\n") != 1 {
				t.Errorf("for a second machine it logs %q", log)
			}
		})
	}
}

// TestCodeBelongsToNoProgram: blocks that do the same have the same code, and a
// program that comes again has it at once.
func TestCodeBelongsToNoProgram(t *testing.T) {
	c, _ := opened(t, Now)
	emitted := 0
	c.emit = func(k *kernel.Kernel, l wasm.Layout) ([]byte, error) {
		emitted++
		return wasm.Emit(k, l)
	}
	p := assembled(t, picture)
	for range 2 {
		framed(t, loaded(t, c, p))
	}
	c.mode = InTime
	m := loaded(t, c, slices.Clone(p))
	if framed(t, m); !m.Compiled() || emitted != 1 {
		t.Errorf("of one program: compiled %v, %d times", m.Compiled(), emitted)
	}
	c.mode = Now
	m = loaded(t, c, assembled(t, strings.Replace(picture, "px * py", "px * py - 1", 1)))
	if framed(t, m); !m.Compiled() || emitted != 2 {
		t.Errorf("another block: compiled %v, %d times", m.Compiled(), emitted)
	}
}

// TestMemoryIsBounded, over a thousand programs, and machines whose code was dropped
// go on.
func TestMemoryIsBounded(t *testing.T) {
	c, log := opened(t, Now)
	c.most = limits{codes: 20, bytes: 3 << 20, pages: 64 << 10}
	first := assembled(t, picture)
	plain, m := loaded(t, nil, first), loaded(t, c, first)
	same(t, plain, m)
	for i := range 1000 {
		p := assembled(t, fmt.Sprintf(".canvas 8 8 pixel\n.array a 4\nEACH\n  IF px > %d PUT a[px & 3] + %d\nEND\n", i&7, i))
		o := loaded(t, c, p)
		if framed(t, o); !o.Compiled() {
			t.Fatal("a program was not compiled")
		}
		held := 0
		for _, code := range c.codes {
			held += code.bytes
		}
		if len(c.codes) > c.most.codes || c.bytes > c.most.bytes || held != c.bytes || c.known.bytes > c.most.pages {
			t.Fatalf("after %d programs: %d codes of %d bytes (%d), and programs of %d bytes", i+1, len(c.codes), c.bytes, held, c.known.bytes)
		}
	}
	if n := len(c.codes); n < 5 {
		t.Errorf("only %d codes are kept", n)
	}
	c.worth = 1
	same(t, plain, m) // its code is gone
	same(t, plain, m)
	c.wait()
	same(t, plain, m)
	if log.Len() > 0 {
		t.Error(log)
	}
}

// TestSeveralMachinesShareInstances, each with inputs of its own.
func TestSeveralMachinesShareInstances(t *testing.T) {
	c, _ := opened(t, Now)
	const source = ".canvas 30 20 pixel\n.array a 64\n.table t 3 1 2\nloop:\nSET a[frame & 63] = frame * seed + 7\nEACH\n  PUT a[px] + peek(px - 1, py) + t[py % 3] * mx + key(px)\nEND\nSET a[5] = frame\nEACH 0 0 9 9\n  PUT a[px] + peek(px - 1, py) + t[py % 3] * mx + key(px)\nEND\nFRAME\nJMP loop\n"
	p := assembled(t, source)
	other := slices.Clone(p)
	at := slices.Index(other, 3) // another table
	for i := range other {
		if i+2 < len(other) && other[i] == 3 && other[i+1] == 1 && other[i+2] == 2 {
			at = i
		}
	}
	other[at] = 9
	type pair struct{ plain, m *machine.Machine }
	var pairs []pair
	for i := range 4 {
		program := p
		if i%2 == 1 {
			program = other
		}
		pair := pair{loaded(t, nil, program), loaded(t, c, program)}
		for _, m := range []*machine.Machine{pair.plain, pair.m} {
			if err := m.Reset(program, int32(i+1)); err != nil {
				t.Fatal(err)
			}
		}
		pairs = append(pairs, pair)
	}
	for i := range 12 {
		pair := pairs[(i*7+i/3)%len(pairs)]
		in := machine.Input{MouseX: int32(i), Keys: [8]uint32{uint32(i * 77)}}
		for _, m := range []*machine.Machine{pair.plain, pair.m} {
			if _, err := m.Frame(context.Background(), in, 0); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(pair.plain.Page(machine.DisplayPage), pair.m.Page(machine.DisplayPage)) {
			t.Fatalf("frame %d: another picture", i)
		}
	}
}
