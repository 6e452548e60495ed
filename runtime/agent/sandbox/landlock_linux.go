//go:build amd64 || arm64

package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Landlock (Linux 5.13, Documentation/userspace-api/landlock.rst): a thread gives
// up every file access that its ruleset handles and no rule allows. Each ABI
// handles more; what an old one does not handle is left to the other layers.

const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	readDir  = unix.LANDLOCK_ACCESS_FS_READ_DIR
	execute  = unix.LANDLOCK_ACCESS_FS_EXECUTE
	write    = unix.LANDLOCK_ACCESS_FS_WRITE_FILE

	// forFiles are the accesses that a rule for anything but a folder may name.
	forFiles = execute | write | readFile | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	// inScratch lets a script do with its folder what a program does with its own
	// files; no program is executed from it, and no device or socket made in it.
	inScratch = readFile | readDir | write | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_REFER |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_SYM |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR
)

// handledByABI are the accesses to files that each ABI brought.
var handledByABI = []uint64{
	1: execute | write | readFile | readDir | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM,
	2: unix.LANDLOCK_ACCESS_FS_REFER,
	3: unix.LANDLOCK_ACCESS_FS_TRUNCATE,
	5: unix.LANDLOCK_ACCESS_FS_IOCTL_DEV,
}

const (
	truncateABI = 3
	networkABI  = 4 // TCP connect and bind
	scopeABI    = 6 // signals and abstract sockets
)

type landlock struct {
	abi     int
	sizes   bool // of files that may not be written stay
	signals bool // stay within the script
}

// restrictFiles leaves this thread the accesses that python needs.
func restrictFiles(p plan) (landlock, error) {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return landlock{}, errno
	}
	abi := int(version)
	if p.Without.NewLandlock {
		abi = 1
	}
	var attr unix.LandlockRulesetAttr
	for since, accesses := range handledByABI {
		if since <= abi {
			attr.Handled_access_fs |= accesses
		}
	}
	if abi >= networkABI {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= scopeABI {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	// Fields beyond what the kernel knows are zero, and then it takes the struct.
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return landlock{}, fmt.Errorf("make a ruleset: %w", errno)
	}
	defer unix.Close(int(ruleset))
	allow := func(path string, accesses uint64) error {
		err := addRule(int(ruleset), path, accesses&attr.Handled_access_fs)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing to allow
		}
		return err
	}
	for _, at := range p.visible() {
		if err := allow(at.path, at.accesses); err != nil {
			return landlock{}, err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return landlock{}, fmt.Errorf("enter the ruleset: %w", errno)
	}
	return landlock{abi: abi, sizes: abi >= truncateABI, signals: abi >= scopeABI}, nil
}

func addRule(ruleset int, path string, accesses uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		return &os.PathError{Op: "stat", Path: path, Err: err}
	}
	if info.Mode&unix.S_IFMT != unix.S_IFDIR {
		accesses &= forFiles
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: accesses, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("a rule for %s: %w", path, errno)
	}
	return nil
}
