package cli

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDoctorLooksAtEverything(t *testing.T) {
	t.Setenv("GVPIE_GPU", "off")
	data := t.TempDir()
	got := world{env: map[string]string{"XDG_DATA_HOME": data}}.run(t, "doctor")
	if got.code != exitOK || got.errout != "" {
		t.Errorf("exit code %d, standard error %q", got.code, got.errout)
	}
	for _, want := range []string{"gvpie ", "display ", "gpu ", "GVPIE_GPU=off", "cpu ", filepath.Join(data, "gvpie"), "Inter-Regular"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("nothing about %q in\n%s", want, got.out)
		}
	}
	if left, _ := os.ReadDir(data); len(left) != 0 {
		t.Errorf("looking left %v behind", left)
	}
}

func TestDoctorSaysWhenNothingCanBeKept(t *testing.T) {
	t.Setenv("GVPIE_GPU", "off")
	notAFolder := file(t, "file", "")
	got := world{env: map[string]string{"XDG_DATA_HOME": notAFolder}}.run(t, "doctor")
	if got.code != exitFailed || !strings.Contains(got.out, "broken") || !strings.Contains(got.out, "set XDG_DATA_HOME") {
		t.Errorf("exit code %d\n%s", got.code, got.out)
	}
}

func TestDataFolder(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"XDG_DATA_HOME": "/data", "HOME": "/home/ada"}, "/data/gvpie"},
		{map[string]string{"HOME": "/home/ada"}, "/home/ada/.local/share/gvpie"},
		{map[string]string{"XDG_DATA_HOME": "relative", "HOME": "/home/ada"}, "/home/ada/.local/share/gvpie"},
	} {
		if runtime.GOOS == "windows" {
			t.Skip("these are paths of Unix")
		}
		got, err := dataFolder(func(k string) string { return tt.env[k] })
		if err != nil || got != tt.want {
			t.Errorf("%v: %s, %v, want %s", tt.env, got, err, tt.want)
		}
	}
	if dir, err := dataFolder(func(string) string { return "" }); err == nil {
		t.Errorf("without an environment the data goes to %s", dir)
	}
}

func TestDisplayIsOneThatAnswers(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only where a display is a socket")
	}
	look := func(env map[string]string) finding {
		c := &invocation{Env: Env{Getenv: func(k string) string { return env[k] }}}
		return doctor{c}.lookAtDisplay()
	}
	if f := look(nil); f.verdict != without || !strings.Contains(f.text, "neither WAYLAND_DISPLAY nor DISPLAY is set") {
		t.Errorf("without an environment: %+v", f)
	}
	if f := look(map[string]string{"DISPLAY": ":64999"}); f.verdict != without || !strings.Contains(f.text, "nobody answers at DISPLAY=:64999") {
		t.Errorf("with a display that is not there: %+v", f)
	}
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, "wayland-7"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f := look(map[string]string{"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": dir, "DISPLAY": ":64999"})
	if f.verdict != well || f.text != "Wayland at "+filepath.Join(dir, "wayland-7") {
		t.Errorf("with a Wayland server: %+v", f)
	}
}

func TestX11Address(t *testing.T) {
	for display, want := range map[string]string{
		":0": "unix /tmp/.X11-unix/X0", ":99.1": "unix /tmp/.X11-unix/X99", "unix:3": "unix /tmp/.X11-unix/X3",
		"host:10.0": "tcp host:6010", "localhost:0": "tcp localhost:6000",
	} {
		network, address, err := x11Address(display)
		if got := network + " " + address; err != nil || got != want {
			t.Errorf("DISPLAY=%s is at %s, %v, want %s", display, got, err, want)
		}
	}
	for _, display := range []string{"", "0", ":x", ":-1"} {
		if _, _, err := x11Address(display); err == nil {
			t.Errorf("DISPLAY=%s is taken for an address", display)
		}
	}
}
