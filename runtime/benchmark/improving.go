package benchmark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"gvpie/assets/bench"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/picture"
	"gvpie/runtime/improve/proposers"
	"gvpie/runtime/improve/search"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

var (
	ofBefore   = unit{name: "% of cost", less: true}
	share      = unit{name: "%"}
	rmse       = unit{name: "rmse", less: true}
	candidates = unit{name: "k/s"}
)

// nearer is by how much a painting is to be nearer its target: eight in a hundred.
const nearer = 1 / 0.92

// The rows of improving: what comes of it in so much time.
var improving = []group{
	{"Cheaper: cost of the offer, beside that of the program made by hand", pairRows()},
	{"All of them", []spec{
		{"pairs_median", "the median of the costs above", ofBefore, 70, (*bencher).pairsMedian},
		{"pairs_proved", "not by trial alone, or with nothing to gain", share, 200. / 3, (*bencher).pairsProved},
		{"bit_tricks", "at their known shortest, proved, in one time for all", share, 80, (*bencher).bitTricks},
		{"small_candidates", "small programs that are judged", candidates, 20, (*bencher).smallCandidates},
	}},
	{"Closer: 50 rectangles, beside the best of as many that chance gives", paintRows("paint_", besideChance)},
	{"Closer: 50 rectangles, beside fogleman/primitive -m 2 -n 50 -a 255", paintRows("primitive_", besidePrimitive)},
}

func pairRows() (rows []spec) {
	for i, p := range improve.Pairs() {
		rows = append(rows, spec{"pair_" + p.Name, "as people write it", ofBefore, 1, func(b *bencher, _ spec) (measured, error) { return b.pair(i) }})
	}
	return rows
}

var targets = []struct{ name, about string }{
	{"sunset", "slopes and edges"}, {"poster", "few colours"}, {"hills", "noise, as a photograph has"}, {"rings", "slopes alone"}, {"notice", "text and lines"},
}

func paintRows(prefix string, beside func(*bencher, *picture.Target, picture.Options) (beside, error)) (rows []spec) {
	for _, t := range targets {
		rows = append(rows, spec{prefix + t.name, t.about + ", 128 × 128", rmse, nearer, func(b *bencher, _ spec) (measured, error) { return b.paint(t.name, beside) }})
	}
	return rows
}

// improved is what came of a pair, each as a part of the cost of the program as written.
type improved struct {
	ours, hand float64
	evidence   improve.Evidence
}

// improvement improves the program of a pair, once.
func (b *bencher) improvement(i int) (improved, error) {
	pairs := improve.Pairs()
	if b.improved == nil {
		b.improved = make([]*improved, len(pairs))
	}
	if b.improved[i] != nil {
		return *b.improved[i], nil
	}
	p, err := improve.Load(pairs[i].Name, pairs[i].Source)
	if err != nil {
		return improved{}, err
	}
	hand, err := improve.Load(pairs[i].Name, pairs[i].ByHand)
	if err != nil {
		return improved{}, err
	}
	byHand, err := hand.Cost(b.ctx)
	if err != nil {
		return improved{}, err
	}
	until := time.Now().Add(b.Search)
	o := improve.Options{Proposers: proposers.All(), Seed: 1, Check: proposers.Kit(b.Engine).Check, Stop: func() bool { return time.Now().After(until) }}
	offer, err := improve.Improve(b.ctx, p, o)
	if err != nil {
		return improved{}, err
	}
	before := float64(offer.Before)
	b.improved[i] = &improved{float64(offer.After) / before, float64(byHand) / before, offer.Evidence}
	return *b.improved[i], nil
}

func (b *bencher) pair(i int) (measured, error) {
	r, err := b.improvement(i)
	if err != nil {
		return measured{}, err
	}
	note := r.evidence.String()
	if r.evidence == improve.NoEvidence {
		note = "nothing was found"
	}
	return measured{figure: &figure{100 * r.ours, 100 * r.hand}, against: "by hand", ratio: r.hand / r.ours, note: note}, nil
}

