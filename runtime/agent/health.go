package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/store"
	"gvpie/runtime/store/disk"
)

// lowSpace is how little room on the disk is worth a word.
const lowSpace = 256 << 20

// health is what a cycle found.
type health struct {
	engine   string // what scripts run on; "": nothing was looked at yet
	database error  // what is wrong with the database or its disk; nil: nothing
	space    string // what there is to say of the room on the disk
}

func (h health) ok() bool { return h.database == nil && h.space == "" }

// line is health in a line for a person.
func (h health) line() string {
	if h.database != nil {
		return h.engine + " · database: " + plainly(h.database) + h.space
	}
	return h.engine + " · database ok" + h.space
}

// plainly is what is wrong with a database: of a full disk no more than what to do.
func plainly(err error) string {
	if errors.Is(err, store.ErrFull) {
		return store.ErrFull.Error()
	}
	return sentence(err)
}

// checkHealth looks at what the loop stands on: engine, database, disk. A
// database that was deleted or damaged is replaced here.
func (a *Agent) checkHealth(ctx context.Context) health {
	h := health{engine: a.resources.engines.line(), database: a.checkDatabase(ctx)}
	if free, err := disk.FreeSpace(a.cfg.Data); err == nil && free < lowSpace {
		h.space = fmt.Sprintf(" · %d MB left on the disk", free>>20)
	}
	if h.database == nil {
		a.checkLog(ctx)
	}
	return h
}

// checkLog tells of somebody who keeps the database's log from being folded in: in the
// status for as long as it lasts, in the log once.
func (a *Agent) checkLog(ctx context.Context) {
	held, err := a.store.LogHeld(ctx)
	if err != nil { // what is wrong is met by the next call that needs the database
		return
	}
	if held != "" && !a.logHeld {
		a.warn(held)
	}
	a.logHeld = held != ""
	a.tell(StatusChanged, nil, func(s *Status) { s.LogHeld = held })
}

// checkPatience is how long a cycle waits for a database that another program has
// locked; the next one asks again.
const checkPatience = 5 * time.Second

func (a *Agent) checkDatabase(ctx context.Context) error {
	short, done := context.WithTimeout(ctx, checkPatience)
	defer done()
	err := a.store.Check(short)
	switch {
	case errors.Is(err, store.ErrGone) || errors.Is(err, store.ErrCorrupt):
		return a.reopen(ctx)
	case err != nil && short.Err() != nil && ctx.Err() == nil:
		return store.ErrLocked
	}
	return err
}

// reopen starts a new database where the old one's file was deleted or is damaged.
// What is known of scripts belongs to the old one.
func (a *Agent) reopen(ctx context.Context) error {
	opened, err := a.store.Reopen(ctx)
	for _, text := range opened.Messages {
		a.warn(text)
	}
	if opened.Created || opened.Salvaged != "" || opened.Quarantined != "" {
		for i := range a.unsaved {
			a.unsaved[i].orphaned = true
		}
		a.folder.forget()
		clear(a.histories)
		clear(a.refusals)
		a.resources.pictures.forget()
		a.marked = false
	}
	return err
}

// sentence is an error in words for a person.
func sentence(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "it took too long and was given up"
	case errors.Is(err, engine.ErrLost):
		return "the engine was lost: " + err.Error()
	}
	return err.Error()
}
