package engine

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"gvpie/runtime/isa"
)

// Chooser says on which processor a program is run, from what it has been told
// of how long runs took. All engines give the same bits, so being wrong costs
// time and nothing else; and the honest way to know which is faster for a
// program is to run it on both.
//
// A program runs on the CPU first. Where that is so quick that the GPU, by the
// least that anything has taken on it, could gain nothing, it stays there.
// Otherwise it is measured on the GPU as well, and then runs on the faster; now
// and then on the other, since programs and computers change.
//
// One Chooser serves a whole process: what one user of it has measured, all know.
// The zero value is ready, and its methods may be called from any goroutine.
type Chooser struct {
	mu    sync.Mutex
	seed  maphash.Seed
	known map[workKey]*measures
	least time.Duration // the least that anything took on the GPU; 0: nothing was run there
}

// Work is what a processor is chosen for.
type Work struct {
	Program isa.Program
	// Frames is how many frames a run has at most, and what is told of it is
	// whole runs; 0 is a program that goes on, of which single frames are told.
	Frames int
	// Budget is how many cycles a frame may take; 0: isa.DefaultBudget.
	Budget uint32
	// Opening is how long opening the GPU takes; 0 where it is open.
	Opening time.Duration
}

// Choice is a processor, and why it was chosen: a sentence for a person.
type Choice struct {
	Kind Kind
	Why  string
}

// How the Chooser judges.
const (
	runTrials      = 3   // whole runs measured on a processor before it is judged
	runsToNewTrial = 50  // choices after which the slower processor is tried again
	runsKept       = 20  // durations remembered of a processor
	worksKept      = 256 // programs remembered; with one more, all are forgotten
	hysteresis     = 0.8 // the other processor must take less than this part of the time

	// Below this on the CPU there is nothing to gain: the least that the GPU has
	// taken, kept between these two, for the first program on it may be a slow one.
	leastGain = 200 * time.Microsecond
	mostGain  = 2 * time.Millisecond
)

type workKey struct {
	program uint64
	frames  int
}

// measures is what is known of one work.
type measures struct {
	times   [2][]time.Duration // by Kind, newest last
	verdict Kind               // the processor that was faster; it changes by hysteresis
	choices int                // made since the other one was last tried
}

// trials is how many measurements of w a processor needs.
func (w Work) trials() int {
	if w.Frames == 0 {
		return 1 // itself the mean of several frames
	}
	return runTrials
}

// of gives what is known of w. The lock is held.
func (c *Chooser) of(w Work) *measures {
	if c.known == nil {
		c.known, c.seed = map[workKey]*measures{}, maphash.MakeSeed()
	}
	var hash maphash.Hash
	hash.SetSeed(c.seed)
	var word [4]byte
	for _, v := range w.Program {
		binary.LittleEndian.PutUint32(word[:], v)
		hash.Write(word[:])
	}
	k := workKey{hash.Sum64(), w.Frames}
	m := c.known[k]
	if m == nil {
		if len(c.known) >= worksKept {
			clear(c.known)
		}
		m = &measures{}
		c.known[k] = m
	}
	return m
}

// Knows says whether the Chooser has been told of w before.
func (c *Chooser) Knows(w Work) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.of(w)
	return len(m.times[CPU])+len(m.times[GPU]) > 0
}

// Learn tells how long w took on a processor, the newest last.
func (c *Chooser) Learn(w Work, on Kind, took ...time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.learn(w, on, took...)
}

func (c *Chooser) learn(w Work, on Kind, took ...time.Duration) {
	m := c.of(w)
	for _, d := range took {
		if on == GPU && (c.least == 0 || d < c.least) {
			c.least = max(d, 1)
		}
		m.times[on] = append(m.times[on], d)
	}
	if extra := len(m.times[on]) - runsKept; extra > 0 {
		m.times[on] = slices.Delete(m.times[on], 0, extra)
	}
	if len(m.times[CPU]) == 0 || len(m.times[GPU]) == 0 {
		return
	}
	here, there := median(m.times[m.verdict]), median(m.times[1-m.verdict])
	if float64(there) < hysteresis*float64(here) {
		m.verdict = 1 - m.verdict
	}
}

