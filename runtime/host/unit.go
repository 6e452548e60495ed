package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"gvpie/runtime/atomicfile"
)

// UnitName is the service as systemctl calls it, and the unit's file.
const UnitName = "gvpie.service"

// UnitHolder is what a daemon is called that systemd runs as that service.
const UnitHolder = "the unit " + UnitName

// unitHead begins a unit that InstallUnit has written, and may write over.
const unitHead = "# Written by gvpie daemon --install-unit. To change it: systemctl --user edit gvpie\n"

// unitText is a unit of systemd.service(5) that runs the daemon. RestartSec lets a
// window that holds the loop keep it, and the daemon go on when the window has
// closed; opening a large database may take its time.
const unitText = `[Unit]
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

// Unit is the unit that runs a program with arguments.
func Unit(words ...string) string {
	for i, w := range words {
		words[i] = unitWord(w)
	}
	return fmt.Sprintf(unitText, strings.Join(words, " "))
}

// InstallUnit writes a systemd user unit that runs the daemon of a data folder, by
// this program and with further flags, and gives its path. What is not of its making
// it does not write over.
func InstallUnit(getenv func(string) string, dir string, flags ...string) (path string, err error) {
	if runtime.GOOS != "linux" {
		return "", errors.New("a unit is for systemd, which only Linux has")
	}
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	folder, err := unitFolder(getenv)
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, UnitName)
	old, err := os.ReadFile(path)
	switch {
	case err == nil && !bytes.HasPrefix(old, []byte(unitHead)):
		return "", fmt.Errorf("%s is not of gvpie's making: it stays as it is; move it away first", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("the unit that is there cannot be read: %w", err)
	}
	words := append([]string{exe, "daemon", "--journal", "--data", dir}, flags...)
	err = os.MkdirAll(folder, 0o755)
	if err == nil {
		err = atomicfile.Write(path, 0o644, func(w io.Writer) error {
			_, err := io.WriteString(w, unitHead+Unit(words...))
			return err
		})
	}
	if err != nil {
		return "", fmt.Errorf("the unit cannot be written: %w", err)
	}
	return path, nil
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

// UserManager says whether systemd runs this user's services.
func UserManager(getenv func(string) string) bool {
	folder := getenv("XDG_RUNTIME_DIR")
	if runtime.GOOS != "linux" || folder == "" {
		return false
	}
	if _, err := os.Stat(filepath.Join(folder, "systemd", "private")); err != nil {
		return false
	}
	_, err := exec.LookPath("systemctl")
	return err == nil
}

// EnableUnit has the user's systemd read the unit, and start it at every login.
func EnableUnit(ctx context.Context) error {
	if err := systemctl(ctx, "daemon-reload"); err != nil {
		return err
	}
	return systemctl(ctx, "enable", UnitName)
}

// StartUnit has systemd start the unit, and does not wait until it runs.
func StartUnit(ctx context.Context) error { return systemctl(ctx, "start", "--no-block", UnitName) }

// systemctl asks the user's systemd for something. The error has what it said.
func systemctl(ctx context.Context, args ...string) error {
	args = append([]string{"--user"}, args...)
	out, err := exec.CommandContext(ctx, "systemctl", args...).CombinedOutput()
	if err != nil {
		said := strings.Join(strings.Fields(string(out)), " ")
		return fmt.Errorf("systemctl %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return nil
}
