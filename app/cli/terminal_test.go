//go:build unix

package cli

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A daemon whose output goes somewhere else than into a test that reads it.
func detached(t *testing.T, out *os.File, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"daemon", "--backend", "cpu", "--addr", ""}, args...)...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

// cyclesInLog counts the cycles that the log tells of.
func cyclesInLog(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "logs", "daemon.log"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(b, []byte("msg=cycle "))
}

func TestTheDaemonOutlivesWhoeverReadsIt(t *testing.T) {
	dir := t.TempDir()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := detached(t, out, "--interval", "10ms", "--cycles", "30", "--data", dir)
	out.Close()
	for lines := bufio.NewScanner(in); lines.Scan() && !strings.HasPrefix(lines.Text(), "🤖"); {
	}
	in.Close() // as head does
	if err := cmd.Wait(); err != nil {
		t.Errorf("the daemon ended: %v", err)
	}
	if n := cyclesInLog(t, dir); n != 30 {
		t.Errorf("%d cycles are in the log", n)
	}
}

func TestTheDaemonWaitsForNoReader(t *testing.T) {
	dir := t.TempDir()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	fill(t, out)
	cmd := detached(t, out, "--interval", "10ms", "--cycles", "5", "--data", dir)
	out.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the daemon ended: %v", err)
	}
	if n := cyclesInLog(t, dir); n != 5 {
		t.Errorf("%d cycles are in the log", n)
	}
}

// fill writes into a pipe until it takes no more.
func fill(t *testing.T, pipe *os.File) {
	t.Helper()
	c, err := pipe.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Control(func(fd uintptr) {
		err = syscall.SetNonblock(int(fd), true)
		for err == nil {
			_, err = syscall.Write(int(fd), make([]byte, 4096))
		}
		if err == syscall.EAGAIN {
			err = syscall.SetNonblock(int(fd), false)
		}
	}), err); err != nil {
		t.Fatal(err)
	}
}

func TestAFullStandardOutputStopsNothing(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	dir := t.TempDir()
	if err := detached(t, full, "--interval", "10ms", "--cycles", "5", "--data", dir).Wait(); err != nil {
		t.Errorf("the daemon ended: %v", err)
	}
	if n := cyclesInLog(t, dir); n != 5 {
		t.Errorf("%d cycles are in the log", n)
	}
}

func TestAClosedTerminalEndsTheDaemonCleanly(t *testing.T) {
	// A child of tests that run under nohup would ignore SIGHUP; one whose parent
	// catches it does not.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	defer signal.Stop(caught)
	d := startDaemon(t, "--interval", "1h", "--data", t.TempDir())
	d.until(t, "⏸️  next cycle in 1h")
	if err := d.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	left, err := d.rest()
	if err != nil || len(left) == 0 || left[len(left)-1] != "⏹️  stopped" {
		t.Errorf("SIGHUP: %v, %q", err, left)
	}
}
