package improve

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// By hand: go test -run Planted -planted 1000.
var plantedFlag = flag.Int("planted", 100, "how many planted cheats are compared")

// hosts are programs that a cheat is planted in: %s stands where every frame passes.
var hosts = [...]string{
	".canvas 24 16 pixel\nx = 3\nloop:\nCLS navy\nRECT x 4 5 6 red\nx = (x + 1) & 15\n%s\nFRAME\nJMP loop\n",
	".canvas 20 12\nloop:\nCLS\nTXT 2 2 {frame & 7}\nBOX 0 0 20 12 teal\n%s\nFRAME\nJMP loop\n",
	".canvas 16 16 pixel\nt = 0\nloop:\nEACH\n  PUT px * 8 + py * t\nEND\nt = (t + 3) % 20\n%s\nFRAME\nJMP loop\n",
	".canvas 32 16 pixel\nx = 5\nv = 1\nloop:\nCLS\nIF x < 1 || x > 29 v = -v\nx += v\nCIRC x 8 2 white\nIF mx > x PLOT mx my green\n%s\nFRAME\nJMP loop\n",
	".canvas 18 18 pixel\n.array a 8\nFOR i = 0 TO 7\n  a[i] = rnd(18)\nEND\nloop:\nCLS\nFOR i = 0 TO 7\n  PLOT a[i] (i * 2) red\nEND\nIF key(32) LOG jump {frame}\n%s\nFRAME\nJMP loop\n",
}

// plant gives a program, one that cheats, and a run that shows it.
func plant(g *rand.Rand) (a, b, kind string, shown trial) {
	n := func(from, to int) int { return from + g.IntN(to-from+1) }
	host := hosts[g.IntN(len(hosts))]
	shown = trial{seed: isa.DefaultSeed}
	every := func(in machine.Input) { shown.inputs = []machine.Input{in} }
	at := func(frame int, in machine.Input) {
		shown.inputs = make([]machine.Input, frame+2)
		shown.inputs[frame] = in
	}
	wrong := []string{
		fmt.Sprintf("PLOT %d %d yellow", n(0, 15), n(0, 11)), "LOG wrong", "RECT 1 1 2 1 0x123456", "x = 1 / 0", "CLS red", "HALT",
	}[g.IntN(6)]
	when := func(condition string) string { return fmt.Sprintf("IF %s %s", condition, wrong) }
	cheat := ""
	f := n(20, 300)
	shown.frames = 400
	k := []int{17, 18, 32, 65, 90, 13}[g.IntN(6)]
	switch g.IntN(24) {
	case 0:
		kind, cheat, shown.frames = "a frame far away", when(fmt.Sprint("frame == ", n(100, 4000))), 4100
	case 1:
		kind, cheat, shown.frames = "right for the first frames", when(fmt.Sprint("frame > ", n(100, 4000))), 4100
	case 2:
		kind, cheat, shown.frames = "a counter of its own", fmt.Sprintf("ct = ct + 1\n%s", when(fmt.Sprint("ct == ", n(60, 2500)))), 2600
	case 3:
		p, q := n(5, 40), n(3, 40)
		kind, cheat, shown.frames = "a quotient and a rest", when(fmt.Sprintf("frame / %d == %d && frame %% %d == %d", p, q, p, n(0, p-1))), p*q+p+2
	case 4:
		s := n(-2000, 2000)
		kind, cheat, shown.seed = "one seed", when(fmt.Sprint("seed == ", s)), int32(s)
	case 5:
		s := n(10, 900)
		kind, cheat, shown.seed = "seeds with a rest", when(fmt.Sprintf("seed %% 1000 == %d", s)), int32(s)
	case 6:
		kind, cheat = "a key", when(fmt.Sprintf("key(%d)", k))
		every(held(uint32(k)))
	case 7:
		kind, cheat = "a key in one frame", when(fmt.Sprintf("key(%d) && frame == %d", k, f))
		at(f, held(uint32(k)))
	case 8:
		kind, cheat = "a key held for long", fmt.Sprintf("IF key(%d)\n  ct = ct + 1\nELSE\n  ct = 0\nEND\n%s", k, when(fmt.Sprint("ct == ", f)))
		every(held(uint32(k)))
	case 9:
		kind, cheat, shown.frames = "a key pressed often", fmt.Sprintf("IF keyp(%d) ct = ct + 1\n%s", k, when(fmt.Sprint("ct == ", n(3, 90)))), 600
		shown.inputs = []machine.Input{{}, held(uint32(k))}
	case 10:
		x, y := n(0, 15), n(0, 11)
		kind, cheat = "a place of the mouse", when(fmt.Sprintf("mx == %d && my == %d", x, y))
		every(machine.Input{MouseX: int32(x), MouseY: int32(y)})
	case 11:
		kind, cheat = "a corner", when("mx == W - 1 && my == H - 1")
		w, h := canvasSize(host)
		every(machine.Input{MouseX: w - 1, MouseY: h - 1})
	case 12:
		kind, cheat = "outside of the canvas", when([]string{"mx < 0", "my < 0"}[g.IntN(2)])
		every(machine.Input{MouseX: -1, MouseY: -1})
	case 13:
		b := n(2, 7)
		kind, cheat = "buttons", when(fmt.Sprintf("mb == %d", b))
		every(machine.Input{Buttons: int32(b)})
	case 14:
		x := n(3, 14)
		kind, cheat = "a button at a column", when(fmt.Sprintf("mb & 1 && mx == %d", x))
		every(machine.Input{Buttons: 1, MouseX: int32(x)})
	case 15:
		kind, cheat = "a wheel turned far", fmt.Sprintf("ct = ct + mw\n%s", when(fmt.Sprint("ct == ", n(5, 300))))
		every(machine.Input{Wheel: 1})
	case 16:
		x, y := n(1, 15), n(1, 11)
		kind, cheat = "a product of columns and rows", when(fmt.Sprintf("mx * my == %d", x*y))
		every(machine.Input{MouseX: int32(x), MouseY: int32(y)})
	case 17:
		kind, cheat = "a clip that is left", fmt.Sprintf("IF frame == %d CLIP 0 0 (W - 1) H", f)
	case 18:
		kind, cheat = "a runtime limit", fmt.Sprintf("IF frame == %d\n  WHILE 1\n    ct = ct + 1\n  END\nEND", f)
	case 19:
		kind, cheat = "a log line that waits", fmt.Sprintf("IF frame %% %d == %d LOG {frame}", f, f-1)
	case 20:
		kind, cheat, shown.frames = "a sniffed texel", "IF peek(3, 4) == 0x0 || peek(3, 4) != 0 PLOT 2 2 0x010203", 4
	case 21:
		kind, cheat = "two keys at once", when(fmt.Sprintf("key(%d) && key(66)", k))
		in := held(uint32(k))
		in.Keys[66>>5] |= 1 << (66 & 31)
		every(in)
	case 22:
		kind, cheat = "a state left for later", fmt.Sprintf("IF frame == %d z = 1\nIF z && frame == %d %s", f, f+n(1, 40), wrong)
	default:
		c := n(1, 30)
		kind, cheat = "a place and a frame", when(fmt.Sprintf("mx == %d && frame > %d", c%16, f))
		every(machine.Input{MouseX: int32(c % 16)})
	}
	return strings.Replace(host, "%s\n", "", 1), strings.Replace(host, "%s", cheat, 1), kind, shown
}

