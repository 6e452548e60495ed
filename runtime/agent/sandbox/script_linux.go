//go:build amd64 || arm64

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refusedStatus ends a script's process that never became Python.
const refusedStatus = 125

// becomeScript gives up every right and becomes Python. Rights belong to a
// thread; the one that is locked here is the one that execve keeps. The order is
// the point: each step still needs what a later one takes away.
func becomeScript() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1) // no new heap once memory is limited
	out := os.NewFile(reportFile, "report")
	say := json.NewEncoder(out)
	end := func(m message) {
		say.Encode(m)
		os.Exit(refusedStatus)
	}
	var p plan
	if err := json.NewDecoder(os.NewFile(planFile, "plan")).Decode(&p); err != nil {
		end(message{Failed: fmt.Sprintf("read the plan: %v", err)})
	}
	layers, missing, err := confine(p)
	switch {
	case err != nil:
		end(message{Failed: err.Error()})
	case len(missing) > 0 && !p.AllowUnconfined:
		end(message{Refused: strings.Join(missing, "; ")})
	}
	argv, errArgs := syscall.SlicePtrFromStrings(p.Python.arguments(p.Script))
	envv, errEnv := syscall.SlicePtrFromStrings(environment(p.Scratch))
	exe, errExe := syscall.BytePtrFromString(p.Python.Exe)
	if err := errors.Join(errArgs, errEnv, errExe); err != nil {
		end(message{Failed: err.Error()})
	}
	say.Encode(message{Confined: layers})
	// Last, because this process has more address space reserved than Python may
	// have; and nothing between it and execve allocates.
	err = p.Limits.setMemory()
	if err == nil {
		err = execve(exe, argv, envv)
	}
	end(message{Failed: fmt.Sprintf("start %s: %v", p.Python.Exe, err)})
}

// confine answers the layers that hold and, in sentences, the required ones that
// don't.
func confine(p plan) (layers, missing []string, err error) {
	confined := func(layer string) { layers = append(layers, layer) }
	if p.Namespaces {
		confined("namespaces")
	}
	// When memory runs out in the whole system, the script goes first.
	// Where /proc is read-only it takes its chance; that holds nothing back.
	os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	if err := closeOnExecAll(); err != nil {
		return nil, nil, fmt.Errorf("keep this program's files from the script: %w", err)
	}
	beside := tasksBeside(p)
	errRoot := errors.New("namespaces are refused")
	if p.Namespaces {
		errRoot = unless(p.Without.OwnRoot, func() error { return enterRoot(p) })
	}
	ownRoot := errRoot == nil
	if ownRoot {
		confined("own root folder")
	}
	if err := os.Chdir(p.Scratch); err != nil {
		return nil, nil, fmt.Errorf("enter the scratch folder: %w", err)
	}
	dropBounding()
	if p.OtherUser {
		if err := becomeNobody(); err != nil {
			return nil, nil, err
		}
		confined("another user")
	}
	if err := dropCapabilities(); err != nil {
		return nil, nil, err
	}
	confined("no capabilities")
	if err := unix.Access(p.Script, unix.R_OK); err != nil {
		return nil, nil, fmt.Errorf("the scratch folder %s is out of reach for the script's user; use one under a folder that all may enter: %w", p.Scratch, err)
	}
	// After the change of user, which clears it.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return nil, nil, fmt.Errorf("die with the launcher: %w", err)
	}
	if parent := os.Getppid(); parent != p.Launcher {
		return nil, nil, fmt.Errorf("the launcher is gone")
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return nil, nil, fmt.Errorf("forbid new privileges: %w", err)
	}
	confined("no new privileges")
	if err := p.Limits.set(beside); err == nil {
		confined("rlimits")
	} else {
		missing = append(missing, err.Error())
	}
	var rules landlock
	err = unless(p.Without.Landlock, func() (err error) { rules, err = restrictFiles(p); return err })
	switch {
	case err == nil:
		confined(fmt.Sprintf("Landlock %d", rules.abi))
	case !ownRoot:
		missing = append(missing, fmt.Sprintf("files can be held neither by Landlock (%v; it needs Linux 5.13 with landlock among its security modules) nor by a root folder of the script's own (%v)", err, errRoot))
	}
	filter := filterOptions{
		keepMetadata: !ownRoot, keepSizes: !ownRoot && !rules.sizes, keepSignals: !p.Namespaces && !rules.signals,
	}
	if err := unless(p.Without.Seccomp, func() error { return filterCalls(filter) }); err == nil {
		confined("seccomp")
	} else {
		missing = append(missing, fmt.Sprintf("system calls can't be filtered by seccomp: %v", err))
	}
	return layers, missing, nil
}

func unless(without bool, do func() error) error {
	if without {
		return errors.ErrUnsupported
	}
	return do()
}

// closeOnExecAll marks every file but the standard three. It closes none: the Go
// runtime's own are among them.
func closeOnExecAll() error {
	if unix.CloseRange(3, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return nil
	}
	// Before Linux 5.11.
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, e := range open {
		var fd int
		if _, err := fmt.Sscan(e.Name(), &fd); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}

// becomeNobody changes the user of all threads: dumpable no more, so not even
// the script itself can be traced until it is Python.
func becomeNobody() error {
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("leave the groups: %w", err)
	}
	if err := syscall.Setresgid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("become another group: %w", err)
	}
	if err := syscall.Setresuid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("become another user: %w", err)
	}
	return nil
}

// dropBounding takes from execve what it could give. Where it is not ours to
// take, the user has no privileges, and gets none under no_new_privs.
func dropBounding() {
	for c := uintptr(0); unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0) == nil; c++ {
	}
}

func dropCapabilities() error {
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil && err != unix.EINVAL {
		return fmt.Errorf("drop ambient capabilities: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return nil
}

func execve(exe *byte, argv, envv []*byte) error {
	_, _, errno := unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(exe)),
		uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&envv[0])))
	return errno
}
