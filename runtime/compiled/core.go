package compiled

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// core is the core of one machine, on its way from the interpreter to its code.
type core struct {
	compiler *Compiler
	program  isa.Program // the machine's; a copy once it is to be compiled
	code     atomic.Pointer[coreCode]
	state    atomic.Uint32 // like a block's

	worked uint64 // by the interpreter, in instructions
	looked bool   // whether its code is there already
}

// coreWorth is how many instructions the interpreter executes of a core before its
// loops are compiled: that is a few milliseconds. coreLook is how many it executes before
// they are looked for, which costs more than a small program does.
const (
	coreWorth = 1_000_000
	coreLook  = 10_000
)

// Core is the core of a program: see machine.Compiler.
func (c *Compiler) Core(p isa.Program) machine.CompiledCore {
	o := &core{compiler: c, program: p}
	if c.mode == Now && !o.look() {
		o.program = slices.Clone(p)
		o.compile()
	}
	return o
}

// look takes the code that is there already, and says whether it is known what becomes of
// the core.
func (o *core) look() (known bool) {
	o.looked = true
	code := o.compiler.findCore(o.program)
	if code != nil {
		o.take(code)
	}
	return code != nil
}

// take has the core run by its code, if there is any.
func (o *core) take(code *coreCode) {
	if !code.usable() {
		o.state.Store(failed)
		return
	}
	o.code.Store(code)
	o.state.Store(cold)
}

// Interpreted has the core compiled once it is worth it.
func (o *core) Interpreted(instructions uint32) (more bool) {
	switch o.state.Load() {
	case failed:
		return false
	case cold:
		if o.worked += uint64(instructions); o.code.Load() != nil || o.worked < coreLook || !o.looked && o.look() {
			break
		}
		if o.worked >= o.compiler.coreWorth {
			o.worked = 0
			o.program = slices.Clone(o.program)
			o.compiler.enqueue(o)
		}
	}
	return o.state.Load() != failed
}

// Pending says that the core is being compiled.
func (o *core) Pending() bool { return o.state.Load() == queued }

func (o *core) await(state uint32) { o.state.Store(state) }

// compile compiles it.
func (o *core) compile() { o.take(o.compiler.compileCore(o.program)) }

// Loops gives the compiled loops, once there are any.
func (o *core) Loops() machine.Loops {
	code := o.code.Load()
	if code == nil {
		return nil
	}
	i, err := code.instance()
	if err != nil {
		code.fail(err)
		o.code.Store(nil)
		o.state.Store(failed)
		return nil
	}
	return i
}

// coreCode is the compiled loops of a program.
type coreCode struct {
	compiler *Compiler
	program  isa.Program
	module   wazero.CompiledModule // nil: it has none
	layout   wasm.CoreLayout
	loops    []machine.Loop
	failed   atomic.Bool
}

func (c *coreCode) usable() bool { return c.module != nil && !c.failed.Load() }

// fail keeps the code from being used again.
func (c *coreCode) fail(err error) {
	c.failed.Store(true)
	c.compiler.log.Error("compiled loops failed; the program is interpreted", "why", err)
}

// mostCores is how many programs' loops are kept, or that there are none. Who uses one
// that is dropped keeps it as long.
const mostCores = 64

// cores are the newest last.
type cores struct {
	seed maphash.Seed
	kept []cachedCore
}

type cachedCore struct {
	hash uint64
	code *coreCode
}

func (k *cores) hash(p isa.Program) uint64 {
	if k.kept == nil {
		k.seed = maphash.MakeSeed()
		k.kept = make([]cachedCore, 0, mostCores)
	}
	return maphash.Bytes(k.seed, bytesOf(p))
}

func (c *Compiler) findCore(p isa.Program) *coreCode {
	c.mu.Lock()
	defer c.mu.Unlock()
	hash := c.cores.hash(p)
	for _, k := range c.cores.kept {
		if k.hash == hash && slices.Equal(k.code.program, p) {
			return k.code
		}
	}
	return nil
}

