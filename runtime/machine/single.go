package machine

import "gvpie/runtime/isa"

// single executes, texel by texel, what may fail or looks at pages; known is false
// for anything else.
func (w *wave) single(g *group, in *instr) (known bool) {
	m := w.m
	d := w.at(in.x[0])
	failed := func(i uint8, f Fault) bool {
		f.PC = int(g.pc)
		w.fail(i, f)
		return false
	}
	switch in.op {
	case isa.PEEK:
		x, y := w.at(in.x[1]), w.at(in.x[2])
		for _, i := range g.texels() {
			d[i] = m.peek(int32(x[i]), int32(y[i]))
		}
	case isa.KEY:
		c := w.at(in.x[1])
		for _, i := range g.texels() {
			d[i] = held(m.state, c[i])
		}
	case isa.KEYP:
		c := w.at(in.x[1])
		for _, i := range g.texels() {
			d[i] = pressed(m.state, c[i])
		}
	case isa.INPUT:
		which := w.at(in.x[1])
		for _, i := range g.texels() {
			d[i] = inputOf(m.state, which[i])
		}
	case isa.ASSERT:
		g.filter(func(i uint8) bool { return d[i] != 0 || failed(i, Fault{Code: isa.AssertFailed}) })
	case isa.LOG:
		w.logText(g, in, failed)
	case isa.LD2, isa.LDT2:
		page := m.data()
		if in.op == isa.LDT2 {
			page = m.program
		}
		x, y, length := w.at(in.x[4]), w.at(in.x[5]), uint32(len(page))
		g.filter(func(i uint8) bool {
			at, f := element2(in.x[1:4], x[i], y[i], length)
			if f != nil {
				return failed(i, *f)
			}
			d[i] = page[at]
			return true
		})
	case isa.LD, isa.LDT:
		page := m.data()
		if in.op == isa.LDT {
			page = m.program
		}
		index, length := w.at(in.x[3]), uint32(len(page))
		g.filter(func(i uint8) bool {
			at, f := element(in.x[1], in.x[2], index[i], length)
			if f != nil {
				return failed(i, *f)
			}
			d[i] = page[at]
			return true
		})
	case isa.DIV, isa.MOD, isa.SGN, isa.CLAMP, isa.SQRT,
		isa.FMUL, isa.FDIV, isa.HASH, isa.ATAN2, isa.HYPOT, isa.NOISE, isa.RGBOF, isa.HSVOF, isa.MIX:
		a, b, c := w.at(in.x[1]), w.at(in.x[2]), w.at(in.x[3])
		g.filter(func(i uint8) bool {
			v, f, _ := isa.Alu(in.op, int32(a[i]), int32(b[i]), int32(c[i]))
			if f != isa.FaultNone {
				return failed(i, Fault{Code: f, A: int32(a[i])})
			}
			d[i] = uint32(v)
			return true
		})
	default:
		return false
	}
	return true
}

// logText logs a line for each texel of a group.
func (w *wave) logText(g *group, in *instr, failed func(i uint8, f Fault) bool) {
	tail := w.b.tail(int(g.pc), in)
	line := LogLine{PC: int(g.pc), Cycle: w.cycle}
	if literal(tail) {
		line.Text = w.b.line(g.pc, tail)
		for _, i := range g.texels() {
			w.log.add(i, line)
		}
		return
	}
	g.filter(func(i uint8) bool {
		text, f := w.m.resolve(w.text[:0], tail, w.words(), waveWidth, int(i), isa.MaxEachLog)
		w.text = text
		if f != nil {
			return failed(i, *f)
		}
		line.Text = ""
		if !w.log.quiet {
			line.Text = LogText(text[:min(len(text), isa.MaxEachLog)])
		}
		w.log.add(i, line)
		return true
	})
}
