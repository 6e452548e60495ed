package engine

import "gvpie/runtime/machine"

// Compiling is an Engine that may run blocks as compiled code, to the same bits.
type Compiling interface {
	Engine
	// Compiled says whether compiled code has run since the machine was loaded.
	Compiled() bool
	// Warming says that code is being compiled: the machine will soon be faster.
	Warming() bool
}

// NewCompilingCPU is NewCPU with blocks that a compiler runs.
func NewCompilingCPU(c machine.Compiler) Engine { return &cpu{compiler: c} }

// Compiled says whether compiled code has run on e since its machine was loaded.
func Compiled(e Engine) bool {
	c, ok := e.(Compiling)
	return ok && c.Compiled()
}

func warming(e Engine) bool {
	c, ok := e.(Compiling)
	return ok && c.Warming()
}

// Compiled says whether compiled code has run since the program was loaded.
func (c *cpu) Compiled() bool { return c.m != nil && c.m.Compiled() }

// Warming says that code is being compiled.
func (c *cpu) Warming() bool { return c.m != nil && c.m.Warming() }

// Compiled says whether the machine runs compiled code where it is now.
func (f *Failover) Compiled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cpu != nil && Compiled(f.cpu)
}

// Warming says that code is being compiled.
func (f *Failover) Warming() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cpu != nil && warming(f.cpu)
}
