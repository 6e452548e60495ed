package studio

import (
	"strings"
	"testing"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// BenchmarkKeystroke is from a keystroke to both pictures of the changed program,
// at the window's usual panel size. Two frames of a window are 33 ms.
func BenchmarkKeystroke(b *testing.B) {
	for _, e := range assets.Examples() {
		b.Run(e.Name, func(b *testing.B) {
			woken := make(chan struct{}, 1)
			m := New(Config{Backend: engine.OnCPU, Wake: func() {
				select {
				case woken <- struct{}{}:
				default:
				}
			}})
			defer m.Shutdown()
			for i, t := range []machine.Texture{machine.MachineTexture, machine.HumanTexture} {
				m.SetView(i, machine.View{Texture: t, Width: 676, Height: 306, Scale: 1.7})
			}
			m.OpenExample(e.Name, e.Source)
			m.Pause()
			for i := 0; b.Loop(); i++ {
				m.Edit(e.Source + "\n; " + strings.Repeat("x", i%8+1))
				want := m.Active().liveRev
				for m.state.liveRev != want {
					<-woken
					m.Pump()
				}
			}
		})
	}
}

// longProgram is a program of 5000 lines, and breakpoints on 200 of them that never stop.
func longProgram() (source string, breaks []debugger.Breakpoint) {
	for i := range 200 {
		breaks = append(breaks, debugger.Breakpoint{Line: 3 + 24*i, Condition: "x < 0"})
	}
	return "loop:\n" + strings.Repeat("  x = x + 1\n", 4997) + "  FRAME\n  JMP loop\n", breaks
}

// BenchmarkBreakpoints is a frame of a long program, and an edit of it up to the frame
// that shows it, with and without breakpoints.
func BenchmarkBreakpoints(b *testing.B) {
	source, breaks := longProgram()
	for _, c := range []struct {
		name   string
		breaks []debugger.Breakpoint
	}{{"none", nil}, {"200", breaks}} {
		program := func(a string) *pxl.Assembly { return pxl.Assemble("long.pxl", a) }
		first, second := program(source), program(source+"; end")
		begin := func() *player {
			p := newPlayer(newRequests(true, engine.OnCPU), func(engine.Backend) engine.Engine { return engine.NewCPU() }, func() {}, time.Now)
			p.in.change(func(r *request) { r.doc, r.program, r.liveRev, r.breaks = 1, first, 1, c.breaks })
			p.update()
			return p
		}
		b.Run("frame/"+c.name, func(b *testing.B) {
			p := begin()
			defer p.eng.Close()
			for b.Loop() {
				p.frame(b.Context(), machine.Input{}, 0)
			}
		})
		b.Run("edit/"+c.name, func(b *testing.B) {
			p := begin()
			defer p.eng.Close()
			for i := 2; b.Loop(); i++ {
				p.in.change(func(r *request) {
					if r.liveRev = i; i%2 == 0 {
						r.program = second
					} else {
						r.program = first
					}
				})
				p.update()
			}
		})
	}
}
