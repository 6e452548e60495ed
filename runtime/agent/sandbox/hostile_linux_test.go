//go:build amd64 || arm64

package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const secret = "the-user's-secret"

// hostile is one attempt. Its code has these to aim at: HOME, a folder of the
// user's with the file HOME/private, which holds the secret; USER and TESTER,
// processes of the user's; and tries, which prints how an attempt ended:
// "refused", or "BREACH" when it worked.
var hostile = []struct {
	name  string
	code  string
	spec  Spec
	check func(*testing.T, Result)
	once  bool // no layer but rlimits and Run itself has a part in it
}{
	{name: "read the user's files", code: `
for path in [HOME + "/private", "/etc/shadow", "/etc/passwd", "/etc/hosts", "/proc/1/environ", "/root/.bashrc", "/var/log/dpkg.log",
             "/proc/self/environ", "/proc/%d/environ" % os.getppid(), "/proc/%d/environ" % TESTER, "/proc/%d/mem" % TESTER,
             "/proc/%d/environ" % USER, "/proc/%d/mem" % os.getppid(), "/proc/cpuinfo", "/sys/kernel/uevent_seqnum", "/dev/mem", "/dev/kmsg", "/dev/tty"]:
    tries(lambda: open(path, "rb").read(1))
`},
	{name: "list the user's folders", code: `
for path in [HOME, "/", "/home", "/root", "/tmp", "/proc", "/etc", "/dev", "/var", ".."]:
    tries(lambda: len([f for f in os.listdir(path) if not known(path, f)]) or refuse())
`},
	{name: "write outside its folder", code: `
for path in [HOME + "/new", HOME + "/private", "/tmp/sandbox-breach", "/dev/shm/sandbox-breach", "/var/tmp/sandbox-breach", "../sandbox-breach", "/sandbox-breach",
             "/usr/lib/sandbox-breach", os.path.dirname(os.__file__) + "/sandbox-breach", "/run/sandbox-breach", "/proc/self/oom_score_adj"]:
    tries(lambda: open(path, "w").write("x"))
    tries(lambda: open(path, "a").write("x"))
tries(lambda: os.mkdir(HOME + "/folder"))
tries(lambda: os.remove(HOME + "/private"))
tries(lambda: os.rename(HOME + "/private", "mine"))
tries(lambda: os.rename(HOME + "/private", HOME + "/other"))
tries(lambda: os.link(HOME + "/private", "mine"))
tries(lambda: os.truncate(HOME + "/private", 0))
tries(lambda: os.rmdir(HOME))
tries(lambda: os.open(HOME + "/private", os.O_RDONLY | os.O_TRUNC))
for path in (os.__file__, sys.executable): # open to it for reading
    tries(lambda: os.open(path, os.O_RDONLY | os.O_TRUNC) if os.access(path, os.W_OK) else refuse())
`},
	{name: "change modes and times of the user's files", code: `
tries(lambda: os.chmod(HOME + "/private", 0o777))
tries(lambda: os.chmod(HOME, 0o000))
tries(lambda: os.chown(HOME + "/private", os.getuid(), os.getgid()))
tries(lambda: os.utime(HOME + "/private", (0, 0)))
tries(lambda: os.setxattr(HOME + "/private", "user.breach", b"x"))
f = open(os.__file__)
tries(lambda: os.chmod(f.fileno(), 0o777))
tries(lambda: os.utime(f.fileno(), (0, 0)))
`},
	{name: "link out of its folder", code: `
os.symlink(HOME + "/private", "file")
os.symlink(HOME, "folder")
os.symlink("/", "root")
tries(lambda: open("file").read())
tries(lambda: open("file", "w").write("x"))
tries(lambda: open("folder/private").read())
tries(lambda: open("folder/new", "w"))
tries(lambda: open("root/etc/passwd").read())
tries(lambda: len([f for f in os.listdir("root/tmp") if not known("/tmp", f)]) or refuse())
`},
	{name: "open sockets", code: `
import socket
for family in range(46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        tries(lambda: socket.socket(family, kind))
tries(lambda: socket.create_connection(("127.0.0.1", 8081), 1))
tries(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
tries(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
a, b = socket.socketpair()
tries(lambda: a.connect("/run/systemd/journal/socket"))
tries(lambda: a.bind("here"))
`},
	{name: "fork without end", spec: Spec{Wall: time.Second}, code: `
while True:
    try: os.fork()
    except OSError: pass
`, check: func(t *testing.T, res Result) {
		if !res.TimedOut && res.Stopped == "" {
			t.Errorf("not killed at a limit: %+v", res)
		}
	}},
	{name: "fork many", spec: Spec{Processes: 8}, code: `
n = 0
try:
    while n < 3000:
        if os.fork() == 0: signal.pause()
        n += 1
except OSError as err:
    print(n, err.strerror)
`, check: func(t *testing.T, res Result) {
		// Where the kernel counts by user, what else the user runs (other tests do,
		// beside this one) is allowed on top of the eight.
		n, _ := strconv.Atoi(strings.Fields(res.Stdout + " 3000")[0])
		if limit := 1000; n > limit {
			t.Errorf("%d processes, more than %d", n, limit)
		}
	}},
	{name: "start many threads", once: true, spec: Spec{Processes: 8}, code: `
import threading
n, done = 0, threading.Event()
try:
    while n < 3000:
        threading.Thread(target=done.wait).start()
        n += 1
except RuntimeError as err:
    print("refused:", err, flush=True)
os._exit(0)
`, check: func(t *testing.T, res Result) { contains(t, res.Stdout, "refused: can't start new thread") }},
	{name: "eat memory", once: true, code: `bytearray(4 << 30)`, check: func(t *testing.T, res Result) {
		contains(t, res.Stderr, "MemoryError")
		exits(t, res, 1)
	}},
	{name: "eat memory in many processes", spec: Spec{Memory: 128 << 20}, code: `
for _ in range(6):
    if os.fork() == 0: break
hoard = bytearray(40 << 20)
for i in range(0, len(hoard), 4096): hoard[i] = 1
signal.pause()
`, check: func(t *testing.T, res Result) { contains(t, res.Stopped, "memory") }},
	{name: "write a giant file", once: true, spec: Spec{FileSize: 1 << 20}, code: `
try:
    with open("giant", "wb") as f:
        while True: f.write(b"x" * 65536)
except OSError as err:
    print(err.strerror, os.path.getsize("giant"))
`, check: func(t *testing.T, res Result) { contains(t, res.Stdout, "File too large 1048576") }},
	{name: "fill the disk with files", once: true, spec: Spec{FileSize: 8 << 20}, code: `
for i in range(100_000):
    with open("f%d" % i, "wb") as f: f.write(b"x" * (1 << 20))
`, check: func(t *testing.T, res Result) { contains(t, res.Stopped, "the script's folder grew to") }},
	{name: "fill the disk with empty files", once: true, code: `
i = 0
while True:
    i += 1
    open("f%d" % i, "w").close()
`, check: func(t *testing.T, res Result) { contains(t, res.Stopped, "more than 2000 files") }},
	{name: "fill the disk with files that have no name", once: true, spec: Spec{FileSize: 8 << 20}, code: `
files = []
for i in range(100):
    files.append(open("f", "wb")); os.remove("f")
    for _ in range(16): files[-1].write(b"x" * (1 << 18))
    files[-1].flush()
signal.pause()
`, check: func(t *testing.T, res Result) { contains(t, res.Stopped, "the script's folder grew to") }},
	{name: "open thousands of files", once: true, code: `
files = []
try:
    for _ in range(5000): files.append(open("/dev/null"))
except OSError as err:
    print(err.strerror, len(files))
`, check: func(t *testing.T, res Result) { contains(t, res.Stdout, "Too many open files 12") }},
	{name: "flood its output", once: true, spec: Spec{Wall: 5 * time.Second, OutputCap: 1000}, code: `
while True:
    os.write(1, b"o" * 65536)
    os.write(2, b"e" * 65536)
`, check: func(t *testing.T, res Result) {
		if !res.TimedOut || !res.Truncated || res.Stdout != strings.Repeat("o", 1000) || res.Stderr != strings.Repeat("e", 1000) {
			t.Errorf("timed out %v, truncated %v, kept %d and %d bytes", res.TimedOut, res.Truncated, len(res.Stdout), len(res.Stderr))
		}
	}},
	{name: "ignore signals and outlive its limit", spec: Spec{Wall: 5 * time.Second}, code: `
for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(s, signal.SIG_IGN)
print("here", flush=True)
while True: signal.pause()
`, check: func(t *testing.T, res Result) {
		if !res.TimedOut || res.Signal != "SIGKILL" || res.Stdout != "here\n" {
			t.Errorf("%+v", res)
		}
	}},
	{name: "stop itself", spec: Spec{Wall: time.Second}, code: `
if os.fork() == 0: os.kill(os.getpid(), signal.SIGSTOP)
signal.pause()
`},
	{name: "leave descendants behind", code: daemonize + `
os._exit(7)
`, check: func(t *testing.T, res Result) { exits(t, res, 7) }},
	{name: "outlive its limit in descendants", spec: Spec{Wall: time.Second}, code: daemonize + `
while True: signal.pause()
`, check: func(t *testing.T, res Result) {
		if !res.TimedOut {
			t.Errorf("%+v", res)
		}
	}},
	{name: "leave programs behind", code: `
import subprocess
for _ in range(4):
    subprocess.Popen([sys.executable, "-c", "import signal\nwhile True: signal.pause()  # " + os.getcwd()])
tries(lambda: subprocess.Popen([sys.executable, "-c", ""], start_new_session=True))
tries(lambda: subprocess.Popen([sys.executable, "-c", ""], process_group=0) if sys.version_info >= (3, 11) else refuse())
`},
	{name: "signal other processes", code: `
for pid in (USER, TESTER, os.getppid()):
    for s in (0, signal.SIGTERM, signal.SIGKILL):
        if pid != 1: tries(lambda: os.kill(pid, s))
for s in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP): # in a namespace its first process is immune
    try: os.kill(os.getppid(), s)
    except OSError: pass
tries(lambda: os.kill(1, signal.SIGKILL) if os.getppid() != 1 else refuse())
tries(lambda: os.pidfd_open(os.getppid()))
tries(lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19))
tries(lambda: os.sched_setaffinity(os.getppid(), {0}))
import resource
tries(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1)))
import fcntl
r, w = os.pipe()
tries(lambda: fcntl.fcntl(r, fcntl.F_SETOWN, USER))
tries(lambda: fcntl.fcntl(r, 10, signal.SIGKILL))
print("alive")
`, check: func(t *testing.T, res Result) { contains(t, res.Stdout, "alive") }},
	{name: "run other programs", code: `
import subprocess
for path in ["/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd", "/usr/bin/sudo", "/bin/sh", "/bin/cat", "/usr/bin/env"]:
    tries(lambda: subprocess.run([path, "--help"]))
    tries(lambda: os.execv(path, [path]))
import glob
for loader in glob.glob("/lib64/ld-linux*") + glob.glob("/lib/ld-linux*"):
    tries(lambda: subprocess.run([loader, "/bin/cat", HOME + "/private"]).returncode and refuse())
with open("program", "w") as f: f.write("#!" + sys.executable + "\nprint('BREACH')\n")
tries(lambda: os.chmod("program", 0o4755))
tries(lambda: os.chmod("program", 0o2755))
tries(lambda: os.open("setuid", os.O_CREAT | os.O_WRONLY, 0o4755))
tries(lambda: os.mknod("setuid", 0o104755))
if "Landlock" in LAYERS: tries(lambda: subprocess.run([os.getcwd() + "/program"]))
`},
	{name: "call the kernel directly", code: `
import ctypes, errno, platform
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == "x86_64"
calls = {"ptrace": (101, 117), "process_vm_readv": (310, 270), "mount": (165, 40), "keyctl": (250, 219), "bpf": (321, 280),
         "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "unshare": (272, 97), "setns": (308, 268), "perf_event_open": (298, 241),
         "kexec_load": (246, 104), "pidfd_getfd": (438, 438), "memfd_create": (319, 279), "shmget": (29, 194), "mq_open": (240, 180),
         "setsid": (112, 157), "setpgid": (109, 154), "open_by_handle_at": (304, 265), "socket": (41, 198), "chroot": (161, 51),
         "init_module": (175, 105), "reboot": (169, 142), "seccomp": (317, 277), "inotify_init1": (294, 26), "fsopen": (430, 430)}
for name, numbers in calls.items():
    ctypes.set_errno(0)
    got = libc.syscall(numbers[0 if x86 else 1], 0, 0, 0, 0, 0, 0)
    print("refused" if (got, ctypes.get_errno()) == (-1, errno.EPERM) else "BREACH", name, got, ctypes.get_errno())
for name, number in {"clone3": 435, "one that is not yet there": 600}.items():
    got = libc.syscall(number, 0, 0, 0, 0, 0, 0)
    print("refused" if (got, ctypes.get_errno()) == (-1, errno.ENOSYS) else "BREACH", name, got, ctypes.get_errno())
for flag in (0x10000000, 0x20000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000, 0x02000000):
    got = libc.syscall(56 if x86 else 220, flag | signal.SIGCHLD, 0, 0, 0, 0)
    if got == 0: os._exit(0)
    print("refused" if (got, ctypes.get_errno()) == (-1, errno.EPERM) else "BREACH", "clone", hex(flag), got, ctypes.get_errno())
tries(lambda: libc.ptrace(16, os.getppid(), 0, 0) and refuse())
`},
	{name: "spin", once: true, spec: Spec{CPU: 1}, code: `
while True: pass
`, check: func(t *testing.T, res Result) {
		if res.Signal != "SIGXCPU" || res.ExitCode != -1 {
			t.Errorf("%+v", res)
		}
	}},
	{name: "spin and ignore the warning", once: true, spec: Spec{CPU: 1}, code: `
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
while True: pass
`, check: func(t *testing.T, res Result) {
		if res.Signal != "SIGKILL" || res.TimedOut {
			t.Errorf("%+v", res)
		}
	}},
	{name: "raise its limits", once: true, code: `
import resource
for name in ("CPU", "AS", "FSIZE", "NOFILE", "NPROC", "CORE", "MEMLOCK"):
    limit = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(limit)
    tries(lambda: resource.setrlimit(limit, (hard + 1, hard + 1)))
    if hard < 0: print("BREACH", name)
tries(lambda: os.nice(-5))
`},
	{name: "look for files, environment and rights left to it", code: `
import errno
for fd in range(3, 256):
    try:
        os.fstat(fd)
        print("BREACH: file", fd)
    except OSError: pass
print("refused" if set(os.environ) <= {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "LC_CTYPE"} else "BREACH", sorted(os.environ))
tries(lambda: os.setuid(0) or os.getuid() and refuse())
tries(lambda: os.setgroups([0]))
tries(lambda: os.isatty(0) or refuse())
print("refused" if sys.stdin.read() == "" else "BREACH")
`},
	{name: "spoil its folder", code: `
deep = ""
for i in range(200):
    os.mkdir("d"); os.chdir("d")
os.chdir(os.environ["HOME"])
try:
    os.chmod("d/d", 0)
    os.chmod(".", 0)
except PermissionError: pass
os.remove("script.py") if os.access("script.py", os.R_OK) else None
`, check: func(t *testing.T, res Result) {
		if res.ExitCode != 0 && res.Stopped == "" {
			t.Errorf("%+v", res)
		}
	}},
	{name: "hide its folder", code: `
os.mkdir("hidden", 0o300)
try: os.chmod("hidden", 0o300)
except PermissionError: pass
open("hidden/file", "w")
import time
end = time.monotonic() + 1
while time.monotonic() < end: pass
`, check: func(t *testing.T, res Result) {
		if os.Getuid() != 0 { // root looks into any
			contains(t, res.Stopped, "can't be looked into")
		}
	}},
}

