package cli

import (
	"database/sql"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// in runs a command on a data folder. What is said about a new database is left
// out.
func in(t *testing.T, data string, args ...string) ended {
	t.Helper()
	got := world{}.run(t, append(args, "--data", data)...)
	if line, rest, ok := strings.Cut(got.errout, "\n"); ok && strings.HasPrefix(line, "gvpie: A new database was made: ") {
		got.errout = rest
	}
	return got
}

func TestScriptsAreAddedListedAndSwitched(t *testing.T) {
	data := t.TempDir()
	inFolder(t, map[string]string{"a.pxl": "LOG hi\n", "b.pxl": "LOG ho\n", "bad.pxl": "TXTT\n", "c.py": "pass\n"})
	in(t, data, "script", "add", "a.pxl", "--purpose", "says hi").want(t, ended{out: "a is script 2\n"})
	in(t, data, "script", "add", "a.pxl").want(t, ended{out: "a (script 2) is as it was\n"})
	in(t, data, "script", "add", "b.pxl", "--name", "a").want(t, ended{out: "a (script 2) has new code\n"})
	in(t, data, "script", "add", "c.py").want(t, ended{out: "c is script 3\n"})
	got := in(t, data, "script", "add", "bad.pxl")
	if got.code != exitFailed || !strings.HasPrefix(got.errout, "bad.pxl:1:1: unknown opcode") {
		t.Errorf("a program with an error: %+v", got)
	}
	in(t, data, "script", "disable", "a").want(t, ended{out: "a is disabled\n"})
	in(t, data, "script", "enable", "nope").want(t, ended{code: exitFailed, errout: "gvpie: there is no script \"nope\"; gvpie script list shows them\n"})
	in(t, data, "script", "list").want(t, ended{out: "" +
		"ID  NAME       LANGUAGE  ENABLED  RUNS  SUCCEEDED  LAST RUN  PURPOSE\n" +
		"2   a          pixel     no       0     –          never     says hi\n" +
		"3   c          python    yes      0     –          never     \n" +
		"1   hello_gpu  pixel     yes      0     –          never     Test GPU pipeline with simple text rendering\n"})
	in(t, data, "script", "enable", "a").want(t, ended{out: "a is enabled\n"})
}

func TestScriptsAreShownEditedRenamedAndRemoved(t *testing.T) {
	data := t.TempDir()
	inFolder(t, map[string]string{"a.pxl": "LOG hi\n", "b.pxl": "LOG ho\n", "bad.pxl": "TXTT\n", "edit.sh": "printf 'LOG edited\\n' > \"$1\"\n"})
	in(t, data, "script", "add", "a.pxl").want(t, ended{out: "a is script 2\n"})
	in(t, data, "script", "show", "a").want(t, ended{out: "LOG hi\n"})
	in(t, data, "script", "edit", "a", "--file", "b.pxl").want(t, ended{out: "a (script 2) has new code\n"})
	in(t, data, "script", "edit", "a", "--file", "b.pxl").want(t, ended{out: "a (script 2) is as it was\n"})
	if got := in(t, data, "script", "edit", "a", "--file", "bad.pxl"); got.code != exitFailed || !strings.Contains(got.errout, "unknown opcode") {
		t.Errorf("a program with an error: %+v", got)
	}
	in(t, data, "script", "show", "a").want(t, ended{out: "LOG ho\n"})
	if got := in(t, data, "script", "edit", "a"); got.code != exitUsage || !strings.Contains(got.errout, "$EDITOR") {
		t.Errorf("without an editor: %+v", got)
	}
	w := world{env: map[string]string{"EDITOR": "sh edit.sh"}}
	w.run(t, "script", "edit", "a", "--data", data).want(t, ended{out: "a (script 2) has new code\n"})
	in(t, data, "script", "show", "a").want(t, ended{out: "LOG edited\n"})
	in(t, data, "script", "rename", "a", "b").want(t, ended{out: "a is b now\n"})
	for _, taken := range []string{"hello_gpu", "two\nlines", " "} {
		if got := in(t, data, "script", "rename", "b", taken); got.code == exitOK || got.out != "" {
			t.Errorf("renamed to %q: %+v", taken, got)
		}
	}
	in(t, data, "script", "remove", "b").want(t, ended{out: "b is removed; its runs stay\n"})
	in(t, data, "script", "show", "b").want(t, ended{code: exitFailed, errout: "gvpie: there is no script \"b\"; gvpie script list shows them\n"})
}

// The loop sweeps away what the sandbox of a killed process has left behind.
func TestTheLoopLeavesAloneWhatIsBeingEdited(t *testing.T) {
	temp, data := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	inFolder(t, map[string]string{"edit.sh": "printf 'TXTT\\n' > \"$1\"\n"})
	w := world{env: map[string]string{"EDITOR": "sh edit.sh"}}
	got := w.run(t, "script", "edit", "hello_gpu", "--data", data)
	if n, err := sandbox.Sweep(time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d folders are swept away, %v", n, err)
	}
	kept, err := filepath.Glob(filepath.Join(temp, "*", "script.pxl"))
	if err != nil || len(kept) != 1 || !strings.Contains(got.errout, kept[0]) {
		t.Errorf("%q is kept, %v; said was\n%s", kept, err, got.errout)
	}
}

func TestGoalsAreAddedDoneAndListed(t *testing.T) {
	data := t.TempDir()
	in(t, data, "goal", "add", "draw", "a", "house").want(t, ended{out: "goal 1\n"})
	in(t, data, "goal", "add", "a tree", "--priority", "9").want(t, ended{out: "goal 2\n"})
	in(t, data, "goal", "done", "1").want(t, ended{out: "goal 1 is done\n"})
	in(t, data, "goal", "done", "7").want(t, ended{code: exitFailed, errout: "gvpie: there is no goal 7; gvpie goal list shows them\n"})
	in(t, data, "goal", "list").want(t, ended{out: "ID  PRIORITY  DONE  GOAL\n2   9         no    a tree\n"})
	in(t, data, "goal", "list", "--all").want(t, ended{out: "ID  PRIORITY  DONE  GOAL\n2   9         no    a tree\n1   5         yes   draw a house\n"})
}

func TestCartridgesAreMadeRunVerifiedAndShown(t *testing.T) {
	data := t.TempDir()
	inFolder(t, map[string]string{"a.pxl": "TXT 1 1 hi\nLOG done\n", "bad.pxl": "SET z = 0\nSET q = 1 / z\n"})
	path := filepath.Join(data, "cartridges", "a.png")
	in(t, data, "cartridge", "make", "a.pxl", "--backend", "cpu", "--author", "me").want(t, ended{out: "cartridge a: " + path + "\n"})
	for _, name := range []string{"1", "a", "a.png", path} {
		if got := in(t, data, "cartridge", "run", name, "--backend", "cpu"); got.code != exitOK || !strings.HasPrefix(got.out, "done\na.pxl: halted after 2 cycles and 1 frame, on the CPU (") {
			t.Errorf("run %s: %+v", name, got)
		}
	}
	show := in(t, data, "cartridge", "show", "1")
	show.out = regexp.MustCompile(` +`).ReplaceAllString(show.out, " ")
	for _, want := range []string{"path " + path, "id a", "number 1", "executed 4 times", "kind pixel", "name a", "author me", "canvas 128 × 64, cell", "instructions 2"} {
		if !strings.Contains(show.out, want+"\n") {
			t.Errorf("no %q in\n%s", want, show.out)
		}
	}
	got := in(t, data, "cartridge", "verify", "1")
	if got.code != exitOK || !strings.HasPrefix(got.out, path+": as it was written, cartridge a, ") {
		t.Errorf("verify: %+v", got)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"verify", "run", "show"} {
		if got := in(t, data, "cartridge", verb, "1"); got.code != exitFailed || !strings.Contains(got.errout, "damaged cartridge") || got.out != "" {
			t.Errorf("%s of an altered one: %+v", verb, got)
		}
	}
	got = in(t, data, "cartridge", "make", "bad.pxl", "--backend", "cpu")
	if got.code != exitFailed || got.errout != "bad.pxl:2:1: 1 is divided by zero [div_by_zero]\n" {
		t.Errorf("of a program that fails: %+v", got)
	}
	in(t, data, "cartridge", "run", "99").want(t, ended{code: exitFailed, errout: "gvpie: there is no cartridge with the id 99\n"})
}

func TestACartridgeScriptIsNamedAsTheCartridgeIs(t *testing.T) {
	data := t.TempDir()
	inFolder(t, map[string]string{"My Wave.pxl": "LOG hi\n", "7.pxl": "LOG seven\n"})
	path := filepath.Join(data, "cartridges", "My Wave.png")
	in(t, data, "cartridge", "make", "My Wave.pxl", "--backend", "cpu").want(t, ended{out: "cartridge My Wave: " + path + "\n"})
	in(t, data, "script", "disable", "hello_gpu").want(t, ended{out: "hello_gpu is disabled\n"})
	for _, name := range []string{"My Wave", "My Wave.png", "1", path} {
		if got := in(t, data, "script", "add", name, "--lang", "cartridge", "--name", "by "+name); got.code != exitOK {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := in(t, data, "script", "add", "nothing", "--lang", "cartridge"); got.code != exitFailed || !strings.Contains(got.errout, "there is no file") {
		t.Errorf("one that is not there: %+v", got)
	}
	got := in(t, data, "daemon", "--backend", "cpu", "--addr", "", "--cycles", "2", "--interval", "10ms")
	if strings.Count(got.out, saidSuccess) < 4 || strings.Contains(got.out, "❌") {
		t.Errorf("%+v", got)
	}
	got = in(t, data, "cartridge", "make", "7.pxl", "--backend", "cpu")
	if got.code != exitUsage || !strings.Contains(got.errout, `"7" cannot be the id of a cartridge`) {
		t.Errorf("a number: %+v", got)
	}
}

func TestACartridgeThatGainedAChunkIsWholeWithARemark(t *testing.T) {
	data := t.TempDir()
	inFolder(t, map[string]string{"a.pxl": "LOG hi\n"})
	path := filepath.Join(data, "cartridges", "a.png")
	if got := in(t, data, "cartridge", "make", "a.pxl", "--backend", "cpu"); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := len(b) - 12
	text := []byte("tEXtComment\x00hello")
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(text)-4)), text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(text))
	if err := os.WriteFile(path, slices.Concat(b[:end], chunk, b[end:]), 0o644); err != nil {
		t.Fatal(err)
	}
	const remark = "a program that saved it again has added tEXt"
	if got := in(t, data, "cartridge", "verify", "a"); got.code != exitOK || !strings.Contains(got.out, ": as it was written, cartridge a, ") || !strings.HasSuffix(got.out, "\n  "+remark+"\n") {
		t.Errorf("verify: %+v", got)
	}
	if got := in(t, data, "cartridge", "show", "a"); got.code != exitOK || !strings.Contains(got.out, remark) {
		t.Errorf("show: %+v", got)
	}
	if got := in(t, data, "cartridge", "run", "a", "--backend", "cpu"); got.code != exitOK || !strings.HasPrefix(got.out, "hi\n") {
		t.Errorf("run: %+v", got)
	}
}

