//go:build amd64 || arm64

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// lingering says its launcher's process id into the alarm, and holds it open in
// a descendant that nothing but a kill ends.
const lingering = `import os, signal
alarm = open("alarm", "w")
print(os.getppid(), file=alarm, flush=True)
if os.fork() == 0 and os.fork() == 0: signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True: signal.pause()
`

func TestScriptsDieWithTheProgram(t *testing.T) {
	confinable(t)
	for _, way := range ways(t) {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			dir := scratch(t)
			a := newAlarm(t, dir)
			text, err := json.Marshal(runnerSpec{Spec{Code: lingering, Dir: dir, Wall: time.Hour}, way.without})
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("/proc/self/exe")
			cmd.Env = append(os.Environ(), runnerEnv+"="+string(text))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			a.wait(t)
			cmd.Process.Kill()
			cmd.Wait()
			a.waitEnd(t)
		})
	}
}

func TestScriptsDieWithTheirLauncher(t *testing.T) {
	confinable(t)
	dir := scratch(t)
	a := newAlarm(t, dir)
	failed := make(chan error, 1)
	go func() {
		_, err := Run(context.Background(), Spec{Code: lingering, Dir: dir, Wall: time.Hour, without: layers{Namespaces: true}})
		failed <- err
	}()
	launcher, err := strconv.Atoi(a.wait(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(launcher, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "launcher was killed") {
		t.Errorf("Run answers %v", err)
	}
	a.waitEnd(t)
}

func TestCancelledRunsEndAtOnce(t *testing.T) {
	confinable(t)
	for _, way := range ways(t) {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			dir := scratch(t)
			a := newAlarm(t, dir)
			ctx, cancel := context.WithCancel(context.Background())
			failed := make(chan error, 1)
			go func() {
				res, err := Run(ctx, Spec{Code: lingering, Dir: dir, Wall: time.Hour, without: way.without})
				if res.TimedOut || res.Signal != "SIGKILL" {
					t.Errorf("%+v", res)
				}
				failed <- err
			}()
			a.wait(t)
			cancel()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("Run answers %v", err)
			}
			a.waitEnd(t)
			if left := survivors(dir); len(left) > 0 {
				t.Errorf("alive: %v", left)
			}
		})
	}
}

func TestRunLeavesNothingOpen(t *testing.T) {
	confinable(t)
	open := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	before := open()
	for range 10 {
		if _, err := Run(t.Context(), Spec{Code: "print(1)", Wall: patience}); err != nil {
			t.Fatal(err)
		}
	}
	if after := open(); after > before {
		t.Errorf("%d files open, %d before", after, before)
	}
	if left := descendants(os.Getpid()); len(left) > 0 {
		t.Errorf("children left: %v", left)
	}
}

func TestWithoutItsLayersNothingRuns(t *testing.T) {
	confinable(t)
	for name, without := range map[string]layers{
		"files":                                  {Landlock: true, OwnRoot: true},
		"files, as where namespaces are refused": {Landlock: true, Namespaces: true},
		"seccomp":                                {Seccomp: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := scratch(t)
			spec := Spec{Code: "open('ran', 'w')", Dir: dir, without: without}
			_, err := Run(t.Context(), spec)
			if !errors.Is(err, ErrCannotConfine) {
				t.Errorf("Run answers %v", err)
			}
			if _, err := os.Stat(dir + "/ran"); err == nil {
				t.Error("it ran")
			}
			spec.AllowUnconfined = true
			if res, err := runIn(t, dir, spec); err != nil || res.ExitCode != 0 {
				t.Errorf("where it is allowed: %+v, %v", res, err)
			}
			if _, err := os.Stat(dir + "/ran"); err != nil {
				t.Errorf("where it is allowed it did not run: %v", err)
			}
		})
	}
}

// As root the program gives scripts another user; as a user it has namespaces of
// its own, or none. So root proves both.
func TestTheSameHoldsForAUserWithoutRights(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("this is such a user already")
	}
	if testing.Short() {
		t.Skip("all tests again, in a process of their own: not in a short run")
	}
	tmp := scratch(t)
	if err := os.Chown(tmp, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", "-test.v")
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + tmp, "TMPDIR=" + tmp, "GVPIE_SOAK=" + os.Getenv("GVPIE_SOAK")}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "user 65534:") || strings.Contains(line, "NOTHING IS PROVED") {
			t.Log(strings.TrimSpace(line))
			break
		}
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
