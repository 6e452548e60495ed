package studio

import (
	"context"
	"image"
	"sync"
	"time"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Thumbnails are small pictures of programs that are not open, as they are after their
// first frames; one program at a time, that under the pointer, goes on from there. They
// are made one after the other on a goroutine of their own, on the CPU. The methods are
// for the window's goroutine; a nil Thumbnails makes none.
type Thumbnails struct {
	wake func()
	now  func() time.Time
	tick func(time.Duration) <-chan time.Time

	sizes  [2]image.Point
	asked  map[string]bool
	shown  map[string]Thumbnail
	moving string

	mu    sync.Mutex
	queue []thumbnailJob
	moves thumbnailJob // the zero value: none
	made  map[string]Thumbnail

	news mailbox.Latest[struct{}]
	quit context.CancelFunc
}

// Thumbnail is a program's picture in the sizes of the [Thumbnails]; nil before it is
// there. Nobody changes it.
type Thumbnail [2]*image.RGBA

type thumbnailJob struct {
	name, source string
	sizes        [2]image.Point
}

const (
	stillFrames   = 40                     // after which a picture is taken, if the program does not end before
	stillBudget   = 200_000                // instructions of each of them
	stillTime     = 100 * time.Millisecond // after which they are no more
	thumbnailTick = 50 * time.Millisecond  // from one picture of a program that moves to the next
	tickFrames    = 3                      // run meanwhile: it moves as in the window
)

// NewThumbnails makes none yet. wake asks for a frame of the window, from any goroutine.
func NewThumbnails(wake func()) *Thumbnails {
	return &Thumbnails{wake: wake, now: time.Now, tick: time.After, news: mailbox.New[struct{}](),
		asked: map[string]bool{}, shown: map[string]Thumbnail{}, made: map[string]Thumbnail{}}
}

// SetSizes says how large pictures are, in pixels. Those of other sizes are made anew.
func (t *Thumbnails) SetSizes(sizes [2]image.Point) {
	if t == nil || sizes == t.sizes {
		return
	}
	t.sizes, t.moving = sizes, ""
	clear(t.asked)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue, t.moves = nil, thumbnailJob{}
	clear(t.made)
}

// Of gives a program's picture, and has it made if it is not there.
func (t *Thumbnails) Of(name, source string) Thumbnail {
	if t == nil {
		return Thumbnail{}
	}
	if !t.asked[name] {
		t.asked[name] = true
		t.mu.Lock()
		t.queue = append(t.queue, thumbnailJob{name, source, t.sizes})
		t.mu.Unlock()
		t.call()
	}
	return t.shown[name]
}

// Move has one program move, in the place of the one that did; "" none.
func (t *Thumbnails) Move(name, source string) {
	if t == nil || name == t.moving {
		return
	}
	t.moving = name
	t.mu.Lock()
	t.moves = thumbnailJob{name, source, t.sizes}
	t.mu.Unlock()
	t.call()
}

// Pump takes in what has been made; the window calls it each frame.
func (t *Thumbnails) Pump() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, p := range t.made {
		t.shown[name] = p
	}
	clear(t.made)
}

// Close ends the goroutine.
func (t *Thumbnails) Close() {
	if t != nil && t.quit != nil {
		t.quit()
	}
}

// call has the goroutine look at what is asked for.
func (t *Thumbnails) call() {
	if t.quit == nil {
		var ctx context.Context
		ctx, t.quit = context.WithCancel(context.Background())
		go t.loop(ctx)
	}
	t.news.Offer(struct{}{})
}

// next is what to do next: which program moves, or else whose picture is to be made.
func (t *Thumbnails) next() (moves, still thumbnailJob) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.moves.name == "" && len(t.queue) > 0 {
		still, t.queue = t.queue[0], t.queue[1:]
	}
	return t.moves, still
}

func (t *Thumbnails) loop(ctx context.Context) {
	e := engine.NewCPU()
	defer e.Close()
	var running thumbnailJob // in e
	goesOn := false
	for ctx.Err() == nil {
		moves, still := t.next()
		if moves.name != "" && moves != running {
			still = moves
		}
		if still.name != "" {
			running, goesOn = still, t.begin(ctx, e, still)
			continue
		}
		var due <-chan time.Time
		if moves.name != "" && goesOn {
			due = t.tick(thumbnailTick)
		}
		select {
		case <-ctx.Done():
		case <-t.news.C:
		case <-due:
			for n := 0; n < tickFrames && goesOn; n++ {
				goesOn = frameOf(ctx, e)
			}
			t.take(ctx, e, running)
		}
	}
}

// begin runs a program for its first picture, and says whether it goes on.
func (t *Thumbnails) begin(ctx context.Context, e engine.Engine, j thumbnailJob) (goesOn bool) {
	a := pxl.Assemble(j.name, j.source)
	if e.Load(ctx, a.Program, isa.DefaultSeed) != nil {
		return false
	}
	began := t.now()
	goesOn = true
	for n := 0; n < stillFrames && goesOn && t.now().Sub(began) < stillTime; n++ {
		goesOn = frameOf(ctx, e)
	}
	t.take(ctx, e, j)
	return goesOn
}

// frameOf runs a frame of a program, and says whether there is another.
func frameOf(ctx context.Context, e engine.Engine) bool {
	r, err := e.Frame(ctx, machine.Input{}, stillBudget)
	return err == nil && r.Status == isa.Framed
}

// take takes the picture of a program as it is, and tells the window.
func (t *Thumbnails) take(ctx context.Context, e engine.Engine, j thumbnailJob) {
	human, err := e.Human(ctx)
	if err != nil {
		return
	}
	var p Thumbnail
	for i, size := range j.sizes {
		if size.X <= 0 || size.Y <= 0 {
			continue
		}
		w, h := human.Rect.Dx(), human.Rect.Dy()
		scale := min(float32(size.X)/float32(w), float32(size.Y)/float32(h))
		v := machine.View{Texture: machine.HumanTexture, Width: max(1, int(float32(w)*scale)), Height: max(1, int(float32(h)*scale)), Scale: scale}
		p[i] = image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
		if e.Render(ctx, v, p[i]) != nil {
			return
		}
	}
	t.mu.Lock()
	t.made[j.name] = p
	t.mu.Unlock()
	t.wake()
}
