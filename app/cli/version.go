package cli

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"gvpie/app/ui/display"
)

var versionCommand = command{
	name: "version", summary: "Print the version of gvpie and of what it was built with",
	setup: func(*flag.FlagSet) func(*invocation) error {
		return func(c *invocation) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			c.printf("gvpie %s\n", version())
			return nil
		}
	},
}

// version names this build, and what it was built with.
func version() string {
	return fmt.Sprintf("%s (%s, %s/%s, %s)", buildName(), runtime.Version(), runtime.GOOS, runtime.GOARCH, toolkit())
}

// buildName names this build: its tag or commit as the Go tool recorded it.
func buildName() string {
	name := "of unknown version"
	if b, ok := debug.ReadBuildInfo(); ok {
		set := map[string]string{}
		for _, s := range b.Settings {
			set[s.Key] = s.Value
		}
		if name = strings.Trim(b.Main.Version, "()"); name == "" {
			name = "devel"
		}
		if rev := set["vcs.revision"]; rev != "" && !strings.Contains(name, rev[:min(12, len(rev))]) {
			name += " " + rev[:min(12, len(rev))]
		}
		if set["vcs.modified"] == "true" && !strings.HasSuffix(name, "+dirty") {
			name += ", modified"
		}
	}
	return name
}

// toolkit says whether the window's toolkit is the one that make builds.
func toolkit() string {
	if display.Mended {
		return "toolkit mended"
	}
	return "toolkit as it is published"
}
