package debugger

import (
	"context"
	"errors"
	"slices"

	"gvpie/runtime/debug"
	"gvpie/runtime/machine"
)

// Config is what a Model is made with.
type Config struct {
	// Post leaves what is to be done on the window's goroutine, and asks for the frame
	// that does it. It is called from any goroutine.
	Post func(func())
	// Live has the program itself run one frame more: the way on from the present.
	Live func()
	// Other is the other processor.
	Other Other
}

// Model is the debugger as the window knows it. All of its methods are for the window's
// goroutine.
type Model struct {
	cfg     Config
	open    bool
	run     int // ID of the run that is gone through
	frames  int // of it that the worker knows of
	worker  *worker
	session *session // the worker's alone
	now     *Moment
	problem string
	doing   int  // jobs that are not done
	onward  Move // to be made once the frame that Live was asked for is there
	waiting bool // it is
	seeking bool // a breakpoint, in frames that are still to be run
	who     *Drawing
	pointer Pointer
	breaks  []Breakpoint
	idle    map[Breakpoint]string // that never stop, with why
	land    *landing

	books    books
	pictures *Pictures
	search   *Search
	overlays Overlays
	watches  Watches
}

// New makes a model that is closed.
func New(cfg Config) *Model {
	m := &Model{cfg: cfg, books: books{}}
	m.pictures, m.search = newPictures(m, 0), &Search{m: m}
	return m
}

// Open says whether a run is gone through.
func (m *Model) Open() bool { return m.open }

// Now is the moment that is looked at; nil where there is none yet.
func (m *Model) Now() *Moment { return m.now }

// Problem is why the run cannot be gone through, "" if it can.
func (m *Model) Problem() string { return m.problem }

// Busy says whether something that was asked for is not done.
func (m *Model) Busy() bool { return m.doing > 0 }

// Seeking says whether the program is run on to a breakpoint.
func (m *Model) Seeking() bool { return m.seeking }

// SetBreakpoints says where the program stops.
func (m *Model) SetBreakpoints(list []Breakpoint) {
	if slices.Equal(list, m.breaks) {
		return
	}
	m.breaks, m.idle = slices.Clone(list), nil
	if m.now != nil {
		m.placeBreaks()
	}
}

// placeBreaks has the worker find out where the breakpoints are.
func (m *Model) placeBreaks() {
	s, list := m.session, m.breaks
	m.look(func(context.Context) (func(), error) {
		idle := s.stopAt(list)
		return func() { m.idle = idle }, nil
	})
}

// Idle are the breakpoints that never stop, with why, as far as is known.
func (m *Model) Idle() map[Breakpoint]string { return m.idle }

// Cancel gives up what is being done; the moment that is looked at stays.
func (m *Model) Cancel() {
	m.seeking, m.waiting, m.search.sought = false, false, nil
	if m.open {
		m.worker.cancel()
	}
}

// Elsewhere is what the machine holds at the moment that is looked at; nil at the
// present, and where the model is closed.
func (m *Model) Elsewhere() *machine.Snapshot {
	if !m.open || m.now == nil || m.now.Present {
		return nil
	}
	return m.now.Pages
}

// Follow goes to the present of a run, if it is another than before, or has gone on.
func (m *Model) Follow(run Run) {
	if m.open && m.run == run.ID && m.frames == run.Frames.End() {
		return
	}
	another := !m.open || m.run != run.ID
	if another {
		m.Close()
		m.open, m.run, m.worker = true, run.ID, newWorker()
		m.session = &session{told: m.search.told(m.cfg.Post), other: m.cfg.Other}
		m.books.of(m, run)
		if m.pictures.run != run.ID {
			m.pictures = newPictures(m, run.ID)
		}
	}
	m.frames = run.Frames.End()
	s, breaks, onward, waiting, land, sought := m.session, m.breaks, m.onward, m.waiting, m.land.of(run), m.search.sought
	m.waiting, m.land = false, nil
	m.ask(false, waiting || land != nil, func(ctx context.Context) (*Moment, error) {
		if err := s.take(ctx, run); err != nil {
			return nil, err
		}
		s.stopAt(breaks)
		switch {
		case land != nil:
			return s.moment(ctx, s.in.Go(ctx, *land))
		case waiting && sought != nil:
			err := s.onwardTo(ctx, *sought)
			s.stopAt(breaks)
			return askedFor(sought.String())(s.moment(ctx, err))
		case waiting:
			return s.moment(ctx, s.onward(ctx, onward))
		}
		return s.moment(ctx, s.in.Go(ctx, s.present()))
	})
}

// Close forgets the run, and all that was kept of it.
func (m *Model) Close() {
	if m.open {
		m.worker.close()
	}
	*m = Model{cfg: m.cfg, who: m.unanswered(), breaks: m.breaks, land: m.land, books: m.books, pictures: m.pictures, search: m.search, overlays: m.overlays.closed(), watches: Watches{list: m.watches.list}}
	m.search.reset()
}

