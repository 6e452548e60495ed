package improve

import (
	"context"
	"fmt"
	"testing"

	"gvpie/runtime/cputime"
)

// Candidates that the cheap end of the cascade judges in a second of one processor: small
// programs that show something else at once, as most do, and one that is equal.
func BenchmarkJudge(b *testing.B) {
	const source = ".canvas 16 16 pixel\nt = 0\nloop:\nCLS navy\nRECT (t & 7) 3 4 4 red\nCIRC 8 8 %d white\nt = t + 1\nFRAME\nJMP loop\n"
	for _, c := range []struct {
		name  string
		other int
	}{{"other", 40}, {"equal", 1}} {
		b.Run(c.name, func(b *testing.B) {
			p, err := Load("p", fmt.Sprintf(source, 3))
			if err != nil {
				b.Fatal(err)
			}
			y, err := newYardstick(b.Context(), p, false, Effort{Frames: 8, Seeds: 1, Cost: 1_000_000})
			if err != nil {
				b.Fatal(err)
			}
			s := &search{y: y, best: p, offer: Offer{After: y.cost + 1}}
			var all []Candidate
			for i := range c.other {
				radius := 4 + i
				if c.name == "equal" {
					radius = 3
				}
				all = append(all, Candidate{Source: fmt.Sprintf(source, radius)})
			}
			var r run
			used := cputime.Used()
			for i := 0; b.Loop(); i++ {
				if j := s.judge(context.Background(), &r, all[i%len(all)]); j.err != nil || j.equal != (c.name == "equal") {
					b.Fatalf("%+v", j)
				}
			}
			b.ReportMetric(float64(b.N)/(cputime.Used()-used).Seconds(), "candidates/s")
		})
	}
}
