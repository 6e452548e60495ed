// Package portal asks a free desktop for what it alone knows or shows, over D-Bus:
// whether it is light or dark, and its dialogs for files
// (https://flatpak.github.io/xdg-desktop-portal). Start at [WatchScheme] and [OpenFile].
//
// Everything here may take as long as the desktop likes, and is called away from the
// window's goroutine. A bus is never started.
package portal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/godbus/dbus/v5"
)

// The portal's name, object and interfaces on the bus.
const (
	busName           = "org.freedesktop.portal.Desktop"
	object            = dbus.ObjectPath("/org/freedesktop/portal/desktop")
	settingsInterface = "org.freedesktop.portal.Settings"
	chooserInterface  = "org.freedesktop.portal.FileChooser"
	requestInterface  = "org.freedesktop.portal.Request"
)

var errNoBus = errors.New("this session has no message bus (D-Bus)")

// HasBus says whether the session has a bus to find the portal on.
func HasBus() bool { return address() != "" }

// address is where the session's bus is; "" where there is none.
func address() string {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		return a
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return ""
	}
	socket := filepath.Join(dir, "bus")
	if _, err := os.Stat(socket); err != nil {
		return ""
	}
	return "unix:path=" + dbus.EscapeBusAddressValue(socket)
}

// connect gives a connection of its own, which ends with ctx. Its signals are queued
// in order.
func connect(ctx context.Context) (*dbus.Conn, chan *dbus.Signal, error) {
	a := address()
	if a == "" {
		return nil, nil, errNoBus
	}
	c, err := dbus.Connect(a, dbus.WithContext(ctx), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		return nil, nil, fmt.Errorf("the session's message bus (D-Bus): %w", err)
	}
	signals := make(chan *dbus.Signal)
	c.Signal(signals)
	return c, signals, nil
}
