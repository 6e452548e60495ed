package studio

import (
	"context"
	"image"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/loop"
	"gvpie/app/studio/mailbox"
	"gvpie/app/studio/notice"
	"gvpie/canvas/worker"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/watch"
)

// Config is what a Model is made with.
type Config struct {
	// Wake asks the window for a new frame. It is called from any goroutine and
	// must not block.
	Wake func()
	// GPU is the worker's supervisor; nil runs everything on the CPU.
	GPU *worker.Supervisor
	// Backend is the choice of processor to begin with.
	Backend Backend
	// Recovery is the folder that keeps unsaved text; "" keeps none.
	Recovery string
	// Data is the data folder of the autonomous loop; "" has neither loop nor
	// memory. Agent says whether the loop runs under the window, and AgentClock
	// what it goes by; nil is the real time.
	Data  string
	Agent bool
	// Listen, if there is one, lets other programs in while the loop runs here. serve
	// is called until its context ends; the error says why nobody can come in.
	Listen     func(context.Context, Services) (serve func(context.Context), err error)
	AgentClock agent.Clock
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Model is everything the window shows. The window's goroutine owns it.
type Model struct {
	cfg      Config
	now      func() time.Time
	actions  []*Action
	docs     []*Document
	active   int
	nextID   int
	untitled int
	notices  notice.List
	backend  Backend
	run      RunState
	texel    *texelWords
	pics     [Slots]*picture
	onSaved  func(*Document)

	player     *player
	inbox      chan message
	quit       chan struct{}
	assembler  mailbox.Latest[assembleJob]
	watcher    *watch.Watcher
	recovery   *recovery
	unfollow   func()
	gpu        worker.Status
	background func(func() message)
	monitor    *loop.Monitor
}

// New makes a model and starts its goroutines; Shutdown ends them.
func New(cfg Config) *Model {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wake == nil {
		cfg.Wake = func() {}
	}
	m := &Model{
		cfg: cfg, now: cfg.Now, active: -1, backend: cfg.Backend,
		inbox: make(chan message, 64), quit: make(chan struct{}),
		assembler: mailbox.New[assembleJob](),
	}
	m.run.Playing = true
	m.background = func(f func() message) { go func() { m.send(f()) }() }
	m.actions = m.makeActions()
	m.player = newPlayer(newOrderBox(true, cfg.Backend), m.engine, cfg.Wake, cfg.Now)
	go m.player.loop()
	go m.assembleLoop()
	m.startWatcher()
	m.followGPU()
	m.startRecovery()
	m.monitor = m.newMonitor()
	return m
}

// Shutdown ends the model's goroutines and frees the engine. Nothing of the
// Model is used after.
func (m *Model) Shutdown() {
	close(m.quit)
	if m.unfollow != nil {
		m.unfollow()
	}
	if m.watcher != nil {
		m.watcher.Close()
	}
	m.monitor.Close()
	m.stopRecovery()
	m.player.close()
}

// engine makes an engine for the player.
func (m *Model) engine(b Backend) engine.Engine {
	switch {
	case b == CPU || m.cfg.GPU == nil:
		return engine.NewCPU()
	case b == GPU:
		return m.cfg.GPU.New()
	}
	return engine.NewAuto(engine.NewCPU(), m.cfg.GPU.New())
}

// send leaves a message for Pump and asks for a frame; background goroutines call
// it.
func (m *Model) send(msg message) {
	if m.queue(msg) {
		m.cfg.Wake()
	}
}

// queue leaves a message for the next Pump that something else brings about.
func (m *Model) queue(msg message) bool {
	select {
	case m.inbox <- msg:
		return true
	case <-m.quit:
		return false
	}
}

func (m *Model) assembleLoop() {
	for {
		select {
		case <-m.quit:
			return
		case j := <-m.assembler.C:
			m.send(assembledMsg{doc: j.doc, version: j.version, result: pxl.Assemble(j.name, j.text)})
		}
	}
}

func (m *Model) startWatcher() {
	w, err := watch.New(watch.Options{})
	if err != nil {
		m.Notify(notice.Warning, "changes to files by other programs will not be seen: "+err.Error())
		return
	}
	m.watcher = w
	go func() {
		for e := range w.Events() {
			path := e.Path
			text, err := files.ReadProgram(path)
			m.send(fileMsg{path: path, text: text, err: err})
		}
	}()
}

// fileMsg brings the content of a watched file that has changed.
type fileMsg struct {
	path, text string
	err        error
}

func (f fileMsg) apply(m *Model) {
	for _, d := range m.docs {
		if d.Path == f.path {
			diskMsg{doc: d.ID, text: f.text, err: f.err}.apply(m)
		}
	}
}

func (m *Model) followGPU() {
	if m.cfg.GPU == nil {
		return
	}
	m.gpu = m.cfg.GPU.Status()
	ch, stop := m.cfg.GPU.Watch()
	m.unfollow = stop
	go func() {
		for {
			select {
			case <-m.quit:
				return
			case st, ok := <-ch:
				if !ok {
					return
				}
				m.send(gpuMsg{st})
			}
		}
	}()
}

type gpuMsg struct{ status worker.Status }

func (g gpuMsg) apply(m *Model) { m.gpu = g.status }

// GPU says how the GPU worker is; its State is worker.Off when there is none.
func (m *Model) GPU() worker.Status {
	if m.cfg.GPU == nil {
		return worker.Status{State: worker.Off, Reason: "started without the GPU"}
	}
	return m.gpu
}

// Pump takes in what background goroutines have left since the last call. The
// window calls it at the start of every frame; it never waits.
func (m *Model) Pump() {
	for more := true; more; {
		select {
		case msg := <-m.inbox:
			msg.apply(m)
		default:
			more = false
		}
	}
	st, pics, fresh := m.player.shelf.take()
	if !fresh {
		return
	}
	for i, p := range pics {
		if p != nil {
			m.pics[i] = p
		}
	}
	d := m.Active()
	if d == nil || st.doc != d.ID {
		return
	}
	m.run.take(st, d)
	m.texel = st.texel
}

// Picture is the newest finished rendering of a slot's view; nil before the
// first. gen grows with each new one. The image is not changed while it is the
// newest or the one before.
func (m *Model) Picture(slot int) (img *image.RGBA, v machine.View, gen uint64) {
	p := m.pics[slot]
	if p == nil {
		return nil, machine.View{}, 0
	}
	return p.img, p.view, p.gen
}

// SetView says what slot is to show; a View with Width 0 takes it off screen.
func (m *Model) SetView(slot int, v machine.View) {
	if v == m.player.box.peek().views[slot] {
		return
	}
	m.player.box.change(func(o *orders) { o.views[slot] = v })
}

// SetInput is what the program sees of mouse and keyboard from its next frame.
func (m *Model) SetInput(in machine.Input) {
	if in == m.player.box.peek().input {
		return
	}
	m.player.box.change(func(o *orders) { o.input = in })
}

// showProgram orders the program of the document in front.
func (m *Model) showProgram() {
	d := m.Active()
	m.player.box.change(func(o *orders) {
		if d == nil {
			o.doc, o.program, o.liveN = 0, nil, 0
			return
		}
		o.doc, o.program, o.liveN = d.ID, d.live, d.liveN
	})
	if d == nil || d.ID != m.run.doc {
		m.run = RunState{Playing: m.run.Playing, doc: 0}
		m.texel = nil
		if d != nil {
			m.run.doc = d.ID
		}
	}
}

// Canvas is the size and kind of the canvas of the program in front.
func (m *Model) Canvas() isa.Header {
	if d := m.Active(); d != nil && d.live != nil {
		return d.live.Header
	}
	return isa.Header{W: isa.DefaultWidth, H: isa.DefaultHeight}
}
