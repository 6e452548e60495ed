// Package benchmark measures this computer: a table of what programs cost here, each
// row beside a yardstick that does the same work by hand.
//
// A row is measured in rounds in which ours and the yardstick take turns, so that
// what else the computer does weighs on both alike; what counts is the median, in
// processor time, which a busy computer changes little. Everything happens in one
// process, but for the programs in C, which answer between two of our turns, and a
// GPU, whose process measures both sides itself.
//
// It knows no command line and no window: see [Config] for what it is given. Start
// reading at [Run], then rows.go; the yardsticks are in assets/bench.
package benchmark

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"time"

	"gvpie/runtime/cputime"
	"gvpie/runtime/debug"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Config is what the measuring is done with.
type Config struct {
	// ProcessorTime is what the process has used so far, of all its threads.
	ProcessorTime func() time.Duration
	// Engine makes the CPU engine that is measured.
	Engine func() engine.Engine
	// Compiler compiles what batches run; nil: nothing is.
	Compiler machine.Compiler
	// Window plays a program in a window that is not shown, and gives what a frame
	// took, the mean of so many. nil: there is no window.
	Window func(ctx context.Context, name, source string, frames int) (processor, wall time.Duration, err error)
	// GPU measures a program whose frames are one EACH over the whole canvas beside a
	// kernel of assets/bench, in so many rounds. nil: there is no GPU here.
	GPU func(ctx context.Context, p isa.Program, kernel string, rounds int) (*Comparison, error)
	// Batcher gives the GPU for a batch, its name, and what is done after. nil: there is
	// no GPU here.
	Batcher func(ctx context.Context) (b engine.Batcher, adapter string, done func(), err error)
	// Rounds is how many rounds a row has at most; at least one.
	Rounds int
	// Slot is about how long a row's rounds go on.
	Slot time.Duration
	// Table is what is measured.
	Table Table
	// Search is how long each program is improved; a picture gets as many candidates as
	// go with that.
	Search time.Duration
	// Only are the rows that are measured; empty: all of the table.
	Only []string
	// Done, if it is set, is told of each row that is done.
	Done func(Row)
}

// Comparison is what a program took on a GPU, and beside it a kernel.
type Comparison struct {
	Adapter         string
	Software        bool // the GPU is the processor
	Dispatches      int  // of a cost
	Ours, Yardstick []cputime.Cost
}

// Row is a line of the table. What could not be measured is nil, and Note says why.
type Row struct {
	Name string `json:"name"`
	// Ours and Yardstick are in Unit. A Yardstick that is nil is none: then ToReach
	// is in Unit too.
	Ours      *float64 `json:"ours"`
	Yardstick *float64 `json:"yardstick"`
	Unit      string   `json:"unit"`
	Ratio     *float64 `json:"ratio"`    // the speed of ours / that of the yardstick: more is better
	ToReach   float64  `json:"to_reach"` // for Ratio, or for Ours where there is no yardstick
	Reached   *bool    `json:"reached"`

	Group   string   `json:"-"` // the title of those it stands with
	About   string   `json:"-"` // what is measured, for a person
	Against string   `json:"-"` // what the yardstick is: "C -O2"
	Wall    *float64 `json:"-"` // Ours by the clock on the wall
	Less    bool     `json:"-"` // less of Unit is better
	Note    string   `json:"-"` // for a person
}

// Report is the whole table.
type Report struct {
	Machine string `json:"machine"`
	Rows    []Row  `json:"rows"`
}

// Table is one of the tables there are.
type Table uint8

const (
	Programs  Table = iota // what programs cost, beside the same by hand
	Debugging              // what the debugger takes to answer
	Improving              // what comes of improving programs and painting pictures
)

// Rows are all rows of a table, not measured, in its order.
func (t Table) Rows() (rows []Row) {
	for _, g := range t.groups() {
		for _, s := range g.specs {
			rows = append(rows, s.row(g))
		}
	}
	return rows
}

func (t Table) groups() []group {
	switch t {
	case Debugging:
		return debugger
	case Improving:
		return improving
	}
	return groups
}

// row is the row before it is measured.
func (s spec) row(g group) Row {
	return Row{Name: s.name, Unit: s.unit.name, ToReach: s.toReach, Group: g.title, About: s.about, Less: s.unit.less}
}

// Run measures. A row that cannot be measured is in the report all the same; an
// error is that of a context that ended.
func Run(ctx context.Context, c Config) (*Report, error) {
	b := &bencher{Config: c, ctx: ctx, c: newCompiler()}
	defer b.c.close()
	report := &Report{Machine: b.machine()}
	for _, g := range c.Table.groups() {
		for _, s := range g.specs {
			if len(c.Only) > 0 && !slices.Contains(c.Only, s.name) {
				continue
			}
			row := s.row(g)
			b.measure(&row, s)
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if c.Done != nil {
				c.Done(row)
			}
			report.Rows = append(report.Rows, row)
		}
	}
	return report, nil
}

// bencher is one measuring.
type bencher struct {
	Config
	ctx   context.Context
	c     *compiler
	edits int // how often a program was changed

	debugged *debug.Session // see session; nil: not asked for yet
	improved []*improved    // see improvement; nil: not asked for yet
}

// machine names the computer: its processor, its system, and what compiled what.
func (b *bencher) machine() string {
	e := b.Engine()
	defer e.Close()
	parts := []string{e.Adapter(), runtime.GOOS + "/" + runtime.GOARCH, runtime.Version()}
	if name := b.c.name(); name != "" {
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}

// measure measures a row.
func (b *bencher) measure(row *Row, s spec) {
	m, err := s.measure(b, s)
	if err != nil {
		row.Note = reason(err)
		return
	}
	row.fill(s.unit, m)
}

// fill takes in what was measured.
func (r *Row) fill(u unit, m measured) {
	r.Against, r.Note = m.against, m.note
	var ours, yardstick float64
	if m.figure != nil {
		ours, yardstick = m.figure.ours, m.figure.yardstick
	} else {
		wall := u.of(m.work, m.ours.wall)
		ours, yardstick, r.Wall = u.of(m.work, m.ours.cpu), u.of(m.work, m.yardstick.cpu), &wall
	}
	r.Ours = &ours
	reached := ours >= r.ToReach
	if u.less {
		reached = ours <= r.ToReach
	}
	if m.against != "" {
		ratio := m.ratio
		r.Yardstick, r.Ratio = &yardstick, &ratio
		reached = ratio >= r.ToReach
	}
	r.Reached = &reached
}

// reason is an error as a note.
func reason(err error) string {
	return "not measured: " + strings.TrimPrefix(err.Error(), engine.ErrUnavailable.Error()+": ")
}

// unit is what a row is in.
type unit struct {
	name string
	less bool    // it is a time, of which less is better
	size float64 // how much of a row's work, or how many seconds, is 1 of it
}

// of is the unit's value of so much work in so much time.
func (u unit) of(work float64, t time.Duration) float64 {
	if u.less {
		return t.Seconds() / u.size
	}
	return work / t.Seconds() / u.size
}
