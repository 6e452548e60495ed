package studio

import (
	"log/slog"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/app/studio/loop"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/recovery"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/watch"
)

// Config is what a Model is made with.
type Config struct {
	// Wake asks the window for a new frame. It is called from any goroutine and
	// must not block.
	Wake func()
	// GPU is where machines on the GPU come from; nil runs everything on the CPU.
	GPU engine.Source
	// CPU makes machines on the CPU; nil: engine.NewCPU.
	CPU func() engine.Engine
	// Backend is the choice of processor to begin with.
	Backend engine.Backend
	// Unchecked leaves the frames that are shown to the one processor: see Parity.
	Unchecked bool
	// Recovery is the folder for unsaved text; "" remembers none.
	Recovery string
	// Data is the data folder of the autonomous loop; "" has neither loop nor
	// memory. Agent says whether the loop runs under the window, and AgentClock
	// what it goes by; nil is the real time.
	Data       string
	Agent      bool
	AgentClock agent.Clock
	// LoopBackend is what the loop's programs run on; nil: as the setting says.
	LoopBackend *engine.Backend
	// Addr is where the API is answered while the loop runs here; "" is nowhere.
	// Version is that of gvpie, for those who ask.
	Addr    string
	Version string
	// Logger is told what went wrong without stopping anything; nil: nobody is.
	Logger *slog.Logger
	// Begin is the text that a new program begins with.
	Begin string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Model is everything the window shows, made of its parts: the documents, what
// runs of them, the notices, the loop. The window's goroutine owns it.
type Model struct {
	*Documents
	*Runner
	cfg     Config
	actions []*Action
	notices *notice.List
	inbox   *inbox
	monitor *loop.Monitor
	chooser *engine.Chooser // of the window's program, the loop's and the API's

	debugger *debugger.Model

	gpu      engine.Status
	unfollow func()
}

// New makes a model and starts its goroutines; Shutdown ends them.
func New(cfg Config) *Model {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wake == nil {
		cfg.Wake = func() {}
	}
	m := &Model{cfg: cfg, notices: notice.NewList(cfg.Now), inbox: newInbox(cfg.Wake), chooser: &engine.Chooser{}}
	m.Documents = &Documents{active: -1, begin: cfg.Begin, inbox: m.inbox, assembler: newAssembler(), notices: m.notices, onConflict: func(*Document) {}, unsaved: unsaved{now: cfg.Now}}
	m.Runner = newRunner(m.Documents, newPlayer(newRequests(true, cfg.Backend), m.engine, cfg.Wake, cfg.Now), cfg.Backend, cfg.Now)
	m.Documents.front = m.Runner.show
	m.debugger = debugger.New(debugger.Config{Post: m.inbox.Post, Live: m.Step, Other: m.onOther})
	m.Runner.past = m.debugger.Follow
	m.OnStop(func() {})
	if !cfg.Unchecked {
		m.player.checker = newChecker(m.otherEngine, func(p *Parity) { m.inbox.Post(func() { m.parity = p }) }, m.player.in.poke)
	}
	go m.player.loop()
	go m.assembler.loop(m.inbox.quit, func(j assembleJob, a *pxl.Assembly) {
		m.inbox.Post(func() { m.assembledLate(j, a) })
	})
	m.startWatcher()
	m.startRecovery()
	m.followGPU()
	m.monitor = m.newMonitor()
	m.actions = m.makeActions()
	return m
}

// Shutdown ends the model's goroutines and frees the engine. Nothing of the
// Model is used after.
func (m *Model) Shutdown() {
	close(m.inbox.quit)
	m.unsaved.store.Close() // first: a session that ends gives little time
	if m.unfollow != nil {
		m.unfollow()
	}
	if m.watcher != nil {
		m.watcher.Close()
	}
	if err := m.monitor.Close(); err != nil && m.cfg.Logger != nil {
		m.cfg.Logger.Error("the loop was to be kept running", "error", err)
	}
	m.debugger.Close()
	m.player.close()
	if m.player.checker != nil {
		m.player.checker.close()
	}
}

// engine makes an engine for the player.
func (m *Model) engine(b engine.Backend) engine.Engine {
	return engine.New(engine.Options{Backend: b, GPU: m.cfg.GPU, Live: true, CPU: m.cfg.CPU, Chooser: m.chooser, Logger: m.cfg.Logger})
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
			f := readFile(e.Path)
			m.inbox.Post(func() { m.fileChanged(f) })
		}
	}()
}

func (m *Model) startRecovery() {
	if m.cfg.Recovery == "" {
		return
	}
	const about = "recovery"
	r, err := recovery.Open(m.cfg.Recovery, func(err error) {
		m.inbox.Post(func() {
			if err == nil {
				m.Over(about)
				return
			}
			m.Tell(about, notice.Warning, "unsaved text could not be kept for recovery: "+err.Error())
		})
	})
	if err != nil {
		m.Notify(notice.Warning, "unsaved text will not survive a crash: "+err.Error())
	}
	m.unsaved.store = r
}

func (m *Model) followGPU() {
	if m.cfg.GPU == nil {
		m.gpu = engine.Status{State: engine.Off, Reason: "started without the GPU"}
		return
	}
	m.gpu = m.cfg.GPU.Status()
	statuses, stop := m.cfg.GPU.Watch()
	m.unfollow = stop
	go func() {
		for {
			select {
			case <-m.inbox.quit:
				return
			case st, ok := <-statuses:
				if !ok {
					return
				}
				m.inbox.Post(func() { m.gpu = st })
			}
		}
	}()
}

// GPU says how the GPU is; its State is Off when there is none.
func (m *Model) GPU() engine.Status { return m.gpu }

// Pump takes in what background goroutines have left since the last call. The
// window calls it at the start of every frame; it never waits.
func (m *Model) Pump() {
	m.inbox.run()
	m.Runner.take()
}

// Notify shows a sentence.
func (m *Model) Notify(k notice.Kind, text string) { m.notices.Add(k, text) }

// Tell shows a sentence until Over says that what it is about is over.
func (m *Model) Tell(about string, k notice.Kind, text string) { m.notices.About(about, k, text) }

// Over takes the sentence about something away.
func (m *Model) Over(about string) { m.notices.Over(about) }

// Notices lists what is to be shown, oldest first.
func (m *Model) Notices() []notice.Notice { return m.notices.All() }

// Dismiss takes a notice away.
func (m *Model) Dismiss(id int) { m.notices.Dismiss(id) }