// Choose says on which processor w is run next, where there is a GPU or one can
// be opened.
func (c *Chooser) Choose(w Work) Choice {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.choose(w)
}

func (c *Chooser) choose(w Work) Choice {
	m := c.of(w)
	cpu, gpu := m.times[CPU], m.times[GPU]
	switch {
	case len(cpu) == 0 && w.Opening > 0:
		if guess := w.guess(); guess >= w.Opening {
			return Choice{GPU, fmt.Sprintf("it may take %s on the CPU: a GPU is worth opening", spoken(guess))}
		}
		return Choice{CPU, "it should be done on the CPU before a GPU is open"}
	case len(cpu) == 0:
		return Choice{CPU, "it is measured on the CPU first"}
	case !c.gains(median(cpu)):
		return Choice{CPU, nothingToGain(median(cpu))}
	case len(cpu) < w.trials():
		return Choice{CPU, "it is measured on the CPU first"}
	case len(gpu) < w.trials():
		return Choice{GPU, fmt.Sprintf("it took %s on the CPU: the GPU is measured", spoken(median(cpu)))}
	}
	why := fmt.Sprintf("it took %s on the GPU and %s on the CPU", spoken(median(gpu)), spoken(median(cpu)))
	if m.choices++; w.Frames > 0 && m.choices > runsToNewTrial {
		m.choices = 0
		return Choice{1 - m.verdict, why + ", and is measured again"}
	}
	return Choice{m.verdict, why}
}

// faster is the processor that w was faster on; CPU where that is not known.
func (c *Chooser) faster(w Work) Kind {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of(w).verdict
}

// trial tells what w, which goes on, took where it is and on the other
// processor, and gives the one it is faster on. Only that counts: such a program
// comes to other parts.
func (c *Chooser) trial(w Work, here Kind, tookHere, tookThere time.Duration) Choice {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.of(w)
	m.verdict, m.times = here, [2][]time.Duration{}
	c.learn(w, here, tookHere)
	c.learn(w, 1-here, tookThere)
	return c.choose(w)
}

// worthATrial says whether the GPU could be quicker than what took so long on
// the CPU.
func (c *Chooser) worthATrial(took time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gains(took)
}

func nothingToGain(took time.Duration) string {
	return fmt.Sprintf("it took %s on the CPU: there is nothing to gain", spoken(took))
}

func (c *Chooser) gains(took time.Duration) bool {
	return took >= min(max(c.least, leastGain), mostGain)
}

// What is reckoned with for a program that has never run, on a slow computer.
const (
	guessedCycles = 50_000_000 // a second
	guessedTexels = 5_000_000  // of EACH, a second
)

// guess is how long w may take on the CPU, for all that is known before it has
// run: every frame until its budget is used up, and once over the canvas.
func (w Work) guess() time.Duration {
	budget := w.Budget
	if budget == 0 {
		budget = isa.DefaultBudget
	}
	frame := float64(budget) / guessedCycles
	if h, err := w.Program.Header(); err == nil && w.Program.HasEach() {
		frame += float64(h.W*h.H) / guessedTexels
	}
	return time.Duration(frame * float64(max(w.Frames, 1)) * float64(time.Second))
}

// median is the middle of d, 0 of none.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d))
	return (sorted[(len(d)-1)/2] + sorted[len(d)/2]) / 2
}

// spoken writes a duration for a person, to two digits.
func spoken(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms >= 9950:
		return fmt.Sprintf("%.0f s", ms/1000)
	case ms >= 995:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 9.95:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 0.095:
		return fmt.Sprintf("%.1f ms", ms)
	default:
		return fmt.Sprintf("%.2g ms", ms)
	}
}
