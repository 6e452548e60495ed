package loop

import (
	"cmp"
	"context"
	"errors"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/store"
)

// Detail is one run, or one script with its latest run, in full.
type Detail struct {
	Script store.Script // ID 0: not known any more
	Run    store.Run    // ID 0: it never ran
	Code   string       // what was run; of a script that never ran, what will be
	Row    store.MapRow // what the map says of the run; ID 0: nothing
	Err    string       // why it could not be read
	of     subject
}

// Lang is the language of what was run: "pixel", "cartridge" or "python".
func (d *Detail) Lang() string { return cmp.Or(ReadLang(d.Row.Result), d.Script.Lang) }

// ByScript says that the detail is of a script, and follows its latest run.
func (d *Detail) ByScript() bool { return d.of.script != 0 }

// subject is what the detail is to show: a run, or a script.
type subject struct{ run, script int64 }

// details reads the detail that was asked for last.
type details struct {
	shown  subject
	detail *Detail
	asks   mailbox.Latest[subject]
}

func newDetails() details { return details{asks: mailbox.New[subject]()} }

// ShowRun asks for a run in full; see Detail.
func (d *details) ShowRun(id int64) { d.show(subject{run: id}) }

// ShowScript asks for a script in full with its latest run, and goes on with it
// as it runs.
func (d *details) ShowScript(id int64) { d.show(subject{script: id}) }

func (d *details) show(s subject) {
	if d.shown == s {
		return
	}
	d.shown = s
	d.asks.Put(s)
}

// Shown says which run or which script was asked for last; 0 is none.
func (d *details) Shown() (run, script int64) { return d.shown.run, d.shown.script }

// Detail is what ShowRun or ShowScript asked for; nil until it has been read. The
// one before is not shown in its place.
func (d *details) Detail() *Detail {
	if d.detail == nil || d.detail.of != d.shown {
		return nil
	}
	return d.detail
}

// again reads what may have changed since: a script, or a run that had not
// finished.
func (d *details) again() {
	now := d.Detail()
	if d.shown.script != 0 || d.shown.run != 0 && now != nil && now.Run.Running() {
		d.asks.Put(d.shown)
	}
}

// serve reads details; one goroutine.
func (d *details) serve(b *background, s *store.Store) {
	answer(b, d.asks, func(of subject) *Detail { return readDetail(b.ctx, s, of) }, func(_ subject, read *Detail) { d.detail = read })
}

func readDetail(ctx context.Context, s *store.Store, of subject) *Detail {
	d := &Detail{of: of}
	if err := d.fill(ctx, s); err != nil {
		d.Err = err.Error()
	}
	return d
}

// fill reads what the detail is of.
func (d *Detail) fill(ctx context.Context, s *store.Store) (err error) {
	script := d.of.script
	if d.of.run != 0 {
		if d.Run, err = s.Run(ctx, d.of.run); err != nil {
			return err
		}
		script = d.Run.ScriptID
	}
	if script != 0 {
		d.Script, err = s.ScriptByID(ctx, script)
		if err != nil && !(errors.Is(err, store.ErrNotFound) && d.Run.ID != 0) {
			return err
		}
	}
	d.Code = d.Script.Code
	if d.Run.ID == 0 {
		last, err := s.RunListOf(ctx, script, store.Page{Limit: 2})
		if err != nil {
			return err
		}
		for i := range last { // one that has not finished has nothing to show yet
			if i == len(last)-1 || !last[i].Running() {
				if d.Run, err = s.Run(ctx, last[i].ID); err != nil {
					return err
				}
				break
			}
		}
	}
	if d.Run.MapID != 0 {
		if d.Row, err = s.MapRow(ctx, d.Run.MapID); err != nil {
			return err
		}
		if d.of.run != 0 {
			d.Code = d.Row.Code
		}
	}
	return nil
}