// all improves the programs of all pairs.
func (b *bencher) all() (all []improved, err error) {
	for i := range improve.Pairs() {
		r, err := b.improvement(i)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func (b *bencher) pairsMedian(spec) (measured, error) {
	all, err := b.all()
	if err != nil {
		return measured{}, err
	}
	var costs []float64
	for _, r := range all {
		costs = append(costs, 100*r.ours)
	}
	return measured{figure: &figure{ours: median(costs)}}, nil
}

func (b *bencher) pairsProved(spec) (measured, error) {
	all, err := b.all()
	if err != nil {
		return measured{}, err
	}
	proved := 0
	for _, r := range all {
		if r.evidence != improve.ByTrial && (r.evidence != improve.NoEvidence || r.hand >= 1) {
			proved++
		}
	}
	return measured{figure: &figure{ours: 100 * float64(proved) / float64(len(all))}, note: fmt.Sprintf("%d of %d", proved, len(all))}, nil
}

// tricksFor is how many times as long as a program all bit tricks together may take.
const tricksFor = 12

func (b *bencher) bitTricks(spec) (measured, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(b.ctx, tricksFor*b.Search)
	defer cancel()
	found, all := 0, search.KnownTasks()
	for _, k := range all {
		s, err := search.Solve(ctx, k.Task)
		if b.ctx.Err() != nil || err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return measured{}, err
		}
		if err == nil && s.Expression != "" && s.Operators <= k.Operators {
			found++
		}
	}
	note := fmt.Sprintf("%d of %d in %.1f s", found, len(all), time.Since(began).Seconds())
	return measured{figure: &figure{ours: 100 * float64(found) / float64(len(all))}, note: note}, nil
}

// littleRate is how many small programs are judged for a second that a program is
// improved.
const littleRate = 10_000

// littles proposes small programs that all show something else.
type littles struct{ n int }

func (littles) Name() string { return "littles" }

func (l littles) Propose(_ context.Context, _ *improve.Program, job improve.Job) (all []improve.Candidate) {
	if job.Round > 0 {
		return nil
	}
	for i := range l.n {
		all = append(all, improve.Candidate{Source: little(i + 1)})
	}
	return all
}

func little(i int) string {
	return fmt.Sprintf(".canvas 16 16 pixel\nCLS navy\nRECT 2 2 9 9 %d\nCIRC 9 9 %d 0x336699\nHALT\n", i, i%7)
}

func (b *bencher) smallCandidates(spec) (measured, error) {
	p, err := improve.Load("little", little(0))
	if err != nil {
		return measured{}, err
	}
	began := time.Now()
	offer, err := improve.Improve(b.ctx, p, improve.Options{Proposers: []improve.Proposer{littles{100 + int(b.Search.Seconds()*littleRate)}}})
	if err != nil {
		return measured{}, err
	}
	return measured{figure: &figure{ours: float64(offer.Candidates) / 1000 / time.Since(began).Seconds()}, note: "by the clock, all cores"}, nil
}

// paintRate is how many candidates a painting has for a second that a program is improved.
const paintRate = 240_000

// beside is what another made of a target.
type beside struct {
	error float64
	who   string
	took  string // in words; "" where it is not known
}

// paint paints a target, and has another do so.
func (b *bencher) paint(name string, other func(*bencher, *picture.Target, picture.Options) (beside, error)) (measured, error) {
	t, err := b.target(name)
	if err != nil {
		return measured{}, err
	}
	o := picture.Options{Shapes: 50, Kinds: []picture.Kind{picture.Rect}, Seed: 1, Candidates: max(1, int(b.Search.Seconds()*paintRate))}
	theirs, err := other(b, t, o)
	if err != nil {
		return measured{}, err
	}
	began := b.ProcessorTime()
	p, err := picture.Paint(b.ctx, t, o)
	if err != nil {
		return measured{}, err
	}
	took := b.ProcessorTime() - began
	ours, err := b.errorOf(t, p)
	if err != nil {
		return measured{}, err
	}
	note := fmt.Sprintf("%.1f s of a processor", took.Seconds())
	if theirs.took != "" {
		note += ", " + theirs.took
	}
	return measured{figure: &figure{ours, theirs.error}, against: theirs.who, ratio: theirs.error / ours, note: note}, nil
}

// target is a picture that is to be painted.
func (b *bencher) target(name string) (*picture.Target, error) {
	text, source := bench.Target(name)
	var img image.Image
	if text != nil {
		var err error
		if img, err = png.Decode(bytes.NewReader(text)); err != nil {
			return nil, err
		}
	} else {
		p, err := assemble(source)
		if err != nil {
			return nil, err
		}
		m, err := machine.New(p, isa.DefaultSeed)
		if err != nil {
			return nil, err
		}
		if _, err := m.Frame(b.ctx, machine.Input{}, 0); err != nil {
			return nil, err
		}
		img = m.Human()
	}
	return picture.NewTarget(img, 0, 0, true)
}

// errorOf is how far a painting is from its target.
func (b *bencher) errorOf(t *picture.Target, painting picture.Painting) (float64, error) {
	p, err := improve.Load("painting", painting.Source)
	if err != nil {
		return 0, err
	}
	return t.Measure(b.ctx, p)
}

func besideChance(b *bencher, t *picture.Target, o picture.Options) (beside, error) {
	p, err := picture.BestOf(b.ctx, t, o)
	if err != nil {
		return beside{}, err
	}
	lack, err := b.errorOf(t, p)
	return beside{error: lack, who: "best of N"}, err
}

// score is a line of what primitive -v says.
var score = regexp.MustCompile(`score=([0-9.]+)`)

func besidePrimitive(b *bencher, t *picture.Target, o picture.Options) (beside, error) {
	path, err := exec.LookPath("primitive")
	if err != nil {
		return beside{}, errors.New("there is no primitive on the PATH")
	}
	dir, err := os.MkdirTemp("", "gvpie-bench-")
	if err != nil {
		return beside{}, err
	}
	defer os.RemoveAll(dir)
	in := filepath.Join(dir, "in.png")
	var text bytes.Buffer
	if err := png.Encode(&text, t.Picture); err != nil {
		return beside{}, err
	}
	if err := os.WriteFile(in, text.Bytes(), 0o600); err != nil {
		return beside{}, err
	}
	cmd := exec.CommandContext(b.ctx, path, "-i", in, "-o", filepath.Join(dir, "out.png"), "-m", "2", "-n", strconv.Itoa(o.Shapes), "-a", "255", "-v")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return beside{}, fmt.Errorf("primitive: %w", err)
	}
	scores := score.FindAllSubmatch(out, -1)
	if len(scores) == 0 {
		return beside{}, errors.New("primitive said no score")
	}
	lack, err := strconv.ParseFloat(string(scores[len(scores)-1][1]), 64)
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return beside{error: lack, who: "primitive", took: fmt.Sprintf("primitive %.1f s", used.Seconds())}, err
}
