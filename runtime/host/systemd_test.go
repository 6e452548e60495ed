package host

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// manager is a service manager that a process tells how it is.
func manager(t *testing.T) (*net.UnixConn, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "n") // a socket's name must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, path
}

func told(t *testing.T, c *net.UnixConn) string {
	t.Helper()
	b := make([]byte, 1024)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func TestSystemdIsToldThatTheLoopIsReadyMovesAndStops(t *testing.T) {
	c, socket := manager(t)
	clock := stillClock{make(chan time.Time)}
	r := start(t, Config{Data: t.TempDir(), Name: "a test", Clock: clock, Systemd: Systemd{socket, time.Minute}})
	if got := told(t, c); got != "READY=1" {
		t.Errorf("told %q first", got)
	}
	if got := told(t, c); !strings.HasPrefix(got, "STATUS=cycle 1 · CPU") {
		t.Errorf("told %q after a cycle", got)
	}
	r.loop.Pause() // the beat is the watchdog's, or ends the sleep of a loop that then stays where it is
	clock.beat <- time.Time{}
	clock.beat <- time.Time{}
	if got := told(t, c); got != "WATCHDOG=1" {
		t.Errorf("told %q at a beat", got)
	}
	r.stop()
	for {
		if got := told(t, c); got == "STOPPING=1" {
			break
		} else if got != "WATCHDOG=1" {
			t.Fatalf("told %q at the end", got)
		}
	}
	r.end()
}

func TestTheEnvironmentSaysWhoWaitsForNews(t *testing.T) {
	pid := strconv.Itoa(os.Getpid())
	for _, c := range []struct {
		env  map[string]string
		want Systemd
	}{
		{map[string]string{}, Systemd{}},
		{map[string]string{"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": pid}, Systemd{"@x", time.Minute}},
		{map[string]string{"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": pid + "0"}, Systemd{"@x", 0}},
		{map[string]string{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "soon"}, Systemd{"/s", 0}},
	} {
		if got := SystemdOf(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %+v", c.env, got)
		}
	}
}
