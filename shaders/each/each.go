package each

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// leastCharge is what a turn of a loop takes of a texel's budget at least.
//
// A software driver (lavapipe) leaves a shader's loops without a word when the eight
// texels that it runs together have made 65 535 turns in all, of whatever loops, and
// twice as soon where a loop has a continuing block. With this charge eight texels
// that take turns come to 32 768. A block that makes more turns than that is run by
// the reference, like one that uses up its budget.
const leastCharge = 16

// Options are what the text depends on beside the kernel.
type Options struct {
	DataWords uint32      // of the data page
	Program   isa.Program // small tables become part of the text
	Captures  []string    // names of what the EACH captured, as far as known; "" for none
}

// Block is the text of a block.
type Block struct {
	Declarations string // constants, and the functions that it needs
	// Body is statements in main, of a texel (px, py): they make made a Put. They are no
	// function of their own, since a software driver (lavapipe) takes a quarter longer for
	// that.
	Body string
}

// Write gives the text of a kernel's block.
//
// It reads the buffers program, memory (the state page, and from job.data on the data
// page), tables and began, as package shaders declares them. The first UniformCaptures
// captures are in job.captures, all of them in memory from job.payload on.
func Write(k *kernel.Kernel, o Options) Block {
	w := &writer{k: k, o: o, depth: 2, used: map[string]bool{}}
	w.survey()
	w.declare()
	body := w.capture(func() {
		for i := range k.Row {
			w.instr(&k.Row[i])
		}
		w.body()
	})
	if w.strays {
		w.line("var at = 0u; // the block that a texel waits for")
	}
	for _, t := range w.tables {
		w.line("var %s = %s;", t.name(), strings.ToUpper(t.name()))
	}
	w.text.WriteString(body)
	w.line("made = %s;", w.put())

	var b strings.Builder
	b.WriteString("\n// The block of the EACH at work, from the kernel.\n")
	fmt.Fprintf(&b, "const WIDTH = %du;\nconst HEIGHT = %du;\n", k.W, k.H)
	tables := ""
	for _, t := range w.tables {
		tables += t.constant(o.Program)
	}
	b.WriteString(library(tables+w.text.String(), k.Pixel))
	b.WriteString(tables)
	return Block{Declarations: b.String(), Body: w.text.String()}
}

// CanFail says whether a texel of the block may be bad.
func CanFail(k *kernel.Kernel) bool {
	if k.Logs || !bounded(k) {
		return true
	}
	for i := range k.Blocks {
		for j := range k.Blocks[i].Instrs {
			if !k.Blocks[i].Instrs[j].Safe {
				return true
			}
		}
	}
	return false
}

// writer writes the function.
type writer struct {
	k     *kernel.Kernel
	o     Options
	text  strings.Builder
	depth int

	names  []string // of the Vars, as expressions
	lets   []bool   // Vars that are written once, and read only after that in its scope
	used   map[string]bool
	fails  bool // some instruction is not safe
	counts bool // instructions are counted
	tables []table
	loopOf []int

	opened  []bool // loops that are being written or have been
	exits   []set  // for each loop, where its breaks lead
	pending set    // blocks that texels wait for
	strays  bool   // there is a variable at
}

func (w *writer) line(format string, args ...any) {
	w.text.WriteString(strings.Repeat("    ", w.depth))
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteByte('\n')
}

// capture gives what write writes, and takes it back.
func (w *writer) capture(write func()) string {
	before := w.text
	w.text = strings.Builder{}
	write()
	text := w.text.String()
	w.text = before
	return text
}

// braced writes a block of statements.
func (w *writer) braced(head, tail string, write func()) {
	w.line("%s {", head)
	w.depth++
	write()
	w.depth--
	w.line("}%s", tail)
}

// rowBlock stands for Kernel.Row among the blocks.
const rowBlock = -1

// place is an instruction's.
type place struct{ block, at int }