func TestMapIsReplayedVerifiedAndExported(t *testing.T) {
	data := t.TempDir()
	if got := in(t, data, "daemon", "--backend", "cpu", "--addr", "", "--cycles", "2", "--interval", "10ms"); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	got := in(t, data, "replay", "2", "--backend", "cpu")
	if got.code != exitOK || !strings.HasPrefix(got.out, "row 2 comes out the same on the CPU: halted after 2 cycles and 1 frame\n") {
		t.Errorf("replay: %+v", got)
	}
	in(t, data, "replay", "9", "--backend", "cpu").want(t, ended{code: exitFailed, errout: "gvpie: the map has no row 9\n"})
	in(t, data, "verify").want(t, ended{out: "2 rows of the map, all as they were written\n"})
	out := filepath.Join(t.TempDir(), "out")
	in(t, data, "export", "--out", out).want(t, ended{out: "exported to " + out + "\n"})
	if text, err := os.ReadFile(filepath.Join(out, "improvement_runs.jsonl")); err != nil || strings.Count(string(text), "\n") != 2 {
		t.Errorf("exported runs: %q, %v", text, err)
	}

	s, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	row, err := s.MapRow(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	row.Result = strings.Replace(row.Result, `"cycles":2`, `"cycles":3`, 1)
	if _, err := s.AddMap(t.Context(), store.MapRow{Task: "claims too much", Code: row.Code, Result: row.Result}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	in(t, data, "replay", "3", "--backend", "cpu").want(t, ended{code: exitFailed, out: "row 3 comes out otherwise on the CPU:\n  cycles: 2 was 3\n"})
}

func TestVerbsAndTheirArgumentsAreChecked(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"script", "gvpie: do what? add, list, show, edit, rename, remove, enable, disable\n"},
		{"goal frob", "gvpie: there is no \"frob\": it may be add, done, list\n"},
		{"goal done x", "gvpie: \"x\" is no goal's ID: a number is meant\n"},
		{"goal add", "gvpie: which goal? say it in WORDS\n"},
		{"cartridge run", "gvpie: which CARTRIDGE?\n"},
		{"cartridge show a b", "gvpie: one CARTRIDGE at a time, not \"b\" as well\n"},
		{"replay", "gvpie: which ROW or RECORDING?\n"},
		{"restore", "gvpie: which SNAPSHOT?\n"},
		{"daemon --interval 1", "gvpie: invalid value \"1\" for --interval: it is a time from 10ms to 24h, as 10s or 2m\n"},
		{"daemon --cycles 0", "gvpie: invalid value \"0\" for --cycles: it is a number from 1 to 2147483647\n"},
		{"script add -", "gvpie: standard input has no name: give one with --name\n"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			got := world{}.run(t, append(strings.Fields(tt.args), "--data", filepath.Join(t.TempDir(), "unused"))...)
			if got.code != exitUsage || !strings.HasPrefix(got.errout, tt.want+"Usage: gvpie ") {
				t.Errorf("%+v, want %s", got, tt.want)
			}
		})
	}
}

