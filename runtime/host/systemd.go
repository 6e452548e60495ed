package host

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"gvpie/runtime/agent"
)

// Systemd is the service manager that waits for news of this process, by the
// protocol of sd_notify(3). The zero value is none.
type Systemd struct {
	Socket   string        // a unix datagram socket; one that begins with @ is in the abstract namespace
	Watchdog time.Duration // how long it lets the process be silent before it ends it; 0: for ever
}

// SystemdOf reads what the environment says of the service manager.
func SystemdOf(getenv func(string) string) Systemd {
	s := Systemd{Socket: getenv("NOTIFY_SOCKET")}
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return s // the watchdog is meant for another process
	}
	if us, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		s.Watchdog = time.Duration(us) * time.Microsecond
	}
	return s
}

// tell sends assignments, one a line. A manager that does not listen is not waited
// for.
func (s Systemd) tell(state string) error {
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.Socket, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	_, err = c.Write([]byte(state))
	return err
}

// report tells systemd that the services are ready, what the loop says of its
// health, that the loop moves, and, when ctx or stop ends it, that they stop.
func (h *Host) report(ctx context.Context, loop *agent.Agent) (stop func()) {
	s := h.config.Systemd
	if s.Socket == "" {
		return func() {}
	}
	tell := func(state string) {
		if err := s.tell(state); err != nil {
			h.log.Warn("systemd could not be told", "state", state, "err", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	events, leave := loop.Watch()
	status := loop.Status()
	tell("READY=1")
	var work sync.WaitGroup
	work.Go(func() {
		defer leave()
		var beat <-chan time.Time
		if s.Watchdog > 0 {
			beat = h.clock.After(s.Watchdog / 3)
		}
		stalled := false
		for {
			select {
			case <-ctx.Done():
				tell("STOPPING=1")
				return
			case e := <-events:
				status = e.Status
				if e.Kind == agent.CycleFinished {
					text := "cycle " + strconv.Itoa(status.Cycle) + " · " + status.Health
					if status.Unready != "" {
						text += " · not ready: " + status.Unready
					}
					tell("STATUS=" + strings.ReplaceAll(text, "\n", " "))
				}
			case <-beat:
				beat = h.clock.After(s.Watchdog / 3)
				if status.Moves(h.clock.Now(), stall) {
					stalled = false
					tell("WATCHDOG=1")
				} else if !stalled {
					stalled = true
					h.log.Error("the loop has not moved: systemd's watchdog is told nothing until it does", "phase", status.Phase, "script", status.Script)
				}
			}
		}
	})
	return func() {
		cancel()
		work.Wait()
	}
}

// stall is how long the loop may be at one thing, beyond what that thing may take:
// a database that another program has locked, a large one that is put right.
const stall = 5 * time.Minute
