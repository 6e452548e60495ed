package gpu

import (
	"fmt"
	"slices"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/shaders"
	"gvpie/shaders/each"
)

// blocks are the EACH blocks of a machine's program, and what they read.
type blocks struct {
	byEach map[uint32]*block // by the address of the EACH

	// memory is the state page, and after it the data page as the blocks see it: one
	// copy for each time that the frame wrote to an array behind a block that reads
	// arrays, and one for the blocks behind the last; then the payload.
	memory  []uint32
	epochs  []epoch
	payload int // where in memory the frame's payload is
}

// epoch is a copy of the data page, from word data of memory on: that of the EACHs
// among the frame's commands before one.
type epoch struct{ before, data int }

// mostMemory bounds memory, in words; a frame that needs more is the reference's.
const mostMemory = 1 << 22

// block is the block of an EACH.
type block struct {
	kernel    *kernel.Kernel
	text      each.Block
	canFail   bool
	pipelines [2]*blockPipeline // for it among other stages, and for it alone
	strikes   int               // frames that the reference ran again, and found no error in
}

// readsMemory says whether the block reads any of blocks.memory.
func (b *block) readsMemory() bool {
	k := b.kernel
	return k.Reads.Data || k.Reads.State || k.Captures > each.UniformCaptures
}

// mostStrikes is how many frames are run twice before the block is left to the
// reference: it uses up the bound on its instructions, or logs.
const mostStrikes = 3

// kernelsOf gives the kernels of the EACHs that a program can reach, from its start or,
// if there is one, from a state, by their addresses. The error wraps isa.ErrProgram, or
// engine.ErrUnsupported if there is an EACH that has none.
func kernelsOf(p isa.Program, state []uint32) (map[uint32]*kernel.Kernel, error) {
	h, err := p.Header()
	if err != nil {
		return nil, err
	}
	pc, stack := uint32(isa.HeaderWords), []uint32(nil)
	if state != nil {
		pc, stack = state[isa.StPC], state[isa.StStack:][:state[isa.StSP]]
	}
	kernels := map[uint32]*kernel.Kernel{}
	for _, at := range flow.Analyze(p, h, pc, stack...).Find(isa.EACH) {
		if _, _, ok := flow.EachAt(p, h, at); !ok {
			continue // an error whenever it is executed
		}
		if kernels[at], err = kernel.Build(p, h, at); err != nil {
			return nil, fmt.Errorf("%w: its EACH block cannot be a shader: %w", engine.ErrUnsupported, err)
		}
	}
	return kernels, nil
}

// load takes over the kernels of a program.
func (b *blocks) load(h isa.Header, p isa.Program, kernels map[uint32]*kernel.Kernel) {
	b.release()
	b.byEach = map[uint32]*block{}
	for at, k := range kernels {
		in, _ := isa.Decode(p, int(at), h.CodeEnd)
		names := make([]string, len(in.Tail))
		for i, word := range in.Tail {
			if int(word) < len(isa.SysNames) {
				names[i] = isa.SysNames[word]
			}
		}
		b.byEach[at] = &block{
			kernel:  k,
			text:    each.Write(k, each.Options{DataWords: uint32(h.DataWords), Program: p, Captures: names}),
			canFail: each.CanFail(k),
		}
	}
}

// release lets go of the pipelines.
func (b *blocks) release() {
	for _, block := range b.byEach {
		for i, p := range block.pipelines {
			if p != nil {
				p.users--
				block.pipelines[i] = nil
			}
		}
	}
}

// keep keeps the data page for the EACHs among the frame's commands so far that none
// is kept for yet, if they read it.
func (b *blocks) keep(data []uint32, commands []isa.Command) {
	from := 0
	if n := len(b.epochs); n > 0 {
		from = b.epochs[n-1].before
	}
	reads := slices.ContainsFunc(commands[from:], func(c isa.Command) bool {
		return c.Op() == isa.EACH && b.byEach[c[isa.CmdPC]].kernel.Reads.Data
	})
	if len(b.memory) == 0 {
		b.memory = append(b.memory, make([]uint32, isa.StateWords)...) // filled in later
	}
	b.epochs = append(b.epochs, epoch{len(commands), len(b.memory)})
	if reads && len(b.memory) <= mostMemory {
		b.memory = append(b.memory, data...)
	}
}

// dataOf is where in memory the data page is that the EACH at a place among the
// commands sees.
func (b *blocks) dataOf(at int) int {
	for _, e := range b.epochs {
		if at < e.before {
			return e.data
		}
	}
	return 0
}

// blockPipeline is the shader of an EACH. Blocks with the same text share one.
type blockPipeline struct {
	*wgpu.ComputePipeline
	text  string
	users int
	warm  bool // it has run
	// pace is how many texels take about as long as what is submitted together should.
	pace int
}

// mostBlockPipelines is how many pipelines of blocks a device keeps: those in use, and
// of the others the newest.
const mostBlockPipelines = 64

// code is the shader of a block.
func (b *block) code(alone bool) string {
	k := b.kernel
	return shaders.Each(b.text.Declarations, b.text.Body, shaders.Blocked{Pixel: k.Pixel, Alone: alone, Always: k.Always != 0})
}

// built gives the pipeline of a block if there is one already, else nil.
func (b *block) built(d *Device, alone bool) *blockPipeline {
	if held := b.pipelines[bit(alone)]; held != nil {
		return held
	}
	code := b.code(alone)
	if i := slices.IndexFunc(d.ofBlocks, func(p *blockPipeline) bool { return p.text == code }); i >= 0 {
		return d.ofBlocks[i]
	}
	return nil
}

// pipeline gives the pipeline of a block.
func (b *block) pipeline(d *Device, alone bool) (*blockPipeline, error) {
	held := &b.pipelines[bit(alone)]
	if *held != nil {
		return *held, nil
	}
	k := b.kernel
	p, err := d.blockPipeline(b.code(alone))
	if err != nil {
		return nil, err
	}
	if p.pace == 0 {
		p.pace = firstPace
		if len(k.Loops) == 0 {
			p.pace = max(firstPace, straightPace/int(max(1, k.Steps)))
		}
	}
	p.users++
	*held = p
	return p, nil
}

const (
	// firstPace is how many texels of a block with loops are submitted at first: a slow
	// device does a hundred million instructions a second, and each may execute 65 536.
	firstPace = 2048
	// straightPace is how many instructions of a block without any.
	straightPace = 1 << 27
)

// paced says that so many texels took so long.
func (p *blockPipeline) paced(texels int, took time.Duration) {
	p.pace = max(firstPace/8, int(float64(texels)*min(64, float64(submission)/float64(max(took, 1)))))
}

func (d *Device) blockPipeline(code string) (*blockPipeline, error) {
	for i, p := range d.ofBlocks {
		if p.text == code {
			d.ofBlocks = append(slices.Delete(d.ofBlocks, i, i+1), p)
			return p, nil
		}
	}
	p, err := d.compute("each", code, d.blockLayout.layout)
	if err != nil {
		return nil, err
	}
	for i := 0; len(d.ofBlocks) >= mostBlockPipelines && i < len(d.ofBlocks); {
		if d.ofBlocks[i].users > 0 {
			i++
			continue
		}
		d.ofBlocks[i].Release()
		d.ofBlocks = slices.Delete(d.ofBlocks, i, i+1)
	}
	b := &blockPipeline{ComputePipeline: p, text: code}
	d.ofBlocks = append(d.ofBlocks, b)
	return b, nil
}
