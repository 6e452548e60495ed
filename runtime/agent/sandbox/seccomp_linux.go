//go:build amd64 || arm64

package sandbox

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The filter refuses what a computing script has no use for: every call that
// reaches beyond its own processes and files, and every one that later kernels
// add. A list of what is allowed would be shorter to trust, but breaks with each
// version of Python and of the C library; here the other layers stand behind it.

type filterOptions struct {
	keepMetadata bool // nothing else keeps it from modes, owners and times of the user's files
	keepSizes    bool // nothing else keeps it from cutting them off
	keepSignals  bool // nothing else keeps signals from the user's processes
}

var refusedCalls = []uint32{
	// Network. socketpair is allowed for streams, which lead nowhere else.
	unix.SYS_SOCKET, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
	// Other processes.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PROCESS_MADVISE,
	unix.SYS_PROCESS_MRELEASE, unix.SYS_KCMP, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL,
	unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET, unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETATTR,
	unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES,
	// The way out of the process group, by which all of a script is killed.
	unix.SYS_SETSID, unix.SYS_SETPGID,
	// What outlives a process: keys, System V and POSIX objects, memory without a name.
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_SHMCTL, unix.SYS_SEMGET, unix.SYS_SEMOP, unix.SYS_SEMCTL, unix.SYS_SEMTIMEDOP,
	unix.SYS_MSGGET, unix.SYS_MSGSND, unix.SYS_MSGRCV, unix.SYS_MSGCTL, unix.SYS_MQ_OPEN, unix.SYS_MQ_UNLINK,
	unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET,
	// Namespaces and mounts.
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_OPEN_TREE, unix.SYS_OPEN_TREE_ATTR, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG,
	unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR, unix.SYS_STATMOUNT, unix.SYS_LISTMOUNT, unix.SYS_LISTNS,
	// Files by other ways than their path, and what happens to others' files.
	unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_FANOTIFY_INIT, unix.SYS_FANOTIFY_MARK,
	unix.SYS_INOTIFY_INIT1, unix.SYS_INOTIFY_ADD_WATCH,
	// Wide doors into the kernel.
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_SECCOMP, unix.SYS_PERSONALITY,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER, unix.SYS_LSM_SET_SELF_ATTR,
	// Administration.
	unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_QUOTACTL_FD,
	unix.SYS_SYSLOG, unix.SYS_VHANGUP, unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME,
	unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX,
}

// metadataCalls change a file's mode, owner, times and attributes: Landlock does
// not govern them.
var metadataCalls = []uint32{
	unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT, unix.SYS_UTIMENSAT,
	unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR, unix.SYS_SETXATTRAT,
	unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR, unix.SYS_FREMOVEXATTR, unix.SYS_REMOVEXATTRAT, unix.SYS_FILE_SETATTR,
}

var signalCalls = []uint32{
	unix.SYS_KILL, unix.SYS_TKILL, unix.SYS_TGKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO,
}

// modeArguments says which argument of a call is a file's mode.
var modeArguments = []argument{
	{unix.SYS_OPENAT, 3}, {unix.SYS_FCHMOD, 1}, {unix.SYS_FCHMODAT, 2}, {unix.SYS_FCHMODAT2, 2}, {unix.SYS_MKNODAT, 2},
}

// openFlags says which argument of a call says how a file is opened.
var openFlags = []argument{{unix.SYS_OPENAT, 2}}

// argument is the nth, from 0, of a call.
type argument struct{ call, n uint32 }

const (
	// newestCall is the last one known here; the numbers are the same on both
	// architectures from 424 on.
	newestCall = unix.SYS_RSEQ_SLICE_YIELD
	// x32Call marks, on x86-64, calls by the x32 numbering, which the list does not know.
	x32Call = 0x40000000

	newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
		unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP
)

// program is a classic BPF program over struct seccomp_data.
type program []unix.SockFilter

// Offsets in struct seccomp_data; both architectures are little-endian, and of a
// 64-bit argument the filter needs the low half, or refuses a set high half.
const (
	dataCall = 0
	dataArch = 4
	dataArgs = 16
)

const (
	load    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	ifEqual = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	ifLess  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K // its false branch
	ifAnyOf = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	mask    = unix.BPF_ALU | unix.BPF_AND | unix.BPF_K
	answer  = unix.BPF_RET | unix.BPF_K
)

const (
	allowed = unix.SECCOMP_RET_ALLOW
	refused = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	unknown = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	deadly  = unix.SECCOMP_RET_KILL_PROCESS
)

func (p *program) add(code uint16, k uint32, yes, no uint8) {
	*p = append(*p, unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k})
}

