package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// rowID is the number of the row that a path names.
func (c *request) rowID() (int64, error) {
	id, err := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, notFound(c.r)
	}
	return id, nil
}

// findScript gives the script that a path names.
func findScript(c *request) (*store.Store, store.Script, error) {
	db, err := c.database()
	if err != nil {
		return nil, store.Script{}, err
	}
	id, err := c.rowID()
	if err != nil {
		return nil, store.Script{}, err
	}
	s, err := db.ScriptByID(c.r.Context(), id)
	return db, s, stored(err)
}

type scriptAnswer struct {
	Success bool `json:"success"`
	script
}

func getScript(c *request) error {
	_, s, err := findScript(c)
	if err != nil {
		return err
	}
	if err := c.wholeRow(s.CodeBytes); err != nil {
		return err
	}
	answer(c.w, http.StatusOK, scriptAnswer{true, scriptOf(s)})
	return nil
}

type scriptEdit struct {
	Enabled *bool   `json:"enabled" doc:"what is switched off stays so until it is switched on"`
	Name    *string `json:"name"`
	Purpose *string `json:"purpose"`
	Code    *string `json:"code"`
}

func editScript(c *request) error {
	edit, err := decode[scriptEdit](c)
	if err != nil {
		return err
	}
	if edit == (scriptEdit{}) {
		return refuse(http.StatusUnprocessableEntity, "say what is to be other: enabled, name, purpose or code")
	}
	db, s, err := findScript(c)
	if err != nil {
		return err
	}
	for _, field := range []struct{ to, from *string }{{&s.Name, edit.Name}, {&s.Purpose, edit.Purpose}, {&s.Code, edit.Code}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	// One that is only switched is not looked at: what is wrong with it may be why.
	if edit.Name != nil || edit.Purpose != nil || edit.Code != nil {
		if err := checkScript(c, s); err != nil {
			return err
		}
	}
	ctx := context.WithoutCancel(c.r.Context()) // row and file belong together
	err = agent.EditScript(ctx, db, db.Dir(), s.ID, store.ScriptEdit{Enabled: edit.Enabled, Name: edit.Name, Purpose: edit.Purpose, Code: edit.Code})
	switch {
	case errors.Is(err, store.ErrTaken):
		return refuse(http.StatusConflict, "there is a script %q already", clip(s.Name))
	case errors.Is(err, agent.ErrFileName):
		return refuse(http.StatusUnprocessableEntity, "this script is a file: %q cannot be the name of one", clip(s.Name))
	case errors.Is(err, agent.ErrIncluded):
		return refuse(http.StatusConflict, "%s", err.Error())
	case err != nil:
		return stored(err)
	}
	return getScript(c)
}

func removeScript(c *request) error {
	db, s, err := findScript(c)
	if err != nil {
		return err
	}
	if err := agent.RemoveScript(context.WithoutCancel(c.r.Context()), db, db.Dir(), s.ID); err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusOK, doneAnswer{true})
	return nil
}

// runScript asks the loop to run a script as soon as what it runs is finished.
func runScript(c *request) error {
	_, s, err := findScript(c)
	if err != nil {
		return err
	}
	loop, err := loopHere(c)
	if err != nil {
		return err
	}
	loop.RunNow(s.ID)
	answer(c.w, http.StatusAccepted, doneAnswer{true})
	return nil
}

// runCycle asks the loop to begin a cycle as soon as what it runs is finished.
func runCycle(c *request) error {
	loop, err := loopHere(c)
	if err != nil {
		return err
	}
	loop.RunNow(0)
	answer(c.w, http.StatusAccepted, doneAnswer{true})
	return nil
}

// loopHere gives the loop, if one runs here.
func loopHere(c *request) (*agent.Agent, error) {
	if c.config.Agent == nil || c.config.Agent.Status().Phase == agent.Stopped {
		return nil, refuse(http.StatusServiceUnavailable, "no loop runs here")
	}
	return c.config.Agent, nil
}

type loopAnswer struct {
	Success bool       `json:"success"`
	Loop    loopStatus `json:"loop"`
}

func pauseLoop(c *request) error  { return commandLoop(c, (*agent.Agent).Pause) }
func resumeLoop(c *request) error { return commandLoop(c, (*agent.Agent).Resume) }

func tellInput(c *request) error {
	loop, err := loopHere(c)
	if err != nil {
		return err
	}
	loop.Input()
	answer(c.w, http.StatusOK, doneAnswer{true})
	return nil
}

// commandLoop has the loop do something, and answers how it is then.
func commandLoop(c *request, do func(*agent.Agent)) error {
	loop, err := loopHere(c)
	if err != nil {
		return err
	}
	do(loop)
	answer(c.w, http.StatusOK, loopAnswer{true, *loopOf(loop.Status(), skippedShown)})
	return nil
}