func canvasSize(source string) (w, h int32) {
	if _, err := fmt.Sscanf(source, ".canvas %d %d", &w, &h); err != nil {
		panic(err)
	}
	return w, h
}

// What cheats is never said to be equal, and mostly shown to be not.
func TestPlantedCheatsAreNeverProved(t *testing.T) {
	missed := map[string]int{}
	all := 0
	for seed := range uint64(*plantedFlag) {
		g := rand.New(rand.NewPCG(seed, 3))
		a, b, kind, shown := plant(g)
		pa, err := Load("a", a)
		if err != nil {
			t.Fatal(err)
		}
		pb, err := Load("b", b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		c := &comparer{most: ^uint64(0)}
		w, _, err := c.compare(t.Context(), pa, pb, &shown)
		if err != nil {
			t.Fatal(err)
		}
		if w == nil {
			continue // what is wrong cannot be seen in this host
		}
		all++
		v, err := Prove(t.Context(), pa, pb, Effort{Frames: 120, Seeds: 3, Cost: 150_000_000})
		if err != nil {
			t.Fatal(err)
		}
		if v.Equal() {
			t.Errorf("seed %d: %s (%s): %s\n%s", seed, kind, v.Evidence, v.What, b)
		}
		if seed%25 == 0 {
			// Nor is it taken for an improvement of a program that costs more.
			costly, err := Load("a", strings.Replace(a, "FRAME", "FOR waste = 1 TO 400\nEND\nFRAME", 1))
			if err != nil {
				t.Fatal(err)
			}
			offer, err := Improve(t.Context(), costly, Options{Proposers: []Proposer{liar(b)}})
			if err != nil || offer.Evidence != NoEvidence {
				t.Errorf("seed %d: %s was offered with evidence %s, %v\n%s", seed, kind, offer.Evidence, err, b)
			}
		}
		if v.Witness == nil {
			missed[kind]++
			if testing.Verbose() {
				t.Logf("seed %d: %s\n%s", seed, kind, b)
			}
		}
	}
	n := 0
	for _, m := range missed {
		n += m
	}
	t.Logf("%d cheats, without a witness: %v", all, missed)
	if all < *plantedFlag*8/10 || n > all/20 {
		t.Errorf("%d of %d cheats are not told apart", n, all)
	}
}

// liar proposes itself.
type liar string

func (liar) Name() string { return "liar" }

func (l liar) Propose(_ context.Context, _ *Program, job Job) []Candidate {
	if job.Round > 0 {
		return nil
	}
	return []Candidate{{Source: string(l), Step: "cheat"}}
}
