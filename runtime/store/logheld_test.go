package store

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// grow writes as much to the log as somebody may hold without a word, and more.
func grow(t *testing.T, s *Store) {
	t.Helper()
	sqlExec(t, s.h.w, "INSERT INTO contents (hash, body) VALUES (hex(randomblob(32)), hex(zeroblob(?)))", heldLog/2)
	sqlExec(t, s.h.w, "INSERT INTO contents (hash, body) VALUES (hex(randomblob(32)), hex(zeroblob(1000)))")
}

func heldBy(t *testing.T, s *Store) string {
	t.Helper()
	sentence, err := s.LogHeld(t.Context())
	must(t, err)
	return sentence
}

func TestWhoHoldsTheLogIsNamed(t *testing.T) {
	s := fresh(t)
	grow(t, s)
	if got := heldBy(t, s); got != "" {
		t.Errorf("nobody reads, and it says: %s", got)
	}
	db := beside(t, s)
	db.SetMaxOpenConns(1)
	sqlExec(t, db, "BEGIN")
	var n int
	must(t, db.QueryRow("SELECT count(*) FROM infinite_map").Scan(&n))
	if got := heldBy(t, s); got != "" {
		t.Errorf("somebody reads, and nothing was written since; it says: %s", got)
	}
	grow(t, s)
	want := "this program itself has been reading"
	if runtime.GOOS != "linux" {
		want = "a program has been reading"
	}
	if got := heldBy(t, s); !strings.HasPrefix(got, want) || !strings.Contains(got, " MB, grows") {
		t.Errorf("it says: %q", got)
	}
	sqlExec(t, db, "ROLLBACK")
	if got := heldBy(t, s); got != "" {
		t.Errorf("the reader has ended, and it says: %s", got)
	}
}

func TestAnotherProcessThatHoldsTheLogIsNamed(t *testing.T) {
	path, err := exec.LookPath("sqlite3")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("needs sqlite3, and a system that says who holds a lock")
	}
	s := fresh(t)
	cmd := exec.Command(path, s.Path())
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer cmd.Wait()
	defer in.Close()
	_, err = io.WriteString(in, "BEGIN;\nSELECT count(*) FROM settings;\n")
	must(t, err)
	_, err = bufio.NewReader(out).ReadString('\n') // from now on it reads
	must(t, err)
	grow(t, s)
	if got := heldBy(t, s); !strings.HasPrefix(got, fmt.Sprintf("process %d (sqlite3) has been reading", cmd.Process.Pid)) {
		t.Errorf("it says: %q", got)
	}
}
