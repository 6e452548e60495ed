package machine

import (
	"slices"
	"sync"
	"time"

	"gvpie/runtime/isa"
)

// FakeCompiler runs blocks as a compiler would, four texels at a time, on machines
// of its own: it copies inputs when their versions say so, and bails out at what
// fails or logs, and where it likes.
type FakeCompiler struct {
	Bail     func(x, y int) bool
	Declines bool   // to run anything
	Refuses  bool   // to compile
	Turn     uint32 // the most instructions that a loop runs at once; 0: there are no loops
	Breaks   bool   // loops fail
	Late     uint32 // instructions that the interpreter executes before there are loops
	Together int    // rows that are run at once, if they are more than one

	mu                   sync.Mutex
	Offered, Ran, Bailed int // commands, texels, vectors
	Told                 int // commands that the interpreter ran
	Entered, Closed      int // loops
	open                 int
}

type fakeBlock struct {
	c    *FakeCompiler
	p    isa.Program
	each uint32
	idle []*fakeRows
}

func (c *FakeCompiler) Block(p isa.Program, each uint32) CompiledBlock {
	return &fakeBlock{c: c, p: p, each: each}
}

// Open is how many Rows are not closed.
func (c *FakeCompiler) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func (b *fakeBlock) Interpreted(time.Duration) bool {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	b.c.Told++
	return !b.c.Refuses
}

func (b *fakeBlock) Pending() bool { return b.c.Declines }

func (b *fakeBlock) Rows(captures []uint32, in *Inputs, texels int) Rows {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	if b.c.Offered++; b.c.Declines || b.c.Refuses {
		return nil
	}
	b.c.open++
	var r *fakeRows
	if n := len(b.idle); n > 0 {
		r, b.idle = b.idle[n-1], b.idle[:n-1]
	} else {
		m, err := New(b.p, 1)
		if err != nil {
			panic(err)
		}
		r = &fakeRows{b: b, m: m, colors: make([]uint32, m.header.W), puts: make([]uint32, m.header.W)}
	}
	if r.has.FrameVersion != in.FrameVersion {
		r.m.began = append(r.m.began[:0], in.Began...)
	}
	if r.has.Version != in.Version {
		copy(r.m.data(), in.Data)
		copy(r.m.state, in.State)
	}
	if r.has.ProgramVersion != in.ProgramVersion && !slices.Equal(b.p, in.Program) {
		panic("a block of another program")
	}
	r.has = *in
	each := int(b.each)
	code, _ := isa.Decode(b.p, each, r.m.header.CodeEnd)
	cmd := isa.Command{isa.CmdPC: b.each, isa.CmdE: b.each + uint32(code.Size), isa.CmdF: code.Args[4]}
	r.wave = r.m.takeWave(r.m.block(&cmd), slices.Clone(captures), &cmd)
	return r
}

type fakeRows struct {
	b            *fakeBlock
	m            *Machine
	has          Inputs
	wave         *wave
	colors, puts []uint32
	always       uint32
}

func (r *fakeRows) Row(x0, x1, y int) int {
	end := r.row(x0, x1, y)
	r.always = 0
	if puts := r.puts[x0:end]; len(puts) > 0 && !slices.ContainsFunc(puts, func(pc uint32) bool { return pc != puts[0] }) {
		r.always = puts[0]
	}
	return end
}

func (r *fakeRows) row(x0, x1, y int) int {
	w, c := r.wave, r.b.c
	for x := x0; x < x1; x += 4 {
		n := min(4, x1-x)
		w.first = nil
		w.log.begin(true)
		w.start(x, y)
		w.run(n)
		w.finish(n)
		c.mu.Lock()
		bail := w.first != nil || w.log.total > 0 || c.Bail != nil && c.Bail(x, y)
		if bail {
			c.Bailed++
		} else {
			c.Ran += n
		}
		c.mu.Unlock()
		if bail {
			return x
		}
		copy(r.colors[x:], w.color[:n])
		copy(r.puts[x:], w.put[:n])
	}
	return x1
}

func (r *fakeRows) Texels() (colors, puts []uint32, always uint32) {
	return r.colors, r.puts, r.always
}

func (r *fakeRows) Together() int { return max(1, r.b.c.Together) }

func (r *fakeRows) Several(x0, x1, y0, y1 int) (end int, colors []uint32, always uint32) {
	if y1-y0 > r.Together() {
		panic("too many rows")
	}
	for end = y0; end < y1; end++ {
		if r.Row(x0, x1, end) < x1 || r.always == 0 || always != 0 && r.always != always {
			break
		}
		colors, always = append(colors, r.colors...), r.always
	}
	return end, colors, always
}

func (r *fakeRows) Stretch() int { return 24 }

func (r *fakeRows) Close() {
	c := r.b.c
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	r.m.putWave(r.wave)
	r.b.idle = append(r.b.idle, r)
}

// SetWorkers makes the machine run blocks on so many goroutines, and paint from the
// last command on if it covers, and in order otherwise.
func (m *Machine) SetWorkers(workers int, covers bool) {
	if m.workers, m.coverTimes = workers, neverCover; covers {
		m.coverTimes = alwaysCover
	}
}
