//go:build amd64 || arm64

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// nobody is the kernel's overflow user and group id, a user with no files.
	nobody = 65534
	// killGrace is how long the launcher has to bury a script's processes before
	// it is killed itself.
	killGrace = 3 * time.Second
	// watchEvery is how often memory and scratch folder are measured.
	watchEvery = 100 * time.Millisecond
)

// plan goes to the launcher and from it to the script's process.
type plan struct {
	Python          interpreter
	Scratch, Script string
	Limits          limits
	OtherUser       bool // become nobody
	Namespaces      bool // the launcher is the first process of its own
	UserNamespace   bool
	AllowUnconfined bool
	Without         layers
	Launcher        int // process id the script's process must find as its parent
}

// message is one line of the report the launcher and the script's process write.
type message struct {
	Script   int      `json:",omitempty"` // process id
	Confined []string `json:",omitempty"`
	Refused  string   `json:",omitempty"` // why it can't be confined
	Failed   string   `json:",omitempty"` // why it was not started
	Ended    *ending  `json:",omitempty"`
}

type ending struct{ Exit, Signal int }

// report is all messages of one run.
type report struct {
	message
	ends chan struct{}
}

func run(ctx context.Context, spec Spec, scratch string) (Result, error) {
	p := plan{
		Scratch: scratch, OtherUser: os.Geteuid() == 0, AllowUnconfined: spec.AllowUnconfined, Without: spec.without,
		Limits: limits{CPU: spec.CPU, Memory: spec.Memory, FileSize: spec.FileSize, Processes: spec.Processes},
	}
	var err error
	var usable func(interpreter) error
	if p.OtherUser {
		usable = openToOthers
	}
	if p.Python, err = findInterpreter(ctx, spec.Python, usable); err != nil {
		return Result{}, err
	}
	if p.Script, err = writeScript(scratch, spec.Code); err != nil {
		return Result{}, fmt.Errorf("write the script: %w", err)
	}
	if p.OtherUser {
		for _, path := range []string{scratch, p.Script} {
			if err := os.Lchown(path, nobody, nobody); err != nil {
				return Result{}, fmt.Errorf("give the scratch folder to the script's user: %w", err)
			}
		}
	}

	l, err := startLauncher(p)
	if err != nil {
		return Result{}, err
	}
	defer l.close()
	res := Result{}
	stdout, stderr := startCapture(l.stdout, spec.OutputCap), startCapture(l.stderr, spec.OutputCap)
	rep := readReport(l.report)

	wall := time.NewTimer(spec.Wall)
	defer wall.Stop()
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	cancelled, grace, stopped := ctx.Done(), (<-chan time.Time)(nil), false
	stop := func() { // the launcher buries all and goes; the grace is for one that can't
		stopped = true
		l.lifeline.Close()
		grace, cancelled = time.After(killGrace), nil
		wall.Stop()
		watch.Stop()
	}
	for running := true; running; {
		select {
		case <-rep.ends:
			running = false
		case <-wall.C:
			res.TimedOut = true
			stop()
		case <-cancelled:
			err = ctx.Err()
			stop()
		case <-watch.C:
			if res.Stopped = excess(l.cmd.Process.Pid, scratch, spec); res.Stopped != "" {
				stop()
			}
		case <-grace:
			grace = nil
			unix.Kill(-l.cmd.Process.Pid, unix.SIGKILL)
		}
	}
	if rep.Ended == nil && rep.Script > 0 && !l.namespaces {
		// The launcher was killed; with namespaces that kills the script too.
		unix.Kill(-rep.Script, unix.SIGKILL)
	}
	l.cmd.Process.Kill()
	l.cmd.Wait()
	// Every writer is dead, so both streams have ended; a process that the kernel
	// holds back in an uninterruptible call must not hold us.
	l.stdout.SetReadDeadline(time.Now().Add(killGrace))
	l.stderr.SetReadDeadline(time.Now().Add(killGrace))
	res.Stdout, res.Stderr = stdout.text(), stderr.text()
	res.Truncated = stdout.truncated || stderr.truncated
	res.Confined = rep.Confined
	switch {
	case rep.Refused != "":
		return Result{}, fmt.Errorf("%w: %s", ErrCannotConfine, rep.Refused)
	case rep.Failed != "":
		return Result{}, fmt.Errorf("the script was not started: %s", rep.Failed)
	case rep.Ended == nil && !stopped:
		return res, fmt.Errorf("the script's launcher was killed, and the script with it: %s", res.Stderr)
	case rep.Ended == nil || rep.Ended.Signal != 0:
		res.ExitCode, res.Signal = -1, "SIGKILL"
		if rep.Ended != nil {
			res.Signal = unix.SignalName(unix.Signal(rep.Ended.Signal))
		}
	default:
		res.ExitCode = rep.Ended.Exit
	}
	return res, err
}