func (p *program) call() { p.add(load, dataCall, 0, 0) }

func (p *program) argument(n uint32) { p.add(load, dataArgs+8*n, 0, 0) }

// refuse answers result if what was loaded last equals k.
func (p *program) refuse(k, result uint32) {
	p.add(ifEqual, k, 0, 1)
	p.add(answer, result, 0, 0)
}

// when guards the instructions that body adds, at most 255, by the call's
// number; they may load what they like.
func (p *program) when(call uint32, body func(*program)) {
	var b program
	body(&b)
	p.add(ifEqual, call, 0, uint8(len(b)+1))
	*p = append(*p, b...)
	p.call()
}

func filterProgram(o filterOptions) program {
	var p program
	p.add(load, dataArch, 0, 0)
	p.add(ifEqual, auditArch, 1, 0)
	p.add(answer, deadly, 0, 0)
	p.call()
	p.add(ifLess, x32Call, 0, 1)
	p.add(answer, deadly, 0, 0)
	p.add(ifLess, newestCall+1, 0, 1)
	p.add(answer, unknown, 0, 0)

	calls := slices.Concat(refusedCalls, refusedCallsHere)
	if o.keepMetadata {
		calls = slices.Concat(calls, metadataCalls, metadataCallsHere)
	}
	if o.keepSignals {
		calls = append(calls, signalCalls...)
	}
	for _, call := range calls {
		p.refuse(call, refused)
	}
	if o.keepSizes {
		// Of a file open for writing, in the scratch folder then, ftruncate changes
		// the size; open cuts a file off even for reading.
		p.refuse(unix.SYS_TRUNCATE, refused)
		for _, flags := range slices.Concat(openFlags, openFlagsHere) {
			p.when(flags.call, func(p *program) {
				p.argument(flags.n)
				p.add(mask, unix.O_TRUNC|unix.O_ACCMODE, 0, 0)
				p.refuse(unix.O_TRUNC|unix.O_RDONLY, refused)
			})
		}
	}
	// The filter can't look at a struct; without clone3 the C library uses clone.
	p.refuse(unix.SYS_CLONE3, unknown)
	p.when(unix.SYS_CLONE, func(p *program) {
		p.argument(0)
		p.add(ifAnyOf, newNamespaces, 0, 1)
		p.add(answer, refused, 0, 0)
	})
	p.when(unix.SYS_SOCKETPAIR, func(p *program) {
		p.argument(0)
		p.add(ifEqual, unix.AF_UNIX, 1, 0)
		p.add(answer, refused, 0, 0)
		p.argument(1)
		p.add(mask, 0xF, 0, 0)
		p.add(ifEqual, unix.SOCK_STREAM, 1, 0)
		p.add(answer, refused, 0, 0)
	})
	// Programs that make whoever runs them the script's user: files are made and
	// changed by these calls only.
	p.refuse(unix.SYS_OPENAT2, unknown) // a struct again
	for _, mode := range slices.Concat(modeArguments, modeArgumentsHere) {
		p.when(mode.call, func(p *program) {
			p.argument(mode.n)
			p.add(ifAnyOf, unix.S_ISUID|unix.S_ISGID, 0, 1)
			p.add(answer, refused, 0, 0)
		})
	}
	// A process that is not dumpable would hide its open files from Run.
	p.when(unix.SYS_PRCTL, func(p *program) {
		p.argument(0)
		p.refuse(unix.PR_SET_DUMPABLE, refused)
	})
	// Another process's limits.
	p.when(unix.SYS_PRLIMIT64, func(p *program) {
		p.argument(0)
		p.add(ifEqual, 0, 1, 0)
		p.add(answer, refused, 0, 0)
	})
	// Input and output that send a signal of one's choice to a process of one's choice.
	p.when(unix.SYS_FCNTL, func(p *program) {
		p.argument(1)
		for _, command := range []uint32{unix.F_SETOWN, unix.F_SETOWN_EX, unix.F_SETSIG} {
			p.refuse(command, refused)
		}
	})
	// The same, and typing into a terminal.
	p.when(unix.SYS_IOCTL, func(p *program) {
		p.argument(1)
		for _, request := range []uint32{fioSetOwn, siocSetGroup, unix.TIOCSTI, unix.TIOCLINUX} {
			p.refuse(request, refused)
		}
	})
	p.add(answer, allowed, 0, 0)
	return p
}

const (
	fioSetOwn    = 0x8901
	siocSetGroup = 0x8902
)

// filterCalls puts the filter on this thread and all that come of it. It needs
// no_new_privs.
func filterCalls(o filterOptions) error {
	p := filterProgram(o)
	filter := &unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(filter)), 0, 0)
}