// compileCore makes the code of a program's loops. Its module is nil if it has no loops,
// or they cannot be compiled.
func (c *Compiler) compileCore(p isa.Program) *coreCode {
	code, err := c.buildCore(p)
	if err != nil {
		c.log.Info("the loops of a program stay interpreted", "why", err)
		code = &coreCode{program: p}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	hash := c.cores.hash(p)
	if len(c.cores.kept) == mostCores {
		if old := c.cores.kept[0].code; old.module != nil {
			old.module.Close(context.Background())
		}
		c.cores.kept = slices.Delete(c.cores.kept, 0, 1)
	}
	c.cores.kept = append(c.cores.kept, cachedCore{hash, code})
	return code
}

// mostCoreInstrs is how many instructions of loops are compiled, those of inner loops
// counted once for each loop that they are in.
const mostCoreInstrs = 12000

func (c *Compiler) buildCore(p isa.Program) (made *coreCode, err error) {
	defer func() {
		if r := recover(); r != nil {
			made, err = nil, fmt.Errorf("the compiler failed: %v\n%s", r, debug.Stack())
		}
	}()
	h, err := p.Header()
	if err != nil {
		return nil, err
	}
	made = &coreCode{compiler: c, program: p}
	loops := flow.Analyze(p, h, isa.HeaderWords).Loops(wasm.InLoops(p, h))
	instrs := 0
	loops = slices.DeleteFunc(loops, func(l *flow.Loop) bool {
		n := 0
		for i := range l.Nodes {
			n += len(l.Nodes[i].Instrs)
		}
		if instrs+n > mostCoreInstrs {
			return true
		}
		instrs += n
		return false
	})
	if len(loops) == 0 {
		return made, nil
	}
	bytes, layout := c.emitCore(loops, p, h)
	if len(bytes) > mostModule {
		return nil, errTooLong
	}
	rt, err := c.wazero()
	if err != nil {
		return nil, err
	}
	made.layout = layout
	if made.module, err = rt.CompileModule(context.Background(), bytes); err != nil {
		return nil, fmt.Errorf("compiling the loops: %w", err)
	}
	for _, l := range loops {
		made.loops = append(made.loops, machine.Loop{Head: l.Head, Steps: l.Nodes[0].Steps, Depth: uint32(l.Depth), Stores: l.Stores(), Draws: l.Draws()})
	}
	return made, nil
}

// coreInstance is loops with the memory that they share with one machine. It goes when
// that does.
type coreInstance struct {
	code    *coreCode
	mod     api.Module
	loops   []api.Function
	words   []uint32 // its memory
	stack   [2]uint64
	cleanup runtime.Cleanup
}

var _ machine.Loops = (*coreInstance)(nil)

func (c *coreCode) instance() (*coreInstance, error) {
	rt, err := c.compiler.wazero()
	if err != nil {
		return nil, err
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	mod, err := rt.InstantiateModule(context.Background(), c.module, config)
	if err != nil {
		return nil, fmt.Errorf("instantiating the loops: %w", err)
	}
	i := &coreInstance{code: c, mod: mod}
	for n := range c.loops {
		i.loops = append(i.loops, mod.ExportedFunction(wasm.LoopName(n)))
	}
	memory := mod.Memory()
	if slices.Contains(i.loops, nil) || memory == nil || memory.Size() < c.layout.Size {
		mod.Close(context.Background())
		return nil, errors.New("the module is not one of a core")
	}
	// The memory never grows, and so stays where it is.
	b, _ := memory.Read(0, memory.Size())
	i.words = unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
	if c.layout.HasProgram {
		copy(i.words[c.layout.Program/4:], c.program)
	}
	i.cleanup = runtime.AddCleanup(i, func(mod api.Module) { mod.Close(context.Background()) }, mod)
	return i, nil
}

// Memory is where the machine is to have its pages.
func (i *coreInstance) Memory() (data, state []uint32) {
	at := i.code.layout.State / 4
	return i.words[:isa.MaxDataWords:isa.MaxDataWords], i.words[at : at+isa.StateWords : at+isa.StateWords]
}

// List is what loops there are.
func (i *coreInstance) List() []machine.Loop { return i.code.loops }

// Run runs a loop. Code that fails is not used again.
func (i *coreInstance) Run(loop int, left uint32, d machine.Draws) (pc, rest uint32, commands []isa.Command, ok bool) {
	l := &i.code.layout
	draws := i.code.loops[loop].Draws
	if draws {
		w := i.words[l.Draws/4:]
		w[wasm.DrawNext] = l.Commands
		w[wasm.DrawEnd] = l.Commands + uint32(min(d.Room, wasm.MostCommands))*4*isa.CommandWords
		w[wasm.DrawClipMin], w[wasm.DrawClipMax] = d.ClipMin, d.ClipMax
		w[wasm.DrawColor], w[wasm.DrawCycles] = d.Color, d.Cycles+left
	}
	i.stack[0] = uint64(left)
	err := i.loops[loop].CallWithStack(context.Background(), i.stack[:])
	pc, rest = uint32(i.stack[0]), uint32(i.stack[1])
	if err == nil && rest > left {
		err = fmt.Errorf("of %d instructions %d are left", left, rest)
	}
	if err != nil {
		i.code.fail(fmt.Errorf("running the loop at %d: %w", i.code.loops[loop].Head, err))
		return 0, 0, nil, false
	}
	if draws {
		made := i.words[l.Commands/4 : i.words[l.Draws/4+wasm.DrawNext]/4]
		commands = unsafe.Slice((*isa.Command)(unsafe.Pointer(unsafe.SliceData(made))), len(made)/isa.CommandWords)
	}
	return pc, rest, commands, true
}

// Close ends its use; the machine may keep the memory.
func (i *coreInstance) Close() {
	i.cleanup.Stop()
	i.mod.Close(context.Background())
}
