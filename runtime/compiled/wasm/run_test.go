package wasm_test

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// compiler runs the blocks of machines by modules that are made at once.
type compiler struct {
	tb   testing.TB
	rt   wazero.Runtime
	edit func(k *kernel.Kernel) // before it is compiled

	mu           sync.Mutex
	refused      []error
	rows, bailed int // that were run, and those of them that left a vector
}

func newCompiler(tb testing.TB) *compiler {
	ctx := context.Background()
	c := &compiler{tb: tb, rt: wazero.NewRuntime(ctx)}
	tb.Cleanup(func() { c.rt.Close(ctx) })
	return c
}

func (c *compiler) Block(p isa.Program, each uint32) machine.CompiledBlock {
	h, err := p.Header()
	if err != nil {
		c.tb.Fatal(err)
	}
	k, err := kernel.Build(p, h, each)
	var m *module
	if err == nil {
		if c.edit != nil {
			c.edit(k)
		}
		m, err = c.compile(k, h.DataWords, len(p))
	}
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.refused = append(c.refused, err)
		return nil
	}
	return &compiledBlock{c: c, m: m}
}

// compile makes a module of a kernel; an error is the emitter's, not the engine's.
func (c *compiler) compile(k *kernel.Kernel, dataWords, programWords int) (*module, error) {
	l := wasm.NewLayout(k, dataWords, programWords)
	code, err := wasm.Emit(k, l)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	compiled, err := c.rt.CompileModule(ctx, code)
	if err != nil {
		c.tb.Fatalf("the engine takes no such module: %v", err)
	}
	return &module{c: c, k: k, l: l, compiled: compiled}, nil
}

type module struct {
	c        *compiler
	k        *kernel.Kernel
	l        wasm.Layout
	compiled wazero.CompiledModule
}

func (m *module) open() *instance {
	ctx := context.Background()
	in, err := m.c.rt.InstantiateModule(ctx, m.compiled, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		m.c.tb.Fatal(err)
	}
	bytes, _ := in.Memory().Read(0, in.Memory().Size())
	return &instance{m: m, mod: in, row: in.ExportedFunction("row"), rows: in.ExportedFunction("rows"), mem: bytes}
}

// instance is a module with its memory.
type instance struct {
	m            *module
	mod          api.Module
	row, rows    api.Function
	mem          []byte
	stack        [4]uint64
	colors, puts []uint32
}

func (i *instance) write(at uint32, words []uint32) {
	for n, w := range words {
		binary.LittleEndian.PutUint32(i.mem[int(at)+4*n:], w)
	}
}

func (i *instance) read(to []uint32, at uint32) {
	for n := range to {
		to[n] = binary.LittleEndian.Uint32(i.mem[int(at)+4*n:])
	}
}

func (i *instance) run(x0, x1, y int) int {
	i.stack = [4]uint64{uint64(x0), uint64(x1), uint64(y)}
	if err := i.row.CallWithStack(context.Background(), i.stack[:]); err != nil {
		i.m.c.tb.Fatalf("texels %d to %d of row %d: %v", x0, x1, y, err)
	}
	return int(int32(uint32(i.stack[0])))
}

type compiledBlock struct {
	c    *compiler
	m    *module
	mu   sync.Mutex
	idle []*instance
}

func (b *compiledBlock) Interpreted(time.Duration) bool { return true }

func (b *compiledBlock) Pending() bool { return false }

func (b *compiledBlock) Rows(captures []uint32, in *machine.Inputs, texels int) machine.Rows {
	b.mu.Lock()
	defer b.mu.Unlock()
	var i *instance
	if n := len(b.idle); n > 0 {
		i, b.idle = b.idle[n-1], b.idle[:n-1]
	} else {
		i = b.m.open()
		i.colors, i.puts = make([]uint32, b.m.k.W), make([]uint32, b.m.k.W)
	}
	l, reads := b.m.l, b.m.k.Reads
	i.write(l.Captures, captures)
	for _, page := range []struct {
		read  bool
		at    uint32
		words []uint32
	}{{reads.State, l.State, in.State}, {reads.Data, l.Data, in.Data}, {reads.Program, l.Program, in.Program}, {reads.Began, l.Began, in.Began}} {
		if page.read {
			i.write(page.at, page.words)
		}
	}
	return &rows{b, i}
}

type rows struct {
	b *compiledBlock
	*instance
}

func (r *rows) Row(x0, x1, y int) int {
	end := r.run(x0, x1, y)
	if end < x0 || end > x1 {
		r.b.c.tb.Fatalf("texels %d to %d of row %d: it stops at %d", x0, x1, y, end)
	}
	r.b.c.mu.Lock()
	r.b.c.rows++
	if end < x1 {
		r.b.c.bailed++
	}
	r.b.c.mu.Unlock()
	k, l := r.m.k, r.m.l
	r.read(r.colors[x0:end], l.Color+4*uint32(x0))
	if k.Always == 0 {
		r.read(r.puts[x0:end], l.Put+4*uint32(x0))
	}
	return end
}

func (r *rows) Together() int { return r.m.l.Rows }

func (r *rows) Several(x0, x1, y0, y1 int) (end int, colors []uint32, always uint32) {
	r.stack = [4]uint64{uint64(x0), uint64(x1), uint64(y0), uint64(y1)}
	if err := r.rows.CallWithStack(context.Background(), r.stack[:]); err != nil {
		r.b.c.tb.Fatalf("texels %d to %d of rows %d to %d: %v", x0, x1, y0, y1, err)
	}
	if end = int(int32(uint32(r.stack[0]))); end < y0 || end > y1 {
		r.b.c.tb.Fatalf("texels %d to %d of rows %d to %d: it stops at %d", x0, x1, y0, y1, end)
	}
	r.b.c.mu.Lock()
	r.b.c.rows += end - y0
	r.b.c.mu.Unlock()
	colors = make([]uint32, (end-y0)*r.m.k.W)
	r.read(colors, r.m.l.Color)
	return end, colors, r.m.k.Always
}

func (r *rows) Texels() (colors, puts []uint32, always uint32) {
	return r.colors, r.puts, r.m.k.Always
}

func (r *rows) Stretch() int { return 1 << 20 }

func (r *rows) Close() {
	r.b.mu.Lock()
	defer r.b.mu.Unlock()
	r.b.idle = append(r.b.idle, r.instance)
}

func (c *compiler) Core(isa.Program) machine.CompiledCore { return nil }
