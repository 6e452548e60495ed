package cli

import (
	"fmt"
	"net"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"gvpie/app/ui/display"
)

// lookAtDisplay tries to reach a display server as a window would.
func (d doctor) lookAtDisplay() finding {
	f := finding{what: "display"}
	if runtime.GOOS != "linux" && runtime.GOOS != "freebsd" {
		f.text = "the system's own"
		return f
	}
	var tried []string
	if name := d.Getenv("WAYLAND_DISPLAY"); name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(d.Getenv("XDG_RUNTIME_DIR"), name)
		}
		if err := reach("unix", name); err == nil {
			f.text = "Wayland at " + name
			return f
		}
		tried = append(tried, "nobody answers at WAYLAND_DISPLAY="+d.Getenv("WAYLAND_DISPLAY"))
	}
	if name := d.Getenv("DISPLAY"); name != "" {
		network, address, err := x11Address(name)
		if err == nil {
			err = reach(network, address)
		}
		if err == nil {
			f.text = "X11 at " + name
			return f
		}
		tried = append(tried, "nobody answers at DISPLAY="+name)
	}
	if tried == nil {
		tried = []string{"neither WAYLAND_DISPLAY nor DISPLAY is set"}
	}
	f.verdict = without
	f.text = "no window can be opened: " + strings.Join(tried, ", ")
	f.cure = "log in to a desktop, or make a display in memory: apt install xvfb, then xvfb-run gvpie"
	return f
}

// lookAtKeyboard says by which locale letters are composed, such as é of ´ and e.
func (d doctor) lookAtKeyboard() finding {
	f := finding{what: "keyboard"}
	c, err := display.FindCompose(d.Getenv)
	switch {
	case err != nil:
		f.verdict, f.text, f.cure = without, "no window can be opened: "+err.Error(), "apt install libx11-data"
	case c.Used != c.Asked:
		f.text = fmt.Sprintf("letters are composed as in %s: libxkbcommon has no table for %s", c.Used, c.Asked)
	default:
		f.text = "letters are composed as in " + c.Used
	}
	return f
}

// x11Address is where the server of a DISPLAY listens: host:number.screen.
func x11Address(display string) (network, address string, err error) {
	host, rest, ok := strings.Cut(display, ":")
	digits, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return "", "", fmt.Errorf("%q names no display", display)
	}
	if host == "" || host == "unix" {
		return "unix", fmt.Sprintf("/tmp/.X11-unix/X%d", n), nil
	}
	return "tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)), nil
}

func reach(network, address string) error {
	conn, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return err
	}
	return conn.Close()
}
