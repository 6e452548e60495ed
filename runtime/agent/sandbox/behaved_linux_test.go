//go:build amd64 || arm64

package sandbox

import (
	"os"
	"testing"
)

func TestBehavedScriptsWork(t *testing.T) {
	confinable(t)
	const work = `
import asyncio, concurrent.futures, datetime, decimal, errno, hashlib, json, math, os, random, re, subprocess, sys, tempfile, threading, time, zlib
print(json.dumps({"pi": round(math.pi, 4), "text": "grüße ✓"}, ensure_ascii=False))
with open("notes.txt", "w") as f: f.write("kept\n")
os.mkdir("folder")
try: os.rename("notes.txt", "folder/notes.txt")
except OSError as err: # the first Landlock knows no renaming between folders
    if err.errno != errno.EXDEV: raise
    open("folder/notes.txt", "w").write(open("notes.txt").read())
print(open("folder/notes.txt").read(), end="")
print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True).stdout, end="")
async def one(): await asyncio.sleep(0); return 1
print(asyncio.run(one()))
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(sum(pool.map(abs, range(-9, 0))))
with tempfile.TemporaryFile() as f: f.write(b"x")
child = os.fork()
if child == 0: os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(len(os.urandom(4)), hashlib.sha256(b"").hexdigest()[:8], os.path.realpath(os.environ["HOME"]) == os.getcwd())
print("warned", file=sys.stderr)
`
	for _, way := range ways(t) {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			dir := scratch(t)
			res, err := runIn(t, dir, Spec{Code: work, Wall: patience, without: way.without})
			if err != nil {
				t.Fatal(err)
			}
			want := "{\"pi\": 3.1416, \"text\": \"grüße ✓\"}\nkept\n42\n1\n45\n3\n4 e3b0c442 True\n"
			if res.Stdout != want || res.Stderr != "warned\n" || res.ExitCode != 0 || res.Signal != "" || res.TimedOut || res.Truncated || res.Stopped != "" {
				t.Errorf("%+v", res)
			}
			if text, err := os.ReadFile(dir + "/folder/notes.txt"); err != nil || string(text) != "kept\n" {
				t.Errorf("the folder's file says %q, %v", text, err)
			}
		})
	}
}

func TestFailuresAreToldWithTheirPlace(t *testing.T) {
	confinable(t)
	for _, c := range []struct {
		name, code, stderr string
		exit               int
		signal             string
	}{
		{"exception", "x = 1\n\ndef f():\n    return x / 0\nf()\n", "script.py\", line 4, in f", 1, ""},
		{"syntax error", "x = 1\ny = (\n", "script.py\", line 2", 1, ""},
		{"exit code", "raise SystemExit(3)", "", 3, ""},
		{"exit message", "import sys; sys.exit('no more')", "no more", 1, ""},
		{"signal to itself", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "", -1, "SIGKILL"},
		{"abort", "import os; os.abort()", "", -1, "SIGABRT"},
		{"not UTF-8", "import os; os.write(2, b'\\xff!')", "\uFFFD!", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res, err := Run(t.Context(), Spec{Code: c.code, Wall: patience})
			if err != nil {
				t.Fatal(err)
			}
			contains(t, res.Stderr, c.stderr)
			if res.ExitCode != c.exit || res.Signal != c.signal {
				t.Errorf("%+v", res)
			}
		})
	}
}
