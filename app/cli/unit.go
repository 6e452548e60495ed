package cli

import "gvpie/runtime/host"

// installUnit writes a systemd user unit that runs the daemon of a folder, and says
// where and what comes next.
func (c *invocation) installUnit(dir string, flags []string) error {
	path, err := host.InstallUnit(c.Getenv, dir, flags...)
	if err != nil {
		return err
	}
	c.printf(`%s
To start it, now and at every login:
  systemctl --user daemon-reload
  systemctl --user enable --now gvpie
To have it run without a login: loginctl enable-linger
What it does: systemctl --user status gvpie, journalctl --user -u gvpie
`, path)
	return nil
}
