package store

import (
	"os"
	"path/filepath"
	"testing"
)

// A kill may come between any two steps of putting a database aside and putting another
// in its place.
func TestAKillWhileADatabaseIsPutAsideIsMadeGood(t *testing.T) {
	ctx := t.Context()
	for _, tt := range []struct {
		name    string
		after   func(s *core, aside string) error // the steps that were made
		follows bool                              // the old database was aside already
	}{
		{"nothing was moved", func(s *core, aside string) error { return nil }, false},
		{"its log was not moved", func(s *core, aside string) error { return os.Rename(s.Path(), aside) }, true},
		{"all was moved", func(s *core, aside string) error { _, err := s.file().moveTo(aside); return err }, true},
		{"a fresh file was made", func(s *core, aside string) error {
			if _, err := s.file().moveTo(aside); err != nil {
				return err
			}
			return os.WriteFile(s.Path(), nil, 0o600)
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fresh(t)
			_, _, err := s.UpsertScript(ctx, Script{Name: "mine", Lang: "pixel", Code: "HALT", Enabled: true})
			must(t, err)
			must(t, s.Close())
			must(t, os.WriteFile(s.Path()+"-wal", []byte("of the old one"), 0o600))
			aside := filepath.Join(filepath.Dir(s.Path()), "daemon-quarantined-x.db")
			must(t, os.WriteFile(s.file().moving(), []byte(filepath.Base(aside)), 0o600))
			must(t, tt.after(s.core, aside))

			again, done := open(t, s.Dir())
			if tt.follows != (done.Quarantined == aside) || tt.follows != done.Created || tt.follows && len(done.Messages) == 0 {
				t.Errorf("%+v", done)
			}
			if _, err := again.Script(ctx, "mine"); err != nil {
				t.Error("the script is gone:", err)
			}
			if b, err := os.ReadFile(aside + "-wal"); tt.follows && (err != nil || string(b) != "of the old one") {
				t.Errorf("the old one's log is %q, %v", b, err)
			}
			if _, err := os.Stat(s.file().moving()); !os.IsNotExist(err) {
				t.Error("the next start would do it again", err)
			}
			must(t, again.Close())
			if _, done := open(t, s.Dir()); done.Quarantined != "" || done.Created {
				t.Errorf("at the next start: %+v", done)
			}
		})
	}
}

func TestAKillWhileASnapshotIsRestoredIsMadeGood(t *testing.T) {
	s := lineage(t, 4)
	x, err := s.snapshot(t.Context(), start)
	must(t, err)
	run(t, s, 1, start, hello())
	must(t, s.Close())
	b, err := os.ReadFile(x.Path)
	must(t, err)
	must(t, os.WriteFile(s.file().restoring(), b, 0o600))
	aside := filepath.Join(filepath.Dir(s.Path()), replaced+"-x.db")
	_, err = s.file().moveAside(aside)
	must(t, err)
	again, done := open(t, s.Dir())
	if done.Created || done.Quarantined != "" {
		t.Errorf("%+v", done)
	}
	verified(t, again, 4)
}

// What else may lie there is nobody's word about where a database is.
func TestAnOddWordAboutAMoveIsNone(t *testing.T) {
	for _, word := range []string{"", ".", "..", "../../etc", "daemon-x/../..", "other.db"} {
		s := fresh(t)
		must(t, s.Close())
		must(t, os.WriteFile(s.file().moving(), []byte(word), 0o600))
		if _, done := open(t, s.Dir()); done.Created || done.Quarantined != "" {
			t.Errorf("%q: %+v", word, done)
		}
	}
}
