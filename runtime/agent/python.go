package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/plaintext"
	"gvpie/runtime/store"
)

// runPython runs a python script, confined, in a scratch folder of its own.
func (x *resources) runPython(ctx context.Context, s store.Script, _ *scriptHistory) (o outcome) {
	o.backend = "python"
	spec := x.cfg.Python
	spec.Code = s.Code
	spec.Wall = x.settings.wall
	spec.AllowUnconfined = x.settings.unconfined
	res, err := sandbox.Run(ctx, spec)
	switch {
	case errors.Is(err, sandbox.ErrCannotConfine):
		o.backend = ""
		o.fail("refused", "this script was not run, because it cannot be confined here: %v; the setting %s = 1 runs it all the same", err, store.UnconfinedSetting)
		return o
	case err != nil:
		o.stdout, o.stderr, o.duration = res.Stdout, res.Stderr, res.Duration
		o.fail("refused", "python could not be run: %v", err)
		return o
	}
	o.judge(res, spec.Wall)
	return o
}

// judge makes an outcome of what a script that ran in the sandbox came to. wall is
// the time that it had.
func (o *outcome) judge(res sandbox.Result, wall time.Duration) {
	o.stdout, o.stderr, o.duration = res.Stdout, res.Stderr, res.Duration
	o.confined = strings.Join(res.Confined, ", ")
	o.result.Exit = &res.ExitCode
	switch {
	case res.TimedOut:
		o.fail("time_limit", "the script was not done after %s and was ended, with all that it had started", span(wall))
	case res.Stopped != "":
		o.fail("killed", "%s", res.Stopped)
	case res.Signal != "":
		o.fail("killed", "the script was ended by %s", res.Signal)
	case res.ExitCode != 0:
		o.result.Status = "exited"
		if o.stderr == "" {
			o.stderr = fmt.Sprintf("exit code %d", res.ExitCode)
		}
		o.result.Error = &failure{Code: "exit", Message: firstLine(lastWord(o.stderr))}
	default:
		o.result.Status, o.success = "exited", true
	}
	if res.Truncated {
		o.note = "its output was cut"
	}
	if len(res.Confined) == 0 {
		o.note, o.confined = "ran unconfined", store.Unconfined
	}
}

// lastWord is what a script's errors come to: the exception that ended it, or the
// last line.
func lastWord(stderr string) string {
	if e := plaintext.Exception(stderr); e != "" {
		return e
	}
	stderr = strings.TrimSpace(stderr)
	return stderr[strings.LastIndexByte(stderr, '\n')+1:]
}