// survey finds what the variables are.
func (w *writer) survey() {
	k := w.k
	w.names = make([]string, len(k.Vars))
	w.lets = make([]bool, len(k.Vars))
	w.opened = make([]bool, len(k.Loops))
	w.exits = make([]set, len(k.Loops))
	w.counts = !bounded(k)
	w.loopOf = make([]int, len(k.Blocks))
	for i := range w.loopOf {
		w.loopOf[i] = -1
	}
	for l, loop := range k.Loops { // inner ones come later
		for i := loop.Head; i <= loop.Last; i++ {
			w.loopOf[i] = l
		}
	}
	writes := make([]int, len(k.Vars))
	defined := make([]place, len(k.Vars))
	for i := range w.lets {
		w.lets[i] = true
	}
	read := func(args []kernel.Arg, at place) {
		for _, a := range args {
			if a.Var < 0 {
				continue
			}
			d := defined[a.Var]
			if writes[a.Var] == 0 || d.block != rowBlock && d.block != at.block {
				w.lets[a.Var] = false
			}
		}
	}
	instrs := func(list []kernel.Instr, block int) {
		for i := range list {
			in := &list[i]
			w.fails = w.fails || !in.Safe
			read(in.Args, place{block, i})
			if in.Dst >= 0 {
				writes[in.Dst]++
				defined[in.Dst] = place{block, i}
			}
		}
	}
	instrs(k.Row, rowBlock)
	for i := range k.Blocks {
		instrs(k.Blocks[i].Instrs, i)
		read(k.Blocks[i].Exit.Args, place{block: i})
	}
	for i := range k.Vars {
		w.lets[i] = w.lets[i] && writes[i] == 1
		w.name(i, writes[i] > 0)
	}
}

// name names a Var, and declares it if it is not a let.
func (w *writer) name(i int, written bool) {
	v := &w.k.Vars[i]
	name := fmt.Sprintf("v%d", i)
	switch {
	case v.Init == kernel.PX && !written:
		w.names[i] = "px"
		return
	case v.Init == kernel.PY && !written:
		w.names[i] = "py"
		return
	case v.Init == kernel.Capture:
		name = fmt.Sprintf("c%d", v.Index)
		if v.Index < len(w.o.Captures) && w.o.Captures[v.Index] != "" {
			name = w.o.Captures[v.Index]
		}
	case !written:
		w.names[i] = "0i"
		return
	}
	for w.used[name] {
		name += "_"
	}
	w.used[name] = true
	w.names[i] = name
}

// declare declares the variables that are no lets.
func (w *writer) declare() {
	for i := range w.k.Vars {
		v, name := &w.k.Vars[i], w.names[i]
		if w.lets[i] || !w.used[name] {
			continue
		}
		switch v.Init {
		case kernel.PX:
			w.line("var %s = px;", name)
		case kernel.PY:
			w.line("var %s = py;", name)
		case kernel.Capture:
			w.line("var %s = %s;", name, captured(v.Index))
		default:
			w.line("var %s = 0i;", name)
		}
	}
	w.line("var color = 0i;")
	w.line("var put = 0u;")
	if w.fails {
		w.line("var bad = false;")
	}
	if w.counts {
		w.line("var left = %di; // instructions", isa.LaneBudget-w.k.Steps)
	}
}

// UniformCaptures is how many captures a job holds, four to a vector.
const UniformCaptures = 52

// captured is what the EACH captured, as an expression.
func captured(i int) string {
	if i < UniformCaptures {
		return fmt.Sprintf("job.captures[%d].%c", i/4, "xyzw"[i%4])
	}
	return fmt.Sprintf("i32(memory[job.payload + %du])", i)
}

// put is what the texel has come to, as an expression.
func (w *writer) put() string {
	bad := "false"
	switch {
	case w.fails && w.counts:
		bad = "bad | (left < 0i)"
	case w.fails:
		bad = "bad"
	case w.counts:
		bad = "left < 0i"
	}
	return fmt.Sprintf("Put(u32(color), put, %s)", bad)
}