// daemonize leaves three generations behind, each trying to get out of reach.
const daemonize = `
for _ in range(3):
    if os.fork() == 0:
        tries(os.setsid)
        tries(lambda: os.setpgid(0, 0))
        if os.fork() > 0: os._exit(0)
        for s in (signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
        while True: signal.pause()
`

const prelude = `import os, signal, sys
HOME, USER, TESTER, LAYERS = %q, %d, %d, %q
def refuse(): raise PermissionError("refused")
def known(path, name): # what is in its own root
    at = os.path.normpath(os.path.join(os.getcwd(), path, name)) + "/"
    return at.startswith(("/usr/", "/lib", "/dev/", "/etc/")) or (os.getcwd() + "/").startswith(at)
def tries(what):
    try: got = what()
    except (OSError, ValueError) as err: print("refused:", err)
    else: print("BREACH:", got)
`

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q does not say %q", text, part)
	}
}

func exits(t *testing.T, res Result, code int) {
	t.Helper()
	if res.ExitCode != code || res.Signal != "" {
		t.Errorf("exit code %d, signal %q, want exit code %d", res.ExitCode, res.Signal, code)
	}
}

func TestHostileScriptsAreHeld(t *testing.T) {
	confinable(t)
	// A file of the program's that execve would hand on.
	inherited, err := unix.Dup(int(os.Stderr.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(inherited) })
	for i, way := range ways(t) {
		for _, h := range hostile {
			if h.once && i > 0 {
				continue
			}
			t.Run(way.name+"/"+h.name, func(t *testing.T) {
				t.Parallel()
				dir, home, v := scratch(t), scratch(t), startVictim(t)
				private := filepath.Join(home, "private")
				if err := os.WriteFile(private, []byte(secret), 0o666); err != nil {
					t.Fatal(err)
				}
				// Open to all, so that only the confinement keeps it.
				for path, mode := range map[string]os.FileMode{home: 0o777, private: 0o666} {
					if err := os.Chmod(path, mode); err != nil {
						t.Fatal(err)
					}
				}
				before := fingerprint(t, home)
				spec := h.spec
				spec.without = way.without
				landlock := "Landlock"
				if way.without.Landlock {
					landlock = ""
				}
				spec.Code = fmt.Sprintf(prelude, home, v.cmd.Process.Pid, os.Getpid(), landlock) + h.code
				res, err := runIn(t, dir, spec)
				if err != nil {
					t.Fatal(err)
				}
				for _, sign := range []string{"BREACH", secret} {
					if strings.Contains(res.Stdout+res.Stderr, sign) {
						t.Errorf("it got out:\n%s\n%s", res.Stdout, res.Stderr)
					}
				}
				if after := fingerprint(t, home); after != before {
					t.Errorf("the user's folder was\n%s\nand is\n%s", before, after)
				}
				if h.check != nil {
					h.check(t, res)
				} else if !res.TimedOut && res.ExitCode != 0 {
					t.Errorf("the attempt itself failed: %s %s", res.Signal, res.Stderr)
				}
				if !slices.Contains(res.Confined, "rlimits") || !slices.Contains(res.Confined, "seccomp") {
					t.Errorf("held by %v", res.Confined)
				}
				if t.Failed() {
					t.Logf("%+v", res)
				}
			})
		}
	}
}

// fingerprint is all that can be seen of a folder and what lies in it.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		text := []byte(nil)
		if info.Mode().IsRegular() {
			if text, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		fmt.Fprintln(&b, path, info.Mode(), info.ModTime().UnixNano(), string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
