// Package sandbox runs a Python script that nobody has vouched for, so that it
// can compute, print and use one scratch folder, and nothing else: it reads no
// file of the user, reaches no network and no other process, takes no more than
// its share, and is gone, with all it started, when Run returns.
//
// On Linux three processes stand in a row, and the program is its own helper:
//
//	Run        in this program: hands over the plan, reads the capped output,
//	           watches the clock, the memory in use and the scratch folder
//	launcher   this executable again (Child), in namespaces of its own where the
//	           system allows: starts the script, adopts whatever it leaves
//	           behind, kills all of it, and dies with Run's process
//	script     this executable a third time, which gives up every right, one
//	           layer after the other, and then becomes python3 by execve
//
// The layers, none of which is trusted alone:
//
//   - rlimits: processor time, memory, file size, open files, processes
//   - files: a Landlock ruleset, or a root folder of its own (mount namespace)
//     that holds only the Python installation, or both
//   - seccomp: no sockets, no tracing, no way out of the process group, nothing
//     that administers the system
//   - namespaces for processes, network, IPC and mounts; another user when this
//     program runs as root; no new privileges; no capabilities
//
// Without the first three a script is refused (ErrCannotConfine) unless the
// caller insists. Result.Confined names the layers that held.
//
// What it cannot hide on a kernel with neither user namespaces nor root: that a
// file exists, and its size and times, because Landlock does not govern stat(2).
//
// Start with Run in sandbox.go, then run_linux.go, launcher_linux.go and
// script_linux.go in the order in which the processes start.
package sandbox
