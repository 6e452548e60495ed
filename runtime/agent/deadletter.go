package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gvpie/runtime/regularfile"
)

// saveTries is how often a run is tried to be saved that the database refuses for
// what is in it, a cycle apart. A database that is locked, full or gone is waited for.
const saveTries = 3

// deadLetterFile is, in the data folder, where a run goes that the database never
// takes, a line of JSON each.
const deadLetterFile = "dead_letters.jsonl"

// A deadLetter is everything that is known of such a run.
type deadLetter struct {
	At            time.Time `json:"at"` // of giving it up
	Why           string    `json:"why"`
	Tries         int       `json:"tries"`
	Run           int64     `json:"run_id"`
	ScriptID      int64     `json:"script_id"`
	Script        string    `json:"script"`
	Lang          string    `json:"lang"`
	Purpose       string    `json:"purpose"`
	StartedAt     time.Time `json:"started_at"`
	FinishedAt    time.Time `json:"finished_at"`
	Success       bool      `json:"success"`
	Cancelled     bool      `json:"cancelled"`
	Slow          bool      `json:"slow"`
	Stdout        string    `json:"stdout"`
	Stderr        string    `json:"stderr"`
	Milliseconds  float64   `json:"duration_ms"`
	Backend       string    `json:"backend"`
	CartridgePath string    `json:"cartridge_path,omitempty"`
	Confined      string    `json:"confined,omitempty"`
	Task          string    `json:"task_description"`
	Code          string    `json:"code"`
	Result        string    `json:"result"`
	Analysis      string    `json:"analysis"`
	Parent        int64     `json:"parent_iteration,omitempty"`
	HumanPNG      string    `json:"human_png,omitempty"`
	MachinePNG    string    `json:"machine_png,omitempty"`
}

// giveUp writes a run that the database does not take to the dead letters, and has
// its script wait; false when that cannot be written either.
func (a *Agent) giveUp(u *unsaved, why error) bool {
	f := u.finished
	line, err := json.Marshal(deadLetter{
		At: a.clock.Now(), Why: why.Error(), Tries: u.tries, Run: u.run.ID, ScriptID: u.script.ID, Script: u.script.Name, Lang: u.script.Lang,
		Purpose: u.script.Purpose, StartedAt: u.started, FinishedAt: f.FinishedAt, Success: f.Success, Cancelled: f.Cancelled, Slow: f.Slow,
		Stdout: f.Stdout, Stderr: f.Stderr, Milliseconds: f.Duration.Seconds() * 1e3, Backend: f.Backend, CartridgePath: f.CartridgePath, Confined: f.Confined,
		Task: f.Task, Code: f.Code, Result: f.ResultJSON, Analysis: f.Analysis, Parent: f.Parent, HumanPNG: f.HumanPNG, MachinePNG: f.MachinePNG,
	})
	path := filepath.Join(a.cfg.Data, deadLetterFile)
	if err == nil {
		err = appendLine(path, line)
	}
	name := u.script.Name
	if err != nil {
		a.warn(fmt.Sprintf("a run of %s could not be saved (%v), nor written to %s (%v)", name, why, deadLetterFile, err))
		return false
	}
	a.tell(StatusChanged, nil, func(s *Status) { s.DeadLetters++ })
	a.refuse(u.script, "its runs cannot be saved: "+why.Error())
	a.warn(fmt.Sprintf("a run of %s could not be saved in %s: %v; all of it is in %s", name, plural(int64(u.tries), "try"), why, deadLetterFile))
	return true
}

// appendLine adds a line to a file and has it on the disk when it returns.
func appendLine(path string, line []byte) error {
	f, err := regularfile.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}
