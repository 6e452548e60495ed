// Package loop is the window's side of the autonomous loop: what the loop is
// doing, what it has done, and what a person may ask of it. It opens a host of the
// data folder, which runs the loop unless another process does, and reads its
// database; another's loop it drives over that process's API. It knows no documents
// and draws nothing; what it needs of the window is a [Window].
//
// The window's goroutine owns a [Monitor] and never waits for it: small
// goroutines, one for each kind of question, read the database and post what
// they found; of questions that come faster than answers only the newest is
// answered. Start reading at [Monitor], then run.go.
package loop

import (
	"cmp"
	"context"
	"strings"
	"sync/atomic"
	"time"

	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/engine"
	"gvpie/runtime/record"
	"gvpie/runtime/store"
)

// State says how the window stands to the loop and its memory.
type State uint8

const (
	Off      State = iota // no data folder was given
	Opening               // the database is being opened
	Running               // the loop runs in this window
	Driven                // the loop is another process's, and is driven over its API
	ReadOnly              // the loop is another process's, or not wanted: the memory is only read
	Failed                // the database cannot be opened; see LastError
)

// Window is what a Monitor needs of the window that shows it.
type Window interface {
	// Post runs f on the window's goroutine and asks for a frame. Queue runs it
	// with the next frame that something else asks for. Both are called from any
	// goroutine, and give up when the window closes.
	Post(f func())
	Queue(f func())
	// The others are called on the window's goroutine. OpenText opens a text in a
	// tab of that name, whose file is path unless that is "", or brings the tab to
	// the front that has it.
	Notify(k notice.Kind, text string)
	OpenFile(path string)
	OpenText(name, path, text string)
	// OpenRun opens a text in a tab of that name, with a run of it to go through.
	OpenRun(name, text string, run *record.Recording)
}

// Config is what a Monitor is made with; the rest of it is as in host.Config.
type Config struct {
	// Data is the data folder; "" has neither loop nor memory.
	Data string
	// Run says whether the loop is to run here.
	Run bool
	// GPU is where machines on the GPU come from; nil runs everything on the CPU.
	GPU engine.Source
	// CPU makes machines on the CPU; nil: engine.NewCPU.
	CPU func() engine.Engine
	// Backend is what the loop's programs run on; nil: as the setting backend says.
	Backend *engine.Backend
	// Chooser decides what programs run on where that is not said; nil: one of
	// the loop's own.
	Chooser *engine.Chooser

	Clock   agent.Clock // nil: the real time
	Version string
	Addr    string
	Canvas  func(context.Context) (api.Canvas, bool, error)
	Frames  <-chan uint32
}

// Monitor is the window's side of the loop, made of its parts: the lists, one
// run or script in full, two rows compared, the lineage and the pictures. The
// window's goroutine owns it. Without a data folder it is Off and has nothing to
// show.
type Monitor struct {
	cfg Config
	bg  *background
	lists
	figures
	details
	comparisons
	lineages
	pictures
	offers

	state      State
	lastError  string
	apiError   string // why the loop of the other process is not driven
	lockHolder agent.Holder
	status     agent.Status
	store      *store.Store
	driver     driver        // nil: nothing is asked of the loop
	ordered    chan struct{} // closed once what was asked of it last is done; nil: nothing was
	steered    atomic.Int64  // when something was, or the loop began to be followed, in Unix nanoseconds
	activity   activity
	kept       bool // a unit is to go on with the loop when the window closes
}

// New makes a Monitor and begins to open the data folder; Close ends it.
func New(cfg Config, w Window) *Monitor {
	if cfg.CPU == nil {
		cfg.CPU = engine.NewCPU
	}
	bg := newBackground(w)
	m := &Monitor{cfg: cfg, bg: bg, lists: newLists(), figures: newFigures(), details: newDetails(), comparisons: newComparisons(), lineages: newLineages(), pictures: newPictures()}
	m.offers = newOffers(m)
	if cfg.Data != "" {
		m.state = Opening
		bg.spawn(m.open)
	}
	return m
}

// State says how the window stands to the loop.
func (m *Monitor) State() State { return m.state }

// Status is what the loop is doing, when it is this window's or Driven.
func (m *Monitor) Status() agent.Status { return m.status }

// Holder is the process that runs the loop of this folder, when it is another.
func (m *Monitor) Holder() agent.Holder { return m.lockHolder }

// Unready is why the loop does not do its work, a sentence; "" when it does, or nothing
// is known of it here.
func (m *Monitor) Unready() string { return m.status.Unready }

// LastError is why the memory cannot be shown, why the loop cannot be driven, why it
// does not do its work, what it met last, or what it lives with.
func (m *Monitor) LastError() string {
	if why := m.Unready(); why != "" {
		why = "Not ready: " + why
		if rest := m.status.Notice(); rest != "" && !strings.Contains(rest, m.Unready()) {
			why += " · " + rest
		}
		return cmp.Or(m.lastError, m.apiError, why)
	}
	return cmp.Or(m.lastError, m.apiError, m.status.Notice())
}

// Data is the data folder.
func (m *Monitor) Data() string { return m.cfg.Data }

// Now is the loop's clock, which a countdown is measured with.
func (m *Monitor) Now() time.Time {
	if m.cfg.Clock == nil {
		return time.Now()
	}
	return m.cfg.Clock.Now()
}

// MayWrite says whether a person may ask something of the loop here, and change
// what it goes by: this window runs or drives it.
func (m *Monitor) MayWrite() bool { return m.driver != nil }
