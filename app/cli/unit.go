package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// unitName is the service as systemctl calls it.
const unitName = "gvpie.service"

// unitHead begins a unit that installUnit has written, and may write over.
const unitHead = "# Written by gvpie daemon --install-unit. To change it: systemctl --user edit gvpie\n"

// unitText is a unit of systemd.service(5) that runs the daemon. RestartSec lets a
// window that holds the loop keep it, and the daemon go on when the window has
// closed; opening a large database may take its time.
const unitText = unitHead + `[Unit]
Description=GVPIE: the autonomous loop and its HTTP API

[Service]
Type=notify
ExecStart=%s
WatchdogSec=60
Restart=on-failure
RestartSec=10
TimeoutStartSec=infinity
TimeoutStopSec=60
KillMode=mixed

[Install]
WantedBy=default.target
`

// installUnit writes a systemd user unit that runs this program with args, and
// says where and what comes next.
func (c *invocation) installUnit(args []string) error {
	if runtime.GOOS != "linux" {
		return errors.New("a unit is for systemd, which only Linux has")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	words := append([]string{exe}, args...)
	folder, err := unitFolder(c.Getenv)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, unitName)
	old, err := os.ReadFile(path)
	switch {
	case err == nil && !bytes.HasPrefix(old, []byte(unitHead)):
		return fmt.Errorf("%s is not of gvpie's making: it stays as it is; move it away first", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return &fileError{path, reason(err), err}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return &fileError{folder, reason(err), err}
	}
	for i, w := range words {
		words[i] = unitWord(w)
	}
	if err := writeFile(path, 0o644, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, unitText, strings.Join(words, " "))
		return err
	}); err != nil {
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

// unitFolder is where a user's own units lie (systemd.unit(5)).
func unitFolder(getenv func(string) string) (string, error) {
	if d := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "systemd", "user"), nil
	}
	home := getenv("HOME")
	if home == "" {
		return "", errors.New("neither XDG_CONFIG_HOME nor a home folder is set")
	}
	return filepath.Join(home, ".config", "systemd", "user"), nil
}

// unitWord writes one word of a command line so that systemd reads it as it is.
func unitWord(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%", "$", "$$", "\n", `\n`, "\t", `\t`).Replace(word) + `"`
}
