package sandbox

import (
	"os"
	"os/exec"
)

// Windows has no process groups that could be killed as one; the script's own
// process is killed at its limit.

func ownGroup(*exec.Cmd) {}

func killGroup(*exec.Cmd) {}

func signalOf(*os.ProcessState) string { return "" }

// systemEnvironment adds what no Python on Windows starts without.
func systemEnvironment(scratch string) []string {
	return append(environment(scratch), "SYSTEMROOT="+os.Getenv("SYSTEMROOT"), "USERPROFILE="+scratch, "TEMP="+scratch)
}
