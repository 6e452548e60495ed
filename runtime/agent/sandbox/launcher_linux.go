//go:build amd64 || arm64

package sandbox

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// The names by which Child knows itself; no command line of a user's is one.
const (
	launcherName = "gvpie-script-launcher"
	scriptName   = "gvpie-script"
)

// The files that both children inherit after the standard three.
const (
	planFile   = 3
	reportFile = 4
)

// Child must be called first of all by a program that calls Run, in main and in
// TestMain. In a process that Run started it does that process's work and does
// not return; in any other it returns at once.
func Child() {
	if len(os.Args) != 1 {
		return
	}
	switch os.Args[0] {
	case launcherName:
		// Not os.Exit: what the Go runtime still has to do then, under the race
		// detector a second of waiting, is nothing to a launcher.
		unix.Exit(launch())
	case scriptName:
		becomeScript()
	}
}

// undertaker kills what a script left. Run's order may come at any moment, even
// before there is a script.
type undertaker struct {
	mu      sync.Mutex
	script  int // process id, and that of its group; 0 before it started
	ordered bool
}

func (u *undertaker) order() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ordered = true
	u.kill()
}

// started says whether the script may go on.
func (u *undertaker) started(pid int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.script = pid
	if u.ordered {
		u.kill()
	}
}

// kill sends SIGKILL to all that the script is. seccomp keeps every process in
// the script's group, and a signal to a group and a fork in it exclude each
// other, so one call gets all; the walk over our descendants is for a system
// where the filter was waived.
func (u *undertaker) kill() {
	if u.script == 0 {
		return
	}
	// As long as one process is in the group its number is not given away, even
	// when its leader has been reaped.
	unix.Kill(-u.script, unix.SIGKILL)
	if os.Getpid() == 1 {
		unix.Kill(-1, unix.SIGKILL) // everything in this namespace but ourselves
		return
	}
	for _, pid := range descendants(os.Getpid()) {
		unix.Kill(pid, unix.SIGKILL)
	}
}

// launch starts the script, waits for it, kills and reaps all that it left, and
// reports how it ended. The same happens, at once, when the lifeline ends:
// because Run closed it or because Run's process is dead.
func launch() int {
	// The script asks to be killed when the thread that started it ends.
	runtime.LockOSThread()
	for _, fd := range []int{planFile, reportFile} {
		unix.CloseOnExec(fd)
	}
	lifeline, out := os.NewFile(planFile, "plan"), os.NewFile(reportFile, "report")
	say := json.NewEncoder(out)
	fail := func(what string, err error) int {
		say.Encode(message{Failed: fmt.Sprintf("%s: %v", what, err)})
		return 1
	}
	// Handled, and so neither deadly to us nor ignored in the script.
	signal.Notify(make(chan os.Signal, 1))
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fail("adopt the script's orphans", err)
	}
	// Not dumpable: with the same user id a script could read and trace us.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fail("hide from the script", err)
	}
	lines := bufio.NewReader(lifeline)
	var p plan
	line, err := lines.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &p)
	}
	if err != nil {
		return fail("read the plan", err)
	}
	var u undertaker
	go func() {
		io.Copy(io.Discard, lines)
		u.order()
	}()
	p.Launcher = os.Getpid()
	script, err := startScript(p, out)
	if err != nil {
		return fail("start the script's process", err)
	}
	u.started(script)
	say.Encode(message{Script: script})

	var end ending
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil: // ECHILD: none is left
			say.Encode(message{Ended: &end})
			return 0
		case pid == script && status.Signaled():
			end = ending{Exit: -1, Signal: int(status.Signal())}
		case pid == script:
			end = ending{Exit: status.ExitStatus()}
		default: // an orphan that ended by itself
			continue
		}
		u.order()
	}
}

// startScript starts this executable as the script's process, in the script's
// own process group, and gives it the plan.
func startScript(p plan, report *os.File) (int, error) {
	plan, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	defer w.Close()
	cmd := exec.Cmd{
		Path: "/proc/self/exe", Args: []string{scriptName}, Env: environment(p.Scratch), Dir: "/",
		Stdout: os.Stdout, Stderr: os.Stderr, ExtraFiles: []*os.File{r, report},
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	if p.Namespaces {
		// Mounts of its own, so that its new root is not ours: we still need ours.
		cmd.SysProcAttr.Cloneflags = unix.CLONE_NEWNS
	}
	if p.UserNamespace {
		cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SETPCAP}
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	_, err = w.Write(plan)
	return cmd.Process.Pid, err
}
