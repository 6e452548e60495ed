package agent

import (
	"slices"
	"strings"
	"testing"
)

func TestAReaderThatHoldsTheLogIsSaidOnce(t *testing.T) {
	r := newRig(t)
	r.run(1)
	db := r.sql()
	for _, statement := range []string{"BEGIN", "SELECT count(*) FROM infinite_map"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	r.exec("INSERT INTO contents (hash, body) VALUES ('x', hex(zeroblob(3000000)))")
	a := r.run(3)
	held := func(s string) bool { return strings.Contains(s, "has been reading the database") }
	if !slices.ContainsFunc(a.Status().Warnings(), held) || strings.Count(r.console.String(), "has been reading the database") != 1 {
		t.Errorf("warnings %q; the console:\n%s", a.Status().Warnings(), r.console)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if a = r.run(1); slices.ContainsFunc(a.Status().Warnings(), held) {
		t.Errorf("the reader has ended, and the warnings are %q", a.Status().Warnings())
	}
}
