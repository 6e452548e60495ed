//go:build linux

package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// built is the program, made once for all tests, in a folder that goes with them.
var built = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "gvpie"); err != nil {
		return dir, err
	}
	if out, err := exec.Command("go", "build", "-o", dir, "gvpie").CombinedOutput(); err != nil {
		return dir, fmt.Errorf("go build gvpie: %v\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if wasBuilt {
		dir, _ := built()
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// wasBuilt says whether a test asked for the program.
var wasBuilt bool

// build makes the program.
func build(t *testing.T) string {
	t.Helper()
	wasBuilt = true
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "gvpie")
}

// program is gvpie with its window open, in a process of its own.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	log    bytes.Buffer // what it wrote to standard error; whole once it has exited
	status chan Status  // what it says of itself
	last   Status
	exited chan error
	shot   func(name string) // keeps a picture of the screen; nil: there is none
}

// open starts the program in home, with what a desktop adds to the environment.
func open(t *testing.T, bin, home string, env []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, status: make(chan Status, 64), exited: make(chan error, 1)}
	p.cmd = exec.Command(bin, append([]string{"--status"}, args...)...)
	p.cmd.Env = append(append(os.Environ(), "GVPIE_GPU=off", "LIBGL_ALWAYS_SOFTWARE=1", "HOME="+home,
		"XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home), env...)
	p.cmd.Dir = home
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for lines := json.NewDecoder(out); ; {
			var st Status
			if lines.Decode(&st) != nil {
				break
			}
			p.status <- st
		}
		close(p.status)
		p.exited <- p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		go func() {
			for range p.status {
			}
		}()
		<-gone
		if t.Failed() {
			p.keep("failed")
			t.Logf("the program wrote: %s", p.log.String())
		}
	})
	return p
}

// said waits until what the program last said of itself will do. It says nothing
// when nothing changed, as when a click leaves the caret where it was.
func (p *program) said(what string, ok func(Status) bool) {
	p.t.Helper()
	deadline := time.After(2 * patience)
	for !ok(p.last) {
		select {
		case st, open := <-p.status:
			if !open {
				p.t.Fatalf("the program has ended before it came to this: %s", what)
			}
			p.last = st
		case <-deadline:
			p.t.Fatalf("in %v it never came to this: %s; it last said %+v", 2*patience, what, p.last)
		}
	}
	p.keep(strings.ReplaceAll(what, " ", "_"))
}

// end waits for the program's end, and gives its exit code and what it wrote to
// standard error.
func (p *program) end() (code int, log string) {
	p.t.Helper()
	deadline := time.After(2 * patience)
	for lines := p.status; ; {
		select {
		case _, open := <-lines: // it ends when all has been read
			if !open {
				lines = nil
			}
		case err := <-p.exited:
			exit := new(exec.ExitError)
			if err != nil && !errors.As(err, &exit) {
				p.t.Fatal(err)
			}
			return p.cmd.ProcessState.ExitCode(), p.log.String()
		case <-deadline:
			p.t.Fatalf("the program did not end in %v", 2*patience)
		}
	}
}

func (p *program) keep(name string) {
	if p.shot != nil {
		p.shot(name)
	}
}

// poll looks at a condition again and again until it holds.
func poll(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("in %v it never came to this: %s", 2*patience, what)
		}
	}
}

// now is what the program last said of itself.
func (p *program) now() Status { return p.last }
