package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"

	"gvpie/assets"
	"gvpie/runtime/engine"
)

var doctorCommand = command{
	name: "doctor", summary: "Say what this computer has for gvpie, what is missing, and how to get it",
	help: `The exit code is 1 only if programs cannot be run at all, or nothing can be kept.
Without a display, or without a GPU, gvpie works with less.
`,
	setup: func(*flag.FlagSet) func(*invocation) error { return (*invocation).doctor },
}

// A verdict is how well something is.
type verdict uint8

const (
	well    verdict = iota // there, and in order
	without                // gvpie works with less
	broken                 // gvpie does not work
)

func (v verdict) String() string { return [...]string{"ok", "without", "broken"}[v] }

// A finding is one thing the doctor looked at.
type finding struct {
	what    string
	verdict verdict
	text    string
	cure    string // how to get it; "" when there is nothing to do
}

// A doctor looks at what gvpie needs of this computer.
type doctor struct{ *invocation }

func (c *invocation) doctor() error {
	if err := c.noArgs(); err != nil {
		return err
	}
	d := doctor{c}
	found := []finding{
		{what: "gvpie", text: version()},
		d.lookAtDisplay(),
		d.lookAtKeyboard(),
	}
	found = append(found, d.lookAtGPU()...)
	found = append(found,
		finding{what: "cpu", text: engine.NewCPU().Adapter()},
		d.lookAtData(),
		lookAtFonts(),
	)
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	worst := well
	for _, f := range found {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.verdict, f.what, f.text)
		if f.cure != "" {
			fmt.Fprintf(w, "\t\tto get it: %s\n", f.cure)
		}
		worst = max(worst, f.verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	c.printf("\n%s\n", [...]string{
		"Everything is there.",
		"gvpie works here, without what is marked.",
		"gvpie does not work here until what is marked broken is mended.",
	}[worst])
	if worst == broken {
		return errFailed
	}
	return nil
}

// lookAtGPU asks the worker, which opens the GPU as a program would, and says
// what of Vulkan is installed when it cannot.
func (d doctor) lookAtGPU() []finding {
	s := d.supervisor()
	defer s.Close()
	gpu := finding{what: "gpu"}
	err := s.WaitReady(d.ctx)
	if err != nil {
		gpu.verdict = without
		gpu.text = "programs run on the CPU: " + cause(err)
	} else {
		gpu.text = s.Status().Adapter
	}
	if runtime.GOOS != "linux" {
		return []finding{gpu}
	}
	vulkan := d.lookAtVulkan()
	switch {
	case err == nil || vulkan.verdict != well:
	case d.Getenv("GVPIE_GPU") == "off":
		gpu.cure = "unset GVPIE_GPU"
	default:
		gpu.cure = "a newer driver may help (apt install mesa-vulkan-drivers); see what vulkaninfo --summary says (apt install vulkan-tools)"
	}
	return []finding{gpu, vulkan}
}

// cause is an engine's error without the part that says no more than that.
func cause(err error) string {
	text := err.Error()
	for _, e := range []error{engine.ErrUnavailable, engine.ErrUnsupported, engine.ErrLost} {
		if errors.Is(err, e) {
			if rest, ok := strings.CutPrefix(text, e.Error()+": "); ok {
				return rest
			}
		}
	}
	return text
}

// Where Linux distributions put what Vulkan consists of.
var (
	libraryFolders = []string{"/usr/lib/*-linux-gnu*", "/lib/*-linux-gnu*", "/usr/lib64", "/usr/lib", "/usr/local/lib", "/run/opengl-driver/lib"}
	driverFolders  = []string{"/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/run/opengl-driver/share/vulkan/icd.d"}
)

func (d doctor) lookAtVulkan() finding {
	f := finding{what: "vulkan"}
	loader := ""
	for _, dir := range append(filepath.SplitList(d.Getenv("LD_LIBRARY_PATH")), libraryFolders...) {
		if m, _ := filepath.Glob(filepath.Join(dir, "libvulkan.so.1")); len(m) > 0 {
			loader = m[0]
			break
		}
	}
	if loader == "" {
		f.verdict, f.text, f.cure = without, "there is no loader (libvulkan.so.1)", "apt install libvulkan1 mesa-vulkan-drivers"
		return f
	}
	drivers := filepath.SplitList(d.Getenv("VK_DRIVER_FILES") + string(filepath.ListSeparator) + d.Getenv("VK_ICD_FILENAMES"))
	for _, dir := range driverFolders {
		m, _ := filepath.Glob(filepath.Join(dir, "*.json"))
		drivers = append(drivers, m...)
	}
	var names []string
	for _, d := range drivers {
		if _, err := os.Stat(d); d != "" && err == nil {
			names = append(names, strings.TrimSuffix(filepath.Base(d), ".json"))
		}
	}
	if len(names) == 0 {
		f.verdict, f.text, f.cure = without, "there is a loader, "+loader+", but no driver", "apt install mesa-vulkan-drivers"
		return f
	}
	f.text = "loader " + loader + ", drivers " + strings.Join(names, " ")
	return f
}

// lookAtData makes sure that what gvpie keeps can be kept.
func (d doctor) lookAtData() finding {
	f := finding{what: "data"}
	dir, err := dataFolder(d.Getenv)
	if err == nil {
		f.text = dir
		err = writable(dir)
	}
	if err != nil {
		f.verdict, f.text = broken, strings.TrimSpace(dir+" cannot be written to: "+reason(err))
		f.cure = "set XDG_DATA_HOME to a folder of yours, or mend its permissions"
	}
	return f
}

// dataFolder is where gvpie keeps what is its own: $XDG_DATA_HOME/gvpie.
func dataFolder(getenv func(string) string) (string, error) {
	if d := getenv("XDG_DATA_HOME"); filepath.IsAbs(d) { // others are to be ignored, says the standard
		return filepath.Join(d, "gvpie"), nil
	}
	home := getenv("HOME")
	if runtime.GOOS == "windows" {
		home = getenv("USERPROFILE")
	}
	if home == "" {
		return "", errors.New("neither XDG_DATA_HOME nor a home folder is set")
	}
	return filepath.Join(home, ".local", "share", "gvpie"), nil
}

// writable tries whether files can be made in a folder, or, if it is not there
// yet, in the nearest folder above it that is.
func writable(dir string) error {
	for {
		_, err := os.Stat(dir)
		if up := filepath.Dir(dir); errors.Is(err, os.ErrNotExist) && up != dir {
			dir = up
			continue
		}
		f, err := os.CreateTemp(dir, ".gvpie-*")
		if err != nil {
			return err
		}
		return errors.Join(f.Close(), os.Remove(f.Name()))
	}
}

func lookAtFonts() finding {
	f := finding{what: "fonts"}
	for _, face := range assets.Fonts() {
		if len(face.Data) == 0 {
			f.verdict, f.cure = broken, "build gvpie anew, from a complete checkout"
		}
		f.text += face.Name + " "
	}
	f.text = strings.TrimSpace(f.text) + ", embedded"
	return f
}
