package studio

import (
	"strings"
	"testing"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
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