func TestDamagedDatabaseIsPutAsideAndFailsTheCommand(t *testing.T) {
	data := t.TempDir()
	in(t, data, "goal", "add", "one").want(t, ended{out: "goal 1\n"})
	path := filepath.Join(data, "db", "daemon.db")
	if err := os.WriteFile(path, []byte("this is no database, and is longer than the header of one\n"+strings.Repeat("x", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := files(t, data)
	got := in(t, data, "verify")
	if got.code != exitFailed || got.out != "" || !strings.Contains(got.errout, "the database is damaged") || !maps.Equal(files(t, data), before) {
		t.Errorf("%+v", got)
	}
	got = in(t, data, "goal", "list")
	if got.code != exitFailed || got.out != "" || !strings.HasPrefix(got.errout, "gvpie: The database ") || !strings.Contains(got.errout, "put aside as "+filepath.Join(data, "db")) {
		t.Errorf("%+v", got)
	}
	in(t, data, "verify").want(t, ended{out: "0 rows of the map, all as they were written\nrows of a damaged database have yet to be brought in by the loop; they were not looked at\n"})
}

// files are the bytes of all files of a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestVerifyNamesAllFaultsAndWritesNothing(t *testing.T) {
	data := t.TempDir()
	if got := in(t, data, "verify"); got.code != exitFailed || got.out != "" || !strings.HasPrefix(got.errout, "gvpie: there is no database in ") || len(files(t, data)) != 0 {
		t.Errorf("of nothing: %+v, %v", got, files(t, data))
	}
	if got := in(t, data, "daemon", "--backend", "cpu", "--addr", "", "--cycles", "4", "--interval", "10ms"); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	path := filepath.Join(data, "db", "daemon.db")
	edit := func(statements string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(want ended) {
		t.Helper()
		before := files(t, data)
		in(t, data, "verify").want(t, want)
		if after := files(t, data); !maps.Equal(before, after) {
			t.Errorf("files before: %v, after: %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
		}
	}
	edit("INSERT INTO infinite_map (iteration) VALUES (5), (6); INSERT INTO infinite_map (id, iteration) VALUES (-1, 7)")
	verify(ended{out: "4 rows of the map, all as they were written\n3 rows from outside, without a hash: -1, 5 to 6\n"})
	edit("DROP TRIGGER infinite_map_no_update; UPDATE infinite_map SET code = 'x' WHERE id IN (1, 3)")
	verify(ended{code: exitFailed, out: "row 1 was altered: it is not what its hash was made of\nrow 3 was altered: it is not what its hash was made of\n" +
		"2 rows of the map as they were written, 2 faults\n3 rows from outside, without a hash: -1, 5 to 6\n"})

	// One of an earlier program stays as it is.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	edit("CREATE TABLE infinite_map (id INTEGER PRIMARY KEY, iteration INTEGER); INSERT INTO infinite_map VALUES (1, 1), (2, 2)")
	verify(ended{out: "0 rows of the map, all as they were written\n2 rows from outside, without a hash\n"})

	// In use: what stands in the log counts.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.AddMap(t.Context(), store.MapRow{Task: "an idea"}); err != nil {
		t.Fatal(err)
	}
	in(t, data, "verify").want(t, ended{out: "1 row of the map, all as they were written\n"})
	if _, err := s.AddMap(t.Context(), store.MapRow{Task: "an idea"}); err != nil {
		t.Fatal(err)
	}
}

func TestRestoreGoesBackToASnapshot(t *testing.T) {
	data := t.TempDir()
	in(t, data, "goal", "add", "one").want(t, ended{out: "goal 1\n"})
	snapshot := filepath.Join(data, "db", "snapshots", "snapshot-2026-11-22T201500Z.db")
	if err := os.MkdirAll(filepath.Dir(snapshot), 0o700); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(data, "db", "daemon.db"))
	if err == nil {
		err = os.WriteFile(snapshot, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	in(t, data, "goal", "add", "two").want(t, ended{out: "goal 2\n"})
	if got := in(t, data, "restore", "--list"); got.code != exitOK || !strings.Contains(got.out, "\nsnapshot-2026-11-22T201500Z  ") || strings.Count(got.out, "\n") != 2 {
		t.Errorf("%+v", got)
	}
	in(t, data, "restore", "nope").want(t, ended{code: exitFailed, errout: "gvpie: there is no snapshot \"nope\"; gvpie restore --list shows them\n"})

	lock, err := agent.TakeLock(data, "a test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	before := files(t, data)
	if got := in(t, data, "restore", "snapshot-2026-11-22T201500Z"); got.code != exitFailed || !strings.Contains(got.errout, "is run by a test") || !maps.Equal(before, files(t, data)) {
		t.Errorf("while a loop runs: %+v", got)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	got := in(t, data, "restore", "snapshot-2026-11-22T201500Z")
	if got.code != exitOK || !strings.HasPrefix(got.out, "the database is that of snapshot-2026-11-22T201500Z\nthe one that was there is "+filepath.Join(data, "db", "daemon-replaced-")) {
		t.Errorf("%+v", got)
	}
	in(t, data, "goal", "list").want(t, ended{out: "ID  PRIORITY  DONE  GOAL\n1   5         no    one\n"})
}

// The source in a cartridge names lines only where it is the source of what runs.
func TestACartridgeOfOtherSourceNamesNoLine(t *testing.T) {
	ran := pxl.Assemble("ran", "SET z = 0\nSET q = 1 / z\n")
	m, err := machine.New(ran.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.png")
	for source, want := range map[string]string{
		"SET z = 0\nSET q = 1 / z\n": "x.pxl:2:1: ",
		"NOP\nNOP\nNOP\nNOP\n":       "x.pxl: ",
	} {
		c := cartridge.Cartridge{Source: source, Machine: m.Snapshot(), Picture: m.Human(), Metadata: cartridge.Metadata{Kind: cartridge.Pixel, Name: "x", Seed: 1}}
		if err := writeFile(path, 0o644, c.Write); err != nil {
			t.Fatal(err)
		}
		got := in(t, t.TempDir(), "cartridge", "run", path, "--backend", "cpu")
		if got.code != exitFailed || !strings.HasPrefix(got.errout, want) || !strings.Contains(got.errout, "[div_by_zero]") {
			t.Errorf("%q: %+v", source, got)
		}
	}
}
