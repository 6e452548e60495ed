package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// interpreter is a Python installation: the executable, links resolved, and the
// folders it reads its library from.
type interpreter struct {
	Exe     string   `json:"exe"`
	Library []string `json:"library"`
}

// The question is asked with -I -S: no .pth file, no environment and no current
// folder may add the user's own folders to what a script can read.
const describeInterpreter = `
import json, os, site, sys
base = os.path.realpath(sys.base_prefix)
folders = sys.path + site.getsitepackages([sys.base_prefix, sys.prefix])
folders += [os.path.join(base, "lib"), os.path.join(base, "lib64")]
print(json.dumps({"exe": os.path.realpath(sys.executable),
                  "library": sorted({os.path.realpath(f) for f in folders if os.path.exists(f)})}))
`

const describeTimeout = 10 * time.Second

// described remembers installations by what was asked and when it last changed:
// starting Python to ask costs more than most scripts.
var described sync.Map // asked -> interpreter

type asked struct {
	path    string
	changed time.Time
}

func describe(ctx context.Context, path string) (interpreter, error) {
	info, err := os.Stat(path)
	if err != nil {
		return interpreter{}, err
	}
	key := asked{path, info.ModTime()}
	if known, ok := described.Load(key); ok {
		return known.(interpreter), nil
	}
	ctx, cancel := context.WithTimeout(ctx, describeTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "-I", "-S", "-c", describeInterpreter).Output()
	if err != nil {
		said := []byte(nil)
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			said = exit.Stderr
		}
		return interpreter{}, fmt.Errorf("%s does not say where its library is: %w %s", path, err, said)
	}
	var py interpreter
	if err := json.Unmarshal(out, &py); err != nil || py.Exe == "" {
		return interpreter{}, fmt.Errorf("%s does not say where its library is: %q", path, out)
	}
	described.Store(key, py)
	return py, nil
}

// findInterpreter prefers the system's own Python to one that PATH puts before
// it: that one belongs to the user, often lies in the home folder, and is out of
// reach for another user. usable, when not nil, says why the script could not
// run an installation.
func findInterpreter(ctx context.Context, want string, usable func(interpreter) error) (interpreter, error) {
	candidates := []string{want}
	if want == "" {
		name := "python3"
		if runtime.GOOS == "windows" {
			name = "python"
		}
		candidates = []string{"/usr/bin/python3", "/usr/local/bin/python3"}
		if found, err := exec.LookPath(name); err == nil {
			candidates = append(candidates, found)
		}
	}
	var all []error
	for _, path := range candidates {
		if !strings.ContainsRune(path, filepath.Separator) {
			if found, err := exec.LookPath(path); err == nil {
				path = found
			}
		}
		py, err := describe(ctx, path)
		if err == nil && usable != nil {
			err = usable(py)
		}
		if err == nil {
			return py, nil
		}
		all = append(all, err)
	}
	return interpreter{}, fmt.Errorf("no python3 to run the script with: %w", errors.Join(all...))
}

// arguments are those of every run: isolated from the environment and the user's
// packages, no bytecode written, output unbuffered so that a killed script's is
// kept, UTF-8 whatever the locale.
func (py interpreter) arguments(script string) []string {
	return []string{py.Exe, "-I", "-B", "-u", "-X", "utf8", script}
}

func environment(scratch string) []string {
	return []string{"PATH=/usr/bin:/bin", "HOME=" + scratch, "PYTHONDONTWRITEBYTECODE=1", "PYTHONIOENCODING=utf-8"}
}