// unanswered is the question of AskWho that is still to be asked.
func (m *Model) unanswered() *Drawing {
	if m.who != nil && m.who.Frame < 0 && m.now == nil {
		return m.who
	}
	return nil
}

// Go makes a move. Forward from the present the program itself runs a frame.
func (m *Model) Go(to Move) {
	if !m.CanGo(to) {
		return
	}
	m.seeking, m.search.says, m.search.sought = to == Continue, "", nil
	if !to.back() && m.now.Present {
		m.onward, m.waiting = to, true
		m.cfg.Live()
		return
	}
	s := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) { return s.moment(ctx, s.move(ctx, to)) })
}

// CanGo says whether a move can be made from where one is.
func (m *Model) CanGo(to Move) bool {
	if m.now == nil || (to == Continue || to == ContinueBack) && len(m.breaks) == 0 {
		return false
	}
	if to.back() {
		return m.now.At != Position{Frame: m.now.First}
	}
	return !m.now.Ended
}

// Frame goes to the beginning of a frame.
func (m *Model) Frame(n int) { m.seek(Position{Frame: n}) }

// Draw goes to where so many commands of the frame are made.
func (m *Model) Draw(n int) {
	if m.now == nil {
		return
	}
	to := Position{Frame: m.now.Drawn}
	if n > 0 {
		to.Cycle = m.now.Draws[n-1].Cycle
	}
	m.seek(to)
}

func (m *Model) seek(to Position) { m.seekIn(nil, to, "") }

// seekIn is seek for what was asked, in a branch where there still is that; nil is the one
// that is gone through.
func (m *Model) seekIn(b *debug.Branch, to Position, asked string) {
	if m.now == nil {
		return
	}
	s := m.session
	m.ask(true, true, func(ctx context.Context) (*Moment, error) {
		if b != nil && b != s.in.Branch() && slices.Contains(s.in.Branches(), b) {
			if err := s.in.Switch(ctx, b); err != nil {
				return nil, err
			}
		}
		return askedFor(asked)(s.moment(ctx, s.in.Go(ctx, to)))
	})
}

// ask has the worker find a moment. moved says that somebody wants to be there.
func (m *Model) ask(drag, moved bool, find func(ctx context.Context) (*Moment, error)) {
	m.have(drag, func(ctx context.Context) (func(), error) {
		found, err := find(ctx)
		return func() {
			first := m.now == nil
			arrive(m, found, moved)
			if first {
				m.placeBreaks()
			}
			if first && m.who != nil {
				m.findWho(m.now.Drawn)
			}
			if m.seeking = m.seeking && found.Present && !found.Ended && found.says == ""; m.seeking {
				m.onward, m.waiting = Continue, true
				m.cfg.Live()
			}
		}, err
	})
}

// arrive takes in a moment that was found.
func arrive(m *Model, found *Moment, moved bool) {
	found.Moved = moved
	found.compare(m.now)
	m.now, m.problem = found, ""
	m.search.came(found)
	m.Notebook().came(found)
}

// look has the worker find something out at the moment that is looked at.
func (m *Model) look(find func(ctx context.Context) (take func(), err error)) { m.have(false, find) }

// have has the worker do something, and the window's goroutine take in what came of it.
func (m *Model) have(drag bool, do func(ctx context.Context) (take func(), err error)) {
	m.doing++
	of, s, post := m.worker, m.session, m.cfg.Post // the model is the window's goroutine's
	answer := func(take func(), err error) {
		post(func() {
			if !m.open || m.worker != of {
				return
			}
			m.doing--
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				m.problem = err.Error()
			default:
				take()
			}
		})
	}
	m.worker.put(job{
		drag:    drag,
		dropped: func() { answer(nil, context.Canceled) },
		do: func(ctx context.Context) {
			var take func()
			err := debug.Guard(func() (err error) {
				take, err = do(ctx)
				return err
			})
			if errors.As(err, new(*debug.Failure)) {
				_ = debug.Guard(func() error { s.renew(ctx); return nil }) // what fails again says so
			}
			answer(take, err)
		},
	})
}

// glance has the worker find something out of the moment that is looked at, when nothing
// else is to be done: see job.glance. Where it fails nobody is told.
func (m *Model) glance(at glance, find func(ctx context.Context) (take func(), err error)) {
	of, post := m.worker, m.cfg.Post
	m.worker.put(job{glance: at, do: func(ctx context.Context) {
		var take func()
		err := debug.Guard(func() (err error) {
			take, err = find(ctx)
			return err
		})
		if err != nil {
			return
		}
		post(func() {
			if m.open && m.worker == of {
				take()
			}
		})
	}})
}
