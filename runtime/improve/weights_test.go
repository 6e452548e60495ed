package improve

import (
	"flag"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/compiled"
	"gvpie/runtime/cputime"
	"gvpie/runtime/generate"
	"gvpie/runtime/machine"
)

// By hand, on a computer that does nothing else: go test -v -run Weights -fit prints the
// weights that fit it.
var fit = flag.Bool("fit", false, "fit the weights of a cost to the processor time of this computer")

// sample is a program's counts, and how long it keeps the processor busy.
type sample struct {
	name   string
	counts Counts
	took   time.Duration
	weight float64
	lines  int // of the log of its last frame
}

// The weights of the machine's reference are those of a cost.
func TestWeightsAreThoseOfTheReference(t *testing.T) {
	text, err := os.ReadFile("../../assets/docs/machine.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range weights {
		if row := fmt.Sprintf("| %s | %d |", w.name, w.weight); !strings.Contains(string(text), row) {
			t.Errorf("the reference lacks %s", row)
		}
	}
}

func TestWeights(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	var all []sample
	compiler := compiled.New(compiled.Now, slog.New(slog.DiscardHandler))
	for _, dir := range []string{"testdata/pairs", "../../assets/examples", "../difftest/testdata/ports/before", "../difftest/testdata/ports/after"} {
		files, err := filepath.Glob(dir + "/*.pxl")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sampled(t, compiler, f, string(text), 1))
		}
	}
	for seed, n := int64(0), 0; n < 40; seed++ {
		// Those that end at once tell nothing, and blocks that log are not compiled.
		s := sampled(t, compiler, fmt.Sprintf("random %d", seed), generate.New(seed, true).Source, 0.3)
		if s.counts.Frames >= 20 && s.counts.Noise == 0 && s.lines < 4 {
			all = append(all, s)
			n++
		}
	}
	found := fitted(all)
	for i, w := range weights {
		t.Logf("%9.0f (%d) %s", found[i]/found[2], w.weight, w.name)
	}
	t.Logf("a unit is %.3f ns", found[2])
	var now [len(weights)]float64
	for i, w := range weights {
		now[i] = float64(w.weight) * found[2]
	}
	for _, u := range []struct {
		name    string
		weights []float64
	}{{"fitted", found}, {"those of the table", now[:]}} {
		var errors []float64
		sum := 0.0
		for _, s := range all {
			e := math.Abs(math.Log(s.predicted(u.weights) / float64(s.took)))
			if s.weight == 1 {
				errors = append(errors, e)
				sum += e * e
			}
			if e > 0.5 && u.name == "fitted" {
				t.Logf("%5.2f %s", math.Log(s.predicted(u.weights)/float64(s.took)), s.name)
			}
		}
		slices.Sort(errors)
		t.Logf("%s: error in log %.3f, half of the programs within %.3f", u.name, math.Sqrt(sum/float64(len(errors))), errors[len(errors)/2])
	}
}

// sampled runs a program for 120 frames: counted, then as the engine does.
func sampled(t *testing.T, c *compiled.Compiler, name, source string, weight float64) sample {
	t.Helper()
	p, err := Load(name, source)
	if err != nil {
		t.Fatal(err)
	}
	var r run
	if err := r.start(p, 1); err != nil {
		t.Fatal(err)
	}
	for r.counts.Frames < costFrames && !r.ended && r.counts.toil() < costMost {
		if err := r.frame(t.Context(), machine.Input{}); err != nil {
			t.Fatal(err)
		}
	}
	s := sample{name, r.counts, math.MaxInt64, weight, len(r.last.Log)}
	if r.last.Fault != nil {
		s.counts.Frames = 0
		return s
	}
	m, err := machine.New(p.Program, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.CompileWith(c.OrNil())
	for n, from := 0, time.Now(); n < 9 || time.Since(from) < 400*time.Millisecond; n++ {
		if err := m.Reset(p.Program, 1); err != nil {
			t.Fatal(err)
		}
		used := cputime.Used()
		for range s.counts.Frames {
			if _, err := m.Frame(t.Context(), machine.Input{}, 0); err != nil {
				t.Fatal(err)
			}
		}
		if used = cputime.Used() - used; used > 0 && n > 0 {
			s.took = min(s.took, used)
		}
	}
	return s
}

func (s *sample) predicted(by []float64) float64 {
	sum := 1.0
	for i, w := range weights {
		sum += by[i] * float64(w.count(&s.counts))
	}
	return sum
}

// fitted gives the weights, in nanoseconds, with the least squares of the errors in log:
// damped Gauss-Newton steps over the logarithms of the weights, which so stay positive.
func fitted(all []sample) []float64 {
	const n = len(weights)
	loss := func(by []float64) (sum float64) {
		for _, s := range all {
			e := math.Log(s.predicted(by) / float64(s.took))
			sum += s.weight * e * e
		}
		return sum
	}
	by := make([]float64, n)
	for i, w := range weights {
		by[i] = float64(w.weight) * 0.1
	}
	least, damp := loss(by), 1.0
	for range 400 {
		var m [n][n + 1]float64
		for _, s := range all {
			whole := s.predicted(by)
			e := math.Log(whole / float64(s.took))
			var part [n]float64
			for i, w := range weights {
				part[i] = by[i] * float64(w.count(&s.counts)) / whole
			}
			for i := range n {
				for j := range n {
					m[i][j] += s.weight * part[i] * part[j]
				}
				m[i][n] -= s.weight * part[i] * e
			}
		}
		for i := range n {
			m[i][i] += damp * (m[i][i] + 1e-3)
		}
		step := solved(m)
		next := make([]float64, n)
		for i := range n {
			next[i] = max(1e-9, by[i]*math.Exp(max(-2, min(2, step[i]))))
		}
		if l := loss(next); l < least {
			by, least, damp = next, l, max(damp/3, 1e-9)
		} else if damp *= 4; damp > 1e9 {
			break
		}
	}
	return by
}

// solved solves linear equations whose right sides are the last column, by elimination.
func solved(m [len(weights)][len(weights) + 1]float64) []float64 {
	const n = len(weights)
	for i := range n {
		p := i
		for k := i; k < n; k++ {
			if math.Abs(m[k][i]) > math.Abs(m[p][i]) {
				p = k
			}
		}
		m[i], m[p] = m[p], m[i]
		for k := range n {
			if k == i {
				continue
			}
			f := m[k][i] / m[i][i]
			for j := i; j <= n; j++ {
				m[k][j] -= f * m[i][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range n {
		x[i] = m[i][n] / m[i][i]
	}
	return x
}
