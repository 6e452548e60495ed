package compiled

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// code is a kernel that was compiled, and its instances that nobody uses.
type code struct {
	compiler *Compiler
	key      key
	kernel   *kernel.Kernel
	layout   wasm.Layout
	module   wazero.CompiledModule
	data     span  // of the data page, that it may look at
	err      error // why it must not be used: it could not be compiled, or failed

	bytes   int           // guarded by the Compiler
	used    atomic.Uint64 // when it was used last, by machine.Inputs.FrameVersion
	dropped atomic.Bool

	mu   sync.Mutex
	idle []*instance
}

// mostModule is the size of the largest module that is compiled: such a block has
// some ten thousand instructions, and takes a second.
const mostModule = 1 << 20

var errTooLong = errors.New("the block is too long to compile")

// build gives the code of a block, made now if it is not there. The error says, for a
// person, why there is none. A panic of a compiler is an error like others.
func (c *Compiler) build(at place) (made *code, err error) {
	defer func() {
		if r := recover(); r != nil {
			made, err = nil, fmt.Errorf("the compiler failed: %v\n%s", r, debug.Stack())
		}
	}()
	h, err := at.program.Header()
	if err != nil {
		return nil, err
	}
	k, err := kernel.Build(at.program, h, at.each)
	if err != nil {
		return nil, err
	}
	key := keyOf(k, h, at.program)
	c.mu.Lock()
	made = c.codes[key]
	c.mu.Unlock()
	if made != nil {
		return made, made.failed()
	}
	layout := wasm.NewLayout(k, h.DataWords, len(at.program))
	bytes, err := c.emit(k, layout)
	if err != nil {
		return nil, err
	}
	if len(bytes) > mostModule {
		return nil, errTooLong
	}
	rt, err := c.wazero()
	if err != nil {
		return nil, err
	}
	module, err := rt.CompileModule(context.Background(), bytes)
	if err != nil {
		return nil, fmt.Errorf("compiling the block: %w", err)
	}
	made = &code{compiler: c, key: key, kernel: k, layout: layout, module: module, data: dataSpan(k, h.DataWords)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if other := c.codes[key]; other != nil { // somebody was faster
		made.close()
		return other, other.failed()
	}
	c.codes[key] = made
	c.account(made, codeBytes*len(bytes))
	return made, nil
}

// codeBytes is what machine code, and what wazero knows of it, takes for a byte of a
// module, about.
const codeBytes = 16

// take gives an instance that nobody uses, one that has most of the inputs if there
// is one. It is nil when the code is not to be used any more.
func (c *code) take(in *machine.Inputs) *instance {
	if c.used.Load() < in.FrameVersion {
		c.used.Store(in.FrameVersion)
	}
	c.mu.Lock()
	if c.err != nil || c.dropped.Load() {
		c.mu.Unlock()
		return nil
	}
	if n := len(c.idle); n > 0 {
		best := n - 1
		for at := n - 2; at >= 0 && c.idle[best].has.FrameVersion != in.FrameVersion; at-- {
			if c.idle[at].has.FrameVersion == in.FrameVersion {
				best = at
			}
		}
		i := c.idle[best]
		c.idle[best] = c.idle[n-1]
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		return i
	}
	c.mu.Unlock()
	i, err := newInstance(c)
	if err != nil {
		c.fail(err)
		return nil
	}
	c.compiler.mu.Lock()
	defer c.compiler.mu.Unlock()
	if !c.dropped.Load() {
		c.compiler.account(c, i.bytes)
	}
	return i
}

// give takes an instance back.
func (c *code) give(i *instance) {
	c.mu.Lock()
	keep := c.err == nil && !c.dropped.Load() && len(c.idle) < runtime.GOMAXPROCS(0)
	if keep {
		c.idle = append(c.idle, i)
	}
	c.mu.Unlock()
	if keep {
		return
	}
	i.close()
	c.compiler.mu.Lock()
	defer c.compiler.mu.Unlock()
	if !c.dropped.Load() {
		c.compiler.account(c, -i.bytes)
	}
}

// fail keeps the code from being used again.
func (c *code) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
		c.compiler.log.Error("compiled code failed; the block is interpreted", "address", c.kernel.Start, "why", err)
	}
}

func (c *code) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// close frees the code and what nobody uses of it.
func (c *code) close() {
	c.mu.Lock()
	idle := c.idle
	c.idle = nil
	c.mu.Unlock()
	for _, i := range idle {
		i.close()
	}
	c.module.Close(context.Background())
}
