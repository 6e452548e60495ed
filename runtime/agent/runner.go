package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gvpie/runtime/store"
)

// An outcome is what running a script once came to.
type outcome struct {
	success   bool
	cancelled bool // the loop was stopped while it ran
	stdout    string
	stderr    string
	duration  time.Duration
	backend   string // GPU, CPU, python; "" when nothing ran
	cartridge string // path of the cartridge that ran
	confined  string // the layers that held it, store.Unconfined; "" for what needs none
	note      string // what the analysis says beside the figures

	abandoned bool // the runner did not come back

	ran    bool   // a machine ran
	cycles uint64 // its cycles
	result result
	human  string // content hashes of the pictures, in the store
	screen string
}

// A result is the map's record of an outcome. Equal runs give equal records,
// which the store keeps once, so nothing that differs by chance is in it. What tells
// most comes first: people read its beginning.
type result struct {
	Lang     string   `json:"lang"`
	Status   string   `json:"status"`         // halted, framed, faulted, not_assembled, time_limit, refused, abandoned, cancelled, panicked, lost; exited, killed
	Exit     *int     `json:"exit,omitempty"` // python's
	Error    *failure `json:"error,omitempty"`
	Cycles   uint64   `json:"cycles,omitempty"`
	Frames   int      `json:"frames,omitempty"`
	Limit    int      `json:"max_frames,omitempty"` // what a replay needs beside the code
	Seed     int32    `json:"seed,omitempty"`
	Machine  string   `json:"machine_sha256,omitempty"` // of the raw bytes of the display page
	Human    string   `json:"human_sha256,omitempty"`   // and of the human texture
	Picture  string   `json:"picture,omitempty"`        // the human texture, in the data folder
	Checksum string   `json:"checksum,omitempty"`       // of the cartridge
}

// A failure is a run-time error, the first diagnostic, or what ended a script.
type failure struct {
	Code    string `json:"code"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

func (r result) json() string {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil { // a result holds nothing that has no JSON
		panic(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// fail makes the outcome a failure for a reason that is no error of a program.
func (o *outcome) fail(status, format string, args ...any) {
	why := fmt.Sprintf(format, args...)
	o.success = false
	o.result.Status, o.result.Error = status, &failure{Code: status, Message: firstLine(why)}
	if o.stderr != "" {
		why = "\n" + why
	}
	o.stderr += why
}

// run runs a script in whatever way its language asks for. A panic on the way is
// a failure of this run, and so is a runner that does not come back.
func (a *Agent) run(ctx context.Context, s store.Script, m *scriptHistory) (o outcome) {
	began := time.Now()
	defer func() {
		if o.duration == 0 {
			o.duration = time.Since(began)
		}
		o.result.Lang = s.Lang
	}()
	runner, ok := a.runners[s.Lang]
	if !ok {
		o.fail("refused", "no script can be written in %q: the language is pixel, cartridge or python", s.Lang)
		return o
	}
	if since, ok := a.missing.of(s); ok {
		o.fail("refused", "the run that began at %s has not come back, though its limit is over: this script is not run again until it has, or its code is changed", since.Format(time.DateTime))
		return o
	}
	limited, stop := context.WithTimeoutCause(ctx, runLimit(a.cfg, a.settings, s.Lang), errTimeLimit)
	defer stop()
	o = a.watched(limited, runner, s, m)
	if ctx.Err() != nil && !o.success {
		o = outcome{cancelled: true, duration: o.duration, backend: o.backend, cartridge: o.cartridge}
		o.fail("cancelled", "cancelled: the loop was stopped while this ran")
	}
	return o
}

// runLimit is how long a run of a script in that language may take.
func runLimit(c Config, s settings, lang string) time.Duration {
	if lang == "python" { // the sandbox keeps a limit of its own
		return s.wall + sandboxSlack
	}
	return c.Limit
}

// sandboxSlack is how much longer than its limit a python script may take to be
// started and cleared away.
const sandboxSlack = 10 * time.Second

var errTimeLimit = errors.New("the time limit of a run")

// A runner runs a script of one language. ctx ends when the run must: its cause
// is errTimeLimit when it has taken too long. It touches nothing of the loop's but
// what it is given.
type runner func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome
