// Package portaltest is a message bus of a test's own, with a portal on it that says
// and shows nothing but what the test wants.
//
// It is for tests alone.
package portaltest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Bus starts a message bus and gives its address. The test is skipped where none can
// be had.
func Bus(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is missing; on Debian or Ubuntu: apt-get install dbus-daemon")
	}
	// A socket's path is short.
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, fmt.Appendf(nil, config, dir), 0o644); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--nofork", "--nosyslog", "--print-address", "--config-file="+file)
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { daemon.Process.Kill(); daemon.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon gives no address: %v", err)
	}
	return strings.TrimSpace(line)
}

// Portal answers as a desktop would.
type Portal struct {
	t    *testing.T
	conn *dbus.Conn

	// Asked gets what each dialog was asked to be.
	Asked chan Dialog
}

// Dialog is a dialog that somebody wants to see.
type Dialog struct {
	Method  string // "OpenFile" or "SaveFile"
	Parent  string
	Title   string
	Options map[string]dbus.Variant

	portal *Portal
	path   dbus.ObjectPath
}

const object = dbus.ObjectPath("/org/freedesktop/portal/desktop")

// New puts a portal on the bus at an address. Where scheme gives nothing, it has
// no appearance to tell of; scheme may take its time.
func New(t *testing.T, address string, scheme func() (value uint32, ok bool)) *Portal {
	t.Helper()
	c, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	p := &Portal{t: t, conn: c, Asked: make(chan Dialog, 8)}
	c.ExportMethodTable(map[string]any{
		"Read": func(namespace, key string) (dbus.Variant, *dbus.Error) {
			if v, ok := scheme(); ok && namespace == "org.freedesktop.appearance" && key == "color-scheme" {
				return dbus.MakeVariant(dbus.MakeVariant(v)), nil
			}
			return dbus.Variant{}, dbus.NewError("org.freedesktop.portal.Error.NotFound", []any{"Requested setting not found"})
		},
	}, object, "org.freedesktop.portal.Settings")
	ask := func(method string) any {
		return func(parent, title string, options map[string]dbus.Variant, sender dbus.Sender) (dbus.ObjectPath, *dbus.Error) {
			token, _ := options["handle_token"].Value().(string)
			path := object + "/request/" + dbus.ObjectPath(strings.ReplaceAll(strings.TrimPrefix(string(sender), ":"), ".", "_")+"/"+token)
			p.Asked <- Dialog{method, parent, title, options, p, path}
			return path, nil
		}
	}
	c.ExportMethodTable(map[string]any{"OpenFile": ask("OpenFile"), "SaveFile": ask("SaveFile")}, object, "org.freedesktop.portal.FileChooser")
	if reply, err := c.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the portal's name is not to be had: %v, %v", reply, err)
	}
	return p
}

// Change tells everybody of another color scheme.
func (p *Portal) Change(scheme uint32) {
	p.t.Helper()
	p.emit(object, "org.freedesktop.portal.Settings.SettingChanged", "org.freedesktop.appearance", "color-scheme", dbus.MakeVariant(scheme))
}

// Choose ends a dialog with a file; "" declines.
func (d Dialog) Choose(uri string) {
	d.portal.t.Helper()
	code, results := uint32(1), map[string]dbus.Variant{}
	if uri != "" {
		code, results["uris"] = 0, dbus.MakeVariant([]string{uri})
	}
	d.portal.emit(d.path, "org.freedesktop.portal.Request.Response", code, results)
}

func (p *Portal) emit(path dbus.ObjectPath, name string, values ...any) {
	p.t.Helper()
	if err := p.conn.Emit(path, name, values...); err != nil {
		p.t.Fatal(err)
	}
}
