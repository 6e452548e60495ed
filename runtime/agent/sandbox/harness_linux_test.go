//go:build amd64 || arm64

package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what must happen; none waits it out
// unless it fails.
const patience = 30 * time.Second

// confinable skips, loudly, where the system can't hold a script at all.
func confinable(t *testing.T) {
	t.Helper()
	res, err := Run(t.Context(), Spec{Code: "pass\n"})
	if err == nil && res.ExitCode != 0 {
		err = fmt.Errorf("%w: python3 does not start in confinement: %s%s", ErrCannotConfine, res.Signal, res.Stderr)
	}
	if errors.Is(err, ErrCannotConfine) {
		t.Skipf("NOTHING IS PROVED HERE: %v", err)
	} else if err != nil {
		t.Fatal(err)
	} else {
		t.Logf("user %d: %s", os.Getuid(), strings.Join(res.Confined, ", "))
	}
}

// way is a system that a script may meet, by what it lacks.
type way struct {
	name    string
	without layers
}

// ways are those a test tries: the best and the worst, and all in make soak. One
// that this system cannot hold a script in at all, as in a container that may not
// mount, is left out, loudly; that such a script is refused is a test of its own.
func ways(t *testing.T) (out []way) {
	t.Helper()
	try := []way{allWays[0], allWays[len(allWays)-1]}
	if os.Getenv("GVPIE_SOAK") != "" {
		try = allWays
	}
	for _, w := range try {
		if _, err := Run(t.Context(), Spec{Code: "pass", Wall: patience, without: w.without}); errors.Is(err, ErrCannotConfine) {
			t.Logf("NOTHING IS PROVED %s: %v", strings.ToUpper(w.name), err)
			continue
		}
		out = append(out, w)
	}
	return out
}

var allWays = []way{
	{"all layers", layers{}},
	{"without Landlock", layers{Landlock: true}},
	{"without own root", layers{OwnRoot: true}},
	{"without namespaces", layers{Namespaces: true}},
	{"an old kernel", layers{Namespaces: true, NewLandlock: true}},
}

// scratch makes a folder that another user's script can reach.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sandbox-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := removeAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// survivors are the processes whose command line or environment names mark.
func survivors(mark string) (found []string) {
	for _, pid := range processes() {
		for _, file := range []string{"cmdline", "environ"} {
			if text, _ := os.ReadFile(procPath(pid, file)); bytes.Contains(text, []byte(mark)) {
				status, _ := os.ReadFile(procPath(pid, "status"))
				found = append(found, string(bytes.ReplaceAll(text, []byte{0}, []byte{' '}))+"\n"+string(status))
			}
		}
	}
	return found
}

// runIn runs a script in a folder of the test's and holds it to what is true of
// all: nothing of it lives when Run returns.
func runIn(t *testing.T, dir string, spec Spec) (Result, error) {
	t.Helper()
	spec.Dir = dir
	res, err := Run(t.Context(), spec)
	if left := survivors(dir); len(left) > 0 {
		t.Errorf("%d processes live on:\n%s", len(left), strings.Join(left, "\n"))
	}
	return res, err
}

// victim is a process of the user's own, which must live until it is told to end.
type victim struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

func startVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{cmd: exec.Command("cat")}
	v.cmd.Env = []string{"SECRET=" + secret}
	var err error
	if v.stdin, err = v.cmd.StdinPipe(); err == nil {
		err = v.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		v.stdin.Close()
		if err := v.cmd.Wait(); err != nil {
			t.Errorf("the user's process was harmed: %v", err)
		}
	})
	return v
}

// alarm is a named pipe in a scratch folder: a script opens it to say that it
// runs, and its end says that all who inherited it are gone.
type alarm struct {
	said  chan string // the script's line
	ended chan struct{}
}

func newAlarm(t *testing.T, dir string) *alarm {
	t.Helper()
	path := filepath.Join(dir, "alarm")
	if err := unix.Mkfifo(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	a := &alarm{said: make(chan string, 1), ended: make(chan struct{})}
	go func() {
		defer close(a.ended)
		f, err := os.Open(path)
		if err != nil {
			return
		}
		defer f.Close()
		line := make([]byte, 64)
		n, _ := f.Read(line)
		a.said <- strings.TrimSpace(string(line[:n]))
		io.Copy(io.Discard, f)
	}()
	t.Cleanup(func() {
		// An open without a writer waits for one: be it.
		if f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			f.Close()
		}
	})
	return a
}

func (a *alarm) wait(t *testing.T) string {
	t.Helper()
	select {
	case line := <-a.said:
		return line
	case <-time.After(patience):
		t.Fatal("the script does not run")
		return ""
	}
}

func (a *alarm) waitEnd(t *testing.T) {
	t.Helper()
	select {
	case <-a.ended:
	case <-time.After(patience):
		t.Fatal("a process of the script lives on")
	}
}

// runnerEnv carries a Spec to a process that runs it, to be killed in the middle.
const runnerEnv = "SANDBOX_TEST_RUN"

type runnerSpec struct {
	Spec
	Without layers
}

func runner(text string) int {
	var spec runnerSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return 2
	}
	spec.Spec.without = spec.Without
	if _, err := Run(context.Background(), spec.Spec); err != nil {
		return 1
	}
	return 0
}
