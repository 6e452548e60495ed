package studio

import (
	"image"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// newHandRunner is a runner whose player the test is.
func newHandRunner() (*Runner, *handDocuments) {
	s := newHandDocuments()
	r := newRunner(s.Documents, newPlayer(newRequests(true, engine.OnCPU), onCPU, func() {}, time.Now), engine.OnCPU, time.Now)
	s.front = r.show
	return r, s
}

func TestLateResultsOfAnotherDocumentAreNotShown(t *testing.T) {
	r, s := newHandRunner()
	first := s.NewDocument().ID
	s.NewDocument()
	s.Edit("HALT\n")
	r.player.out.publish(result{doc: first, phase: Failed, frames: 9, texel: &texelWords{}}, [Slots]*Picture{}, false)
	r.take()
	if r.RunState().Frames != 0 || r.RunState().Phase != Empty || r.texel != nil {
		t.Errorf("%+v", r.RunState())
	}
	r.player.out.publish(result{doc: s.Active().ID, phase: Halted, frames: 1, log: []LogEntry{{Text: "x"}}}, [Slots]*Picture{}, false)
	r.take()
	if r.RunState().Frames != 1 || r.RunState().Phase != Halted || len(r.Log()) != 1 {
		t.Errorf("%+v", r.RunState())
	}
	s.SetActive(0)
	if st := r.RunState(); st.Frames != 0 || st.Phase != Empty || !st.Playing || len(r.Log()) != 0 {
		t.Errorf("another document's state: %+v", st)
	}
	s.Close(1)
	s.Close(0)
	r.player.out.publish(result{doc: first, frames: 9}, [Slots]*Picture{}, false)
	r.take()
	if r.RunState().Frames != 0 {
		t.Error("a closed document's results are shown")
	}
}

func TestAPictureStaysUntilThereIsAnother(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	if p := r.Picture(0); p != (Picture{}) {
		t.Fatal("a picture before the first")
	}
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	r.player.out.publish(result{}, [Slots]*Picture{{Image: img, View: machine.View{Width: 1}, doc: d.ID}}, true)
	r.take()
	r.player.out.publish(result{}, [Slots]*Picture{}, false)
	r.take()
	if p := r.Picture(0); p.Image != img || p.View.Width != 1 || p.Gen != 1 {
		t.Errorf("%+v", p)
	}
	s.NewDocument()
	if p := r.Picture(0); p != (Picture{}) {
		t.Error("the picture of another document is shown")
	}
	s.SetActive(0)
	if p := r.Picture(0); p.Image != img {
		t.Error("the picture is forgotten")
	}
}

func TestAFaultIsAProblemOfTheTextThatRan(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	s.Edit("NOP\nHALT\n")
	fault := result{doc: d.ID, liveRev: d.liveRev, phase: Failed}
	fault.report.Fault = &machine.Fault{Code: isa.DivByZero, PC: isa.HeaderWords}
	show := func(f result) int {
		r.player.out.publish(f, [Slots]*Picture{}, false)
		r.take()
		return len(r.Problems())
	}
	if show(fault) != 1 {
		t.Fatalf("the fault is not shown: %v", r.Problems())
	}
	older := fault
	older.liveRev--
	if show(older) != 0 {
		t.Error("the fault of an older program is shown on the lines of the newer")
	}
	running := fault
	running.phase = Running
	if show(running) != 0 {
		t.Error("a fault is shown of a program that runs")
	}
	show(fault)
	s.Edit("NOP\nHALT\n)")
	if p := r.Problems(); len(p) != 1 || p[0].Code == isa.DivByZero.String() {
		t.Errorf("the fault is shown on a text that is not what ran: %v", p)
	}
	s.Close(0)
	if r.Problems() != nil {
		t.Error("problems without a document")
	}
}

func TestOnlyWhatIsNewIsAsked(t *testing.T) {
	r, _ := newHandRunner()
	asked := func() bool {
		select {
		case <-r.player.in.ping:
			return true
		default:
			return false
		}
	}
	for name, f := range map[string]func(){
		"view":  func() { r.SetView(0, machine.View{Width: 8}) },
		"input": func() { r.SetInput(machine.Input{Buttons: 1}) },
		"probe": func() { r.Probe(1, 2, true) },
	} {
		if f(); !asked() {
			t.Errorf("%s: the player is not told", name)
		}
		if f(); asked() {
			t.Errorf("%s: the player is told what it knows", name)
		}
	}
}

func TestATexelIsThatUnderThePointer(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	s.Edit("TXT 0 0 A\nHALT\n")
	statement := -1
	for pc := range d.live.Program {
		if at, ok := d.live.Map.At(pc); ok && at.Pos.Line == 1 {
			statement = pc
			break
		}
	}
	r.Probe(3, 4, true)
	texel := func(change func(*texelWords)) (Texel, bool) {
		w := texelWords{x: 3, y: 4, word: 0xFF00FF41, writer: uint32(statement), doc: d.ID, liveRev: d.liveRev}
		change(&w)
		r.player.out.publish(result{doc: d.ID, texel: &w}, [Slots]*Picture{}, false)
		r.take()
		return r.Texel()
	}
	if x, ok := texel(func(*texelWords) {}); !ok || x.X != 3 || x.Y != 4 || x.Glyph != 'A' || x.Line != 1 {
		t.Errorf("%+v %v", x, ok)
	}
	if _, ok := texel(func(w *texelWords) { w.x++ }); ok {
		t.Error("the texel beside it is shown")
	}
	if _, ok := texel(func(w *texelWords) { w.y++ }); ok {
		t.Error("the texel below it is shown")
	}
	if _, ok := texel(func(w *texelWords) { w.doc++ }); ok {
		t.Error("another document's texel is shown")
	}
	if x, ok := texel(func(w *texelWords) { w.liveRev-- }); !ok || x.Line != 0 {
		t.Errorf("the line is one of another text: %+v", x)
	}
	if x, ok := texel(func(w *texelWords) { w.writer = 0 }); !ok || x.Line != 0 {
		t.Errorf("written by nobody: %+v", x)
	}
	r.Probe(0, 0, true)
	if _, ok := texel(func(w *texelWords) { w.x, w.y = 0, 0 }); !ok {
		t.Error("the first texel is not shown")
	}
	r.Probe(0, 0, false)
	if _, ok := r.Texel(); ok {
		t.Error("a texel is shown without a pointer")
	}
}

func TestRunBeginsAnewOnlyWhatHasEnded(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	s.Edit("HALT\n")
	for phase, resets := range map[Phase]int{Running: 0, Halted: 1, Failed: 1, Broken: 0} {
		before := r.player.in.peek().resets
		r.Pause()
		if r.player.in.peek().playing || r.RunState().Playing {
			t.Error("a pause does not pause")
		}
		r.player.out.publish(result{doc: d.ID, liveRev: d.liveRev, phase: phase}, [Slots]*Picture{}, false)
		r.take()
		r.Run()
		if got := r.player.in.peek(); got.resets-before != resets || !got.playing || !r.RunState().Playing {
			t.Errorf("phase %v: %d resets, playing %v", phase, got.resets-before, got.playing)
		}
	}
}
