package compiled

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// instance is code with a memory of its own. One goroutine uses it at a time.
type instance struct {
	code  *code
	mod   api.Module
	row   api.Function
	rows  api.Function // nil: it has none
	stack [4]uint64
	words []uint32 // its memory
	bytes int

	colors, puts []uint32
	has          machine.Inputs // copied in; only the versions
	owed         int            // texels that were not worth copying wants in for
	wants        uint64         // a version
}

var _ machine.Rows = (*instance)(nil)

// newInstance makes an instance of code.
func newInstance(c *code) (*instance, error) {
	rt, err := c.compiler.wazero()
	if err != nil {
		return nil, err
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	mod, err := rt.InstantiateModule(context.Background(), c.module, config)
	if err != nil {
		return nil, fmt.Errorf("instantiating the block: %w", err)
	}
	i := &instance{code: c, mod: mod, row: mod.ExportedFunction("row"), rows: mod.ExportedFunction("rows")}
	memory := mod.Memory()
	if i.row == nil || memory == nil || memory.Size() < c.layout.Size {
		i.close()
		return nil, errors.New("the module is not one of a block")
	}
	// The memory never grows, and so stays where it is.
	b, _ := memory.Read(0, memory.Size())
	i.bytes = len(b)
	i.words = unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
	i.colors = i.at(c.layout.Color, c.kernel.W*c.layout.Rows)
	if c.kernel.Always == 0 {
		i.puts = i.at(c.layout.Put, c.kernel.W)
	}
	return i, nil
}

// at is n words of the memory, from a byte on.
func (i *instance) at(from uint32, n int) []uint32 { return i.words[from/4:][:n] }

func (i *instance) close() { i.mod.Close(context.Background()) }

// Close gives the instance back.
func (i *instance) Close() { i.code.give(i) }

// span is a stretch of a page.
type span struct{ from, to int }

// dataSpan is the part of the data page that a kernel may look at.
func dataSpan(k *kernel.Kernel, words int) span {
	s := span{from: words}
	for b := range k.Blocks {
		for n := range k.Blocks[b].Instrs {
			s.add(&k.Blocks[b].Instrs[n], words)
		}
	}
	for n := range k.Row {
		s.add(&k.Row[n], words)
	}
	if s.from > s.to {
		s.from = s.to
	}
	return s
}

func (s *span) add(in *kernel.Instr, words int) {
	a := in.Array
	size := uint64(a.Len)
	switch in.Op {
	case isa.LD:
	case isa.LD2:
		size = uint64(a.W) * uint64(a.H)
	default:
		return
	}
	s.from = min(s.from, int(a.Base))
	s.to = max(s.to, int(min(uint64(a.Base)+size, uint64(words))))
}

// Interpreting a texel costs more than copying so many words. Where inputs that have
// changed are more than that, the interpreter runs what little there is.
const wordsPerTexel = 64

// fill brings the instance's inputs up to date for a command of so many texels, and
// says whether it did: they may be more than that is worth.
func (i *instance) fill(captures []uint32, in *machine.Inputs, texels int) bool {
	k, l := i.code.kernel, &i.code.layout
	program := k.Reads.Program && i.has.ProgramVersion != in.ProgramVersion
	began := k.Reads.Began && i.has.FrameVersion != in.FrameVersion
	rest := (k.Reads.Data || k.Reads.State) && i.has.Version != in.Version
	if program || began || rest {
		words := 0
		if program {
			words += len(in.Program)
		}
		if began {
			words += len(in.Began)
		}
		if rest {
			words += i.code.data.to - i.code.data.from
		}
		if i.wants != in.Version {
			i.wants, i.owed = in.Version, 0
		}
		if i.owed += texels; words > wordsPerTexel*i.owed {
			return false
		}
	}
	if program {
		copy(i.at(l.Program, len(in.Program)), in.Program)
	}
	if began {
		copy(i.at(l.Began, len(in.Began)), in.Began)
	}
	if rest && k.Reads.Data {
		s := i.code.data
		copy(i.at(l.Data, len(in.Data))[s.from:s.to], in.Data[s.from:s.to])
	}
	if rest && k.Reads.State {
		copy(i.at(l.State, len(in.State)), in.State)
	}
	if k.Captures > 0 {
		copy(i.at(l.Captures, k.Captures), captures)
	}
	i.has.ProgramVersion, i.has.FrameVersion, i.has.Version = in.ProgramVersion, in.FrameVersion, in.Version
	return true
}

// Row runs texels of a row: see machine.Rows. Code that fails is not used again.
func (i *instance) Row(x0, x1, y int) (end int) {
	i.stack = [4]uint64{uint64(x0), uint64(x1), uint64(y)}
	if err := i.row.CallWithStack(context.Background(), i.stack[:]); err != nil {
		i.code.fail(fmt.Errorf("running the block: %w", err))
		return x0
	}
	if end = int(int32(i.stack[0])); end < x0 || end > x1 {
		i.code.fail(fmt.Errorf("running the block: columns %d to %d ended at %d", x0, x1, end))
		return x0
	}
	return end
}

// Together is how many rows are run by one call: see machine.Rows.
func (i *instance) Together() int {
	if i.rows == nil {
		return 1
	}
	return i.code.layout.Rows
}

// Several runs rows: see machine.Rows. Code that fails is not used again.
func (i *instance) Several(x0, x1, y0, y1 int) (end int, colors []uint32, always uint32) {
	i.stack = [4]uint64{uint64(x0), uint64(x1), uint64(y0), uint64(y1)}
	err := i.rows.CallWithStack(context.Background(), i.stack[:])
	if end = int(int32(i.stack[0])); err == nil && (end < y0 || end > y1) {
		err = fmt.Errorf("rows %d to %d ended at %d", y0, y1, end)
	}
	if err != nil {
		i.code.fail(fmt.Errorf("running the block: %w", err))
		end = y0
	}
	return end, i.colors[:(end-y0)*i.code.kernel.W], i.code.kernel.Always
}

// Texels is what Row made: see machine.Rows.
func (i *instance) Texels() (colors, puts []uint32, always uint32) {
	return i.colors, i.puts, i.code.kernel.Always
}

// stretch is how many texels of a block with loops run between two looks at the
// context: with all of a texel's budget that is some 20 ms.
const stretch = 1024

// Stretch is how many texels run at once: see machine.Rows.
func (i *instance) Stretch() int {
	if len(i.code.kernel.Loops) > 0 {
		return stretch
	}
	return i.code.kernel.W
}
