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
// What is not held, and known:
//
//   - where namespaces are refused a script can learn that a file exists, its
//     size and its times: Landlock does not govern stat(2)
//   - memory in all and the scratch folder are measured ten times a second, so a
//     script can be over those limits for a moment; a removed file that is mapped
//     but no longer open is not measured, only its address space is
//   - the time a computation takes, and all else that the processor itself shares
//
// Start with Run in sandbox.go, then run_linux.go, launcher_linux.go and
// script_linux.go in the order in which the processes start.
package sandbox
