package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrCannotConfine is what Run answers, wrapped in a sentence that says what is
// missing, when the system can't hold a script.
var ErrCannotConfine = errors.New("a python script can't be confined here")

// Spec is one script and what it may take. A zero field takes its default.
type Spec struct {
	Code string
	// Dir is the script's scratch folder, which the caller makes and removes, and
	// which no other script uses meanwhile. A program that runs as root gives it to
	// the script's user. Empty: Run makes one and removes it.
	Dir string
	// Python is the interpreter; empty: the system's python3.
	Python string

	Wall      time.Duration // 10 s; from the start of Run
	CPU       int64         // seconds of processor time of one process; 10
	Memory    int64         // bytes: address space of one process, and memory in use by all; 512 MiB
	FileSize  int64         // bytes: largest file, and all of the scratch folder; 64 MiB
	OutputCap int64         // bytes kept of stdout and of stderr; 64 KiB
	Processes int           // processes and threads beside the first; 32

	// AllowUnconfined runs the script with whatever layers hold, even none.
	AllowUnconfined bool

	without layers
}

// layers that a test leaves out, as a system does that does not have them.
// NewLandlock leaves out what came after Landlock's first version.
type layers struct{ Namespaces, OwnRoot, Landlock, NewLandlock, Seccomp bool }

// Result is what came of a script that was started.
type Result struct {
	Stdout, Stderr string
	ExitCode       int    // -1 when a signal ended it
	Signal         string // "SIGKILL" and so on; empty when it exited
	TimedOut       bool   // it was killed at its wall-clock limit
	// Stopped says in a sentence which other limit it was killed at, if one.
	Stopped   string
	Truncated bool     // output beyond OutputCap was dropped
	Confined  []string // the layers that held
	Duration  time.Duration
}

const (
	defaultWall      = 10 * time.Second
	defaultCPU       = 10
	defaultMemory    = 512 << 20
	defaultFileSize  = 64 << 20
	defaultOutputCap = 64 << 10
	defaultProcesses = 32

	scriptFile = "script.py"
)

func (s Spec) withDefaults() Spec {
	if s.Wall <= 0 {
		s.Wall = defaultWall
	}
	if s.CPU <= 0 {
		s.CPU = defaultCPU
	}
	if s.Memory <= 0 {
		s.Memory = defaultMemory
	}
	if s.FileSize <= 0 {
		s.FileSize = defaultFileSize
	}
	if s.OutputCap <= 0 {
		s.OutputCap = defaultOutputCap
	}
	if s.Processes <= 0 {
		s.Processes = defaultProcesses
	}
	return s
}

// Run runs one script to its end, its limit or the end of ctx, whichever comes
// first; nothing of it lives on when Run returns. A script that fails or is
// killed at a limit is a Result, not an error. An error is ErrCannotConfine, the
// context's, or what stood in the way of starting it.
//
// On Linux the program must call Child first of all. Runs may go on side by side.
func Run(ctx context.Context, spec Spec) (res Result, err error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	spec = spec.withDefaults()
	start := time.Now()
	scratch := spec.Dir
	if scratch == "" {
		var free func() error
		if scratch, free, err = newScratch(); err != nil {
			return Result{}, fmt.Errorf("make a scratch folder: %w", err)
		}
		defer func() { err = errors.Join(err, free()) }()
	}
	// Mount points and Landlock rules are for the folder, not for a link to it.
	if scratch, err = filepath.Abs(scratch); err == nil {
		scratch, err = filepath.EvalSymlinks(scratch)
	}
	if err != nil {
		return Result{}, fmt.Errorf("scratch folder: %w", err)
	}
	res, err = run(ctx, spec, scratch)
	res.Duration = time.Since(start)
	return res, err
}

// writeScript puts the code where the interpreter will read it.
func writeScript(scratch, code string) (string, error) {
	path := filepath.Join(scratch, scriptFile)
	// The folder is the caller's; a link left in it must not be followed.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(code)
	return path, errors.Join(err, f.Close())
}

// removeAll removes a folder in which a script may have taken rights away.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	// WalkDir visits a folder before it reads it, and follows no link.
	walked := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return nil
	})
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the scratch folder: %w", errors.Join(err, walked))
	}
	return nil
}
