package loop

import (
	"context"
	"os"
	"time"

	"gvpie/app/studio/notice"
	"gvpie/runtime/host"
	"gvpie/runtime/store"
)

// LostByClosing counts the scripts that nobody runs any more once this window has
// closed: 0 when another process has the loop, or nobody is to be asked about it.
func (m *Monitor) LostByClosing() (scripts int) {
	if m.state != Running || !m.askToClose {
		return 0
	}
	for _, s := range m.scripts {
		if s.Enabled {
			scripts++
		}
	}
	return scripts
}

// CanKeepRunning says whether systemd can go on with the loop once the window has
// closed.
func (m *Monitor) CanKeepRunning() bool { return host.UserManager(os.Getenv) }

// unitPatience is how long systemd may take to take in the unit, or to begin it.
const unitPatience = 20 * time.Second

// KeepRunning installs the unit that runs the daemon of this folder, to be started
// when the Monitor is closed, and at every login. then is called on the window's
// goroutine once it is installed; what keeps it from being is shown.
func (m *Monitor) KeepRunning(then func()) {
	var flags []string
	if m.cfg.Addr != host.BySetting {
		flags = []string{"--addr", m.cfg.Addr}
	}
	m.background(func() (notice.Kind, string) {
		ctx, done := context.WithTimeout(m.bg.ctx, unitPatience)
		defer done()
		_, err := host.InstallUnit(os.Getenv, m.cfg.Data, flags...)
		if err == nil {
			err = host.EnableUnit(ctx)
		}
		if err != nil {
			return notice.Problem, "The loop cannot be kept running: " + err.Error()
		}
		m.bg.window.Post(func() {
			m.kept = true
			then()
		})
		return notice.Done, ""
	})
}

// AskNoMore keeps, in the settings, that nobody is to be asked about the loop when the
// window closes. then is called on the window's goroutine.
func (m *Monitor) AskNoMore(then func()) {
	s := m.store
	m.background(func() (notice.Kind, string) {
		defer m.bg.window.Post(then)
		if err := s.SetSetting(m.bg.ctx, store.AskToCloseSetting, "0"); err != nil {
			return notice.Problem, err.Error()
		}
		return notice.Done, ""
	})
}

// Close ends the loop and closes the database. A run that has begun is recorded
// as cancelled. The unit that is to go on with the loop is started; the error says why
// it could not be.
func (m *Monitor) Close() error {
	m.bg.close()
	if !m.kept {
		return nil
	}
	ctx, done := context.WithTimeout(context.Background(), unitPatience)
	defer done()
	return host.StartUnit(ctx)
}
