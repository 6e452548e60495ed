package machine

import "gvpie/runtime/isa"

// Work is what frames cost beside the cycles and commands of their reports.
type Work struct {
	TexelCycles uint64 // instructions that blocks of EACH executed, of all texels
	Scattered   uint64 // of those, jumps and reads of memory, which no processor does for many texels at once
	Noise       uint64 // of those, NOISE, which is some hundred times the others
	Blocks      uint64 // commands of EACH
	Texts       uint64 // commands of TXT
	Texels      uint64 // written to the display, each as often as it was written
	Stretches   uint64 // of texels of a row that were written one after the other
	Kept        uint64 // texels of the tiles that the frame before drew on, where a frame does not begin with a draw over all
}

// command counts a command that is painted.
func (w *Work) command(op isa.Op) {
	switch op {
	case isa.EACH:
		w.Blocks++
	case isa.TXT:
		w.Texts++
	}
}

// executes counts what kind of instruction n texels are about to execute.
func (w *Work) executes(op isa.Op, n int) {
	switch op {
	case isa.NOISE:
		w.Noise += uint64(n)
	case isa.JMP, isa.JZ, isa.JNZ, isa.LOOP, isa.PEEK, isa.LD, isa.LDT, isa.SIN, isa.COS:
		w.Scattered += uint64(n)
	}
}

// Count makes the machine add the work of its frames up in w; nil: no longer. The
// counts are exact and the same everywhere, and so while they are made every command
// is painted, in order, by one goroutine, and blocks are interpreted. The pictures
// are those of any machine.
func (m *Machine) Count(w *Work) {
	m.canvas.work = w
	if w != nil {
		m.workers = 1
	}
}

// wrote counts texels that were written, side by side.
func (c *canvas) wrote(n int) { c.wroteRows(n, 1) }

// wroteRows counts rows of so many texels.
func (c *canvas) wroteRows(wide, rows int) {
	if c.work != nil {
		c.work.Texels += uint64(wide * rows)
		c.work.Stretches += uint64(rows)
	}
}

// executed counts instructions that n texels executed.
func (w *wave) executed(n int, steps int32) {
	if work := w.m.canvas.work; work != nil {
		work.TexelCycles += uint64(n) * uint64(steps)
	}
}