// launcher is the running launcher as Run sees it.
type launcher struct {
	cmd            *exec.Cmd
	namespaces     bool
	lifeline       *os.File // the plan goes down it; its end is the order to kill all
	report         *os.File
	stdout, stderr *os.File
}

func (l *launcher) close() {
	for _, f := range []*os.File{l.lifeline, l.report, l.stdout, l.stderr} {
		f.Close()
	}
}

// What this system has refused for good is not asked for again: package syscall
// leaves two descriptors open each time that a clone with a mapping of users
// fails, and a loop runs scripts for weeks.
var namespacesRefused, userNamespacesRefused atomic.Bool

// startLauncher starts it in namespaces of its own or, where the system refuses
// them, without, and gives it the plan.
func startLauncher(p plan) (*launcher, error) {
	const own = unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	inNamespaces := &syscall.SysProcAttr{Setsid: true, Cloneflags: own}
	if !p.OtherUser {
		uid, gid := os.Geteuid(), os.Getegid()
		inNamespaces.Cloneflags |= unix.CLONE_NEWUSER
		inNamespaces.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		inNamespaces.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
		// Mapped to itself the user is not root there: these survive the execve,
		// to make mounts and to give all of it up.
		inNamespaces.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SETPCAP}
	}
	refused := &userNamespacesRefused
	if p.OtherUser {
		refused = &namespacesRefused
	}
	if !p.Without.Namespaces && !refused.Load() {
		p.Namespaces, p.UserNamespace = true, !p.OtherUser
		l, err := startLauncherAs(p, inNamespaces)
		if err == nil {
			return l, nil
		}
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
			refused.Store(true)
		}
	}
	p.Namespaces, p.UserNamespace = false, false
	return startLauncherAs(p, &syscall.SysProcAttr{Setsid: true})
}

func startLauncherAs(p plan, attr *syscall.SysProcAttr) (_ *launcher, err error) {
	var files []*os.File
	pipe := func() (r, w *os.File) {
		if err == nil {
			if r, w, err = os.Pipe(); err == nil {
				files = append(files, r, w)
			}
		}
		return r, w
	}
	lifelineR, lifelineW := pipe()
	reportR, reportW := pipe()
	stdoutR, stdoutW := pipe()
	stderrR, stderrW := pipe()
	if err == nil {
		l := &launcher{namespaces: p.Namespaces, lifeline: lifelineW, report: reportR, stdout: stdoutR, stderr: stderrR}
		l.cmd = &exec.Cmd{
			// Not os.Executable: this is the running program even if its file was
			// replaced or lies where only this process may look.
			Path: "/proc/self/exe", Args: []string{launcherName}, Env: []string{}, Dir: "/",
			Stdout: stdoutW, Stderr: stderrW, ExtraFiles: []*os.File{lifelineR, reportW},
			SysProcAttr: attr,
		}
		if err = l.cmd.Start(); err == nil {
			for _, f := range []*os.File{lifelineR, reportW, stdoutW, stderrW} {
				f.Close()
			}
			// A launcher that is already gone ends the report, which says enough.
			json.NewEncoder(lifelineW).Encode(p)
			return l, nil
		}
	}
	for _, f := range files {
		f.Close()
	}
	return nil, fmt.Errorf("start the script's launcher: %w", err)
}

// readReport gathers the messages until every writer of them is gone: the
// launcher, and the script's process before it became Python.
func readReport(r io.Reader) *report {
	rep := &report{ends: make(chan struct{})}
	go func() {
		defer close(rep.ends)
		lines := json.NewDecoder(r)
		for lines.Decode(&rep.message) == nil {
		}
	}()
	return rep
}

// openToOthers tells whether a user with no rights of its own can run py.
func openToOthers(py interpreter) error {
	for _, path := range append([]string{py.Exe}, py.Library...) {
		for at := path; ; at = filepath.Dir(at) {
			info, err := os.Stat(at)
			if err != nil {
				return err
			}
			need := os.FileMode(0o001)
			if at == path && !info.IsDir() {
				need = 0o005
			}
			if info.Mode().Perm()&need != need {
				return fmt.Errorf("%s is out of reach for other users (%s)", path, at)
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	return nil
}
