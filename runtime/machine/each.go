package machine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"gvpie/runtime/isa"
)

// block is the code of an EACH, decoded in whole so that many goroutines can run
// it at once.
type block struct {
	*code
	end uint32
}

func (m *Machine) block(start, end uint32) *block {
	key := uint64(start)<<32 | uint64(end)
	if b, ok := m.blocks[key]; ok {
		return b
	}
	b := &block{newCode(m.program, int(start), int(end), isa.MaxLanes, true), end}
	b.lanes = 2
	for at := start; at < end; at++ {
		b.decode(int(at))
	}
	m.blocks[key] = b
	return b
}

// each runs an EACH command: its block once for every texel of its rectangle,
// rows spread over the processors. A texel writes itself alone and reads the
// display as the frame began, so the result does not depend on who runs it. The
// error is the context's.
func (m *Machine) each(ctx context.Context, c *isa.Command) error {
	x0, y0 := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	x1 := min(x0+int(int32(c[isa.CmdC])), m.header.W)
	y1 := min(y0+int(int32(c[isa.CmdD])), m.header.H)
	x0, y0 = max(x0, 0), max(y0, 0)
	if x0 >= x1 || y0 >= y1 {
		return ctx.Err()
	}
	b := m.block(c[isa.CmdE], c[isa.CmdF])
	captures := m.payload[c[isa.CmdText] : c[isa.CmdText]+c[isa.CmdLen]]

	var (
		next  atomic.Int64 // rows handed out
		ended atomic.Bool  // the context ended
		mu    sync.Mutex
		first *Fault // of the rows done: the one furthest up, then left
	)
	work := func() {
		lane := newLane(m, b, captures, c.PC())
		for {
			y := y0 + int(next.Add(1)) - 1
			if y >= y1 || ended.Load() {
				return
			}
			if ctx.Err() != nil {
				ended.Store(true)
				return
			}
			if f := lane.row(x0, x1, y); f != nil {
				mu.Lock()
				if first == nil || f.Y < first.Y {
					first = f
				}
				mu.Unlock()
			}
		}
	}
	workers := m.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, y1-y0)
	if (x1-x0)*(y1-y0) < 1024 {
		workers = 1 // a goroutine costs more than it gains
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if ended.Load() {
		return ctx.Err()
	}
	if m.eachFault == nil {
		m.eachFault = first
	}
	return nil
}

// lane runs a block for one texel after another.
type lane struct {
	m     *Machine
	b     *block
	eachP int      // address of the EACH
	fresh []uint32 // the lane words that code can reach, as a texel starts with them
	mem   []uint32
}

func newLane(m *Machine, b *block, captures []uint32, pc int) *lane {
	l := &lane{m: m, b: b, eachP: pc, fresh: make([]uint32, b.lanes), mem: append([]uint32(nil), b.mem...)}
	copy(l.fresh[2:], captures)
	return l
}

// row runs texels [x0, x1) of row y and gives the first fault among them.
func (l *lane) row(x0, x1, y int) (first *Fault) {
	m := l.m
	for x := x0; x < x1; x++ {
		copy(l.mem, l.fresh)
		l.mem[0], l.mem[1] = uint32(x), uint32(y)
		color, pc, fault := l.texel()
		switch {
		case fault != nil:
			if first == nil {
				fault.X, fault.Y = x, y
				first = fault
			}
		case pc != 0:
			at := y*m.header.W + x
			if m.header.Pixel {
				m.display[at] = pixelTexel(color & 0xFFFFFF)
			} else {
				m.display[at] = paper(m.display[at], isa.ColorCode(color&0xFFFFFF))
			}
			m.writer[at] = pc
		}
	}
	return first
}

// texel runs the block once, in l.mem. pc is the address of the last PUT, 0 when
// there was none.
func (l *lane) texel() (color, pc uint32, fault *Fault) {
	var (
		b     = l.b
		mem   = l.mem
		start = uint32(b.start)
		at    = start
	)
	for steps := 0; ; steps++ {
		in := &b.at[at-start]
		if in.op == opEnd || steps == isa.LaneBudget {
			break
		}
		next := in.next
		jump := false
		switch in.op {
		case opBad:
			fault = &Fault{Code: isa.BadOpcode, A: int32(in.x[0])}
		case opRange:
			fault = &Fault{Code: isa.AddressOutOfRange, A: int32(in.x[0]), B: isa.MaxLanes}
		case isa.NOP:
		case isa.DONE:
			return color, pc, nil
		case isa.PUT:
			color, pc = mem[in.x[0]], at
		case isa.JMP:
			next, jump = in.x[0], true
		case isa.JZ:
			if mem[in.x[0]] == 0 {
				next, jump = in.x[1], true
			}
		case isa.JNZ:
			if mem[in.x[0]] != 0 {
				next, jump = in.x[1], true
			}
		case isa.LOOP:
			if passed(int32(mem[in.x[0]]), int32(mem[in.x[1]]), int32(mem[in.x[2]])) {
				next, jump = in.x[3], true
			}
		case isa.PEEK:
			mem[in.x[0]] = l.m.peek(int32(mem[in.x[1]]), int32(mem[in.x[2]]))
		case isa.KEY:
			mem[in.x[0]] = l.m.key(mem[in.x[1]])
		case isa.LD:
			var i uint32
			if i, fault = element(in.x[1], in.x[2], mem[in.x[3]], uint32(l.m.header.DataWords)); fault == nil {
				mem[in.x[0]] = l.m.core.mem[i]
			}
		case isa.LDT:
			var i uint32
			if i, fault = element(in.x[1], in.x[2], mem[in.x[3]], uint32(len(l.m.program))); fault == nil {
				mem[in.x[0]] = l.m.program[i]
			}
		default:
			a := int32(mem[in.x[1]])
			v, f, _ := isa.Alu(in.op, a, int32(mem[in.x[2]]), int32(mem[in.x[3]]))
			if f != isa.FaultNone {
				fault = &Fault{Code: f, A: a}
			} else {
				mem[in.x[0]] = uint32(v)
			}
		}
		if jump && (next < start || next > b.end) {
			fault = &Fault{Code: isa.AddressOutOfRange, A: int32(next), B: int32(b.end)}
		}
		if fault != nil {
			fault.PC = int(at)
			return 0, 0, fault
		}
		at = next
	}
	if b.at[at-start].op == opEnd {
		return color, pc, nil
	}
	return 0, 0, &Fault{Code: isa.CycleLimit, PC: l.eachP, A: isa.LaneBudget}
}
