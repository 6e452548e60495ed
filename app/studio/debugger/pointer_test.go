package debugger

import (
	"context"
	"slices"
	"testing"
)

const lettered = `.canvas 8 4
loop:
  CLS navy
  COLOR white red
  RECT 1 1 4 1
  TXT 1 1 A{frame}
  FRAME
  JMP loop
`

// pointAt points at a texel and waits for what drew it.
func (h *hand) pointAt(x, y int) []Layer {
	h.t.Helper()
	p := h.Pointer()
	p.Set(x, y, true)
	h.settle()
	for p.Layers() == nil {
		(<-h.posts)()
	}
	return p.Layers()
}

func parts(all []Layer) (out []string) {
	for _, l := range all {
		out = append(out, l.Part+": "+l.Drawn.Text)
	}
	return out
}

func TestWhatIsPointedAtIsTakenApart(t *testing.T) {
	h := newHand(t, lettered, 3)
	h.follow()
	h.settle()
	if got := h.pointAt(1, 1); !slices.Equal(parts(got), []string{"text: TXT 1 1 A{frame}", "paper: RECT 1 1 4 1"}) || got[0].At.Frame != 2 || got[0].Command != 3 {
		t.Errorf("a letter on a box: %+v", got)
	}
	if got := h.pointAt(6, 3); !slices.Equal(parts(got), []string{"paper: CLS navy"}) {
		t.Errorf("the ground: %+v", got)
	}
	h.Draw(2) // before the text
	h.settle()
	if got := h.pointAt(1, 1); !slices.Equal(parts(got), []string{"paper: RECT 1 1 4 1"}) || got[0].At.Frame != 2 {
		t.Errorf("before its text is drawn: %+v", got)
	}
	h.Frame(1)
	h.settle()
	if got := h.pointAt(1, 1); len(got) != 2 || got[0].At.Frame != 0 {
		t.Errorf("as a frame begins it is what the frame before drew: %+v", got)
	}
	h.Pointer().Set(1, 1, false)
	if h.Pointer().Layers() != nil {
		t.Error("beside the canvas there is something")
	}
}

// A glance waits for all else, and is stopped by it: it is looked for again afterwards,
// if no other has taken its place.
func TestAGlanceGivesWay(t *testing.T) {
	w := newWorker()
	defer func() { w.close(); <-w.done }()
	ends := make(chan string, 9)
	expect := func(all ...string) {
		t.Helper()
		for _, want := range all {
			if got := <-ends; got != want {
				t.Fatalf("%q, want %q", got, want)
			}
		}
	}
	move := job{do: func(context.Context) { ends <- "move" }}
	look := func(name string) job {
		return job{glance: atTexel, do: func(context.Context) { ends <- name }}
	}
	// long is a glance that is being done until it is stopped, and then until let go.
	long := func(name string) (letGo chan struct{}) {
		began, free := make(chan struct{}), make(chan struct{})
		first := true
		w.put(job{glance: atTexel, do: func(ctx context.Context) {
			if !first {
				ends <- name
				return
			}
			first = false
			close(began)
			<-ctx.Done()
			<-free
			ends <- name + " stopped"
		}})
		<-began
		return free
	}
	letGo := long("first")
	w.put(move)
	close(letGo)
	expect("first stopped", "move", "first")

	letGo = long("second")
	w.put(look("third"))
	w.put(look("fourth"))
	w.put(move)
	close(letGo)
	expect("second stopped", "move", "fourth")
}

func TestWhatIsPointedAtIsOfARunThatGoesOn(t *testing.T) {
	h := newHand(t, lettered, 3)
	h.follow()
	h.settle()
	h.pointAt(1, 1)
	h.frame()
	h.follow()
	h.settle()
	if got := h.pointAt(1, 1); len(got) != 2 || got[0].At.Frame != 3 {
		t.Errorf("after a frame more: %+v", got)
	}
}
