//go:build !linux || !(amd64 || arm64)

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// drainTime is how long output is awaited from processes that a killed script
// left behind and that hold its pipes.
const drainTime = time.Second

// Child has work to do on Linux only.
func Child() {}

// run refuses, or, when the caller insists, runs the script with the rights of
// this program, the wall-clock limit and the output cap, and nothing more.
func run(ctx context.Context, spec Spec, scratch string) (Result, error) {
	if !spec.AllowUnconfined {
		return Result{}, fmt.Errorf("%w: rlimits, Landlock and seccomp are Linux's, on x86-64 and arm64; this is %s/%s",
			ErrCannotConfine, runtime.GOOS, runtime.GOARCH)
	}
	py, err := findInterpreter(ctx, spec.Python, nil)
	if err != nil {
		return Result{}, err
	}
	script, err := writeScript(scratch, spec.Code)
	if err != nil {
		return Result{}, fmt.Errorf("write the script: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, spec.Wall)
	defer cancel()
	arguments := py.arguments(script)
	stdout, stderr := capture{limit: spec.OutputCap}, capture{limit: spec.OutputCap}
	cmd := exec.CommandContext(limited, arguments[0], arguments[1:]...)
	cmd.Dir, cmd.Env = scratch, systemEnvironment(scratch)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, drainTime
	ownGroup(cmd)
	err = cmd.Run()
	killGroup(cmd)
	res := Result{
		Stdout: stdout.text(), Stderr: stderr.text(), Truncated: stdout.truncated || stderr.truncated,
		TimedOut: ctx.Err() == nil && limited.Err() != nil,
	}
	if cmd.ProcessState == nil {
		return res, fmt.Errorf("start the script: %w", err)
	}
	res.ExitCode, res.Signal = cmd.ProcessState.ExitCode(), signalOf(cmd.ProcessState)
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) && !errors.Is(err, exec.ErrWaitDelay) && limited.Err() == nil {
		return res, fmt.Errorf("run the script: %w", err)
	}
	return res, ctx.Err()
}
