package studio

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestAnExampleTakesThePlaceOfTheLastUntilThatIsKept(t *testing.T) {
	for name, keep := range map[string]func(s *handDocuments){
		"edited":    func(s *handDocuments) { s.Edit("NOP\nHALT\n") },
		"formatted": func(s *handDocuments) { s.Edit("nop"); s.Active().Preview = true; s.Format() },
		"kept":      func(s *handDocuments) { s.Keep(s.ActiveIndex()) },
		"saved": func(s *handDocuments) {
			s.SaveAs(s.ActiveIndex(), filepath.Join(t.TempDir(), "b.pxl"))
			s.wait()
		},
	} {
		s := newHandDocuments()
		s.NewDocument()
		s.OpenExample("a", "HALT\n")
		s.NewDocument()
		s.OpenExample("b", "HALT\n")
		if got := names(s.Documents); !slices.Equal(got, []string{"untitled 1", "b.pxl", "untitled 2"}) || s.Active().Name != "b.pxl" || !s.Active().Preview || s.shown != s.Active().ID {
			t.Errorf("%s: %v, %+v", name, got, s.Active())
		}
		keep(s)
		s.OpenExample("c", "HALT\n")
		s.OpenExample("d", "HALT\n")
		if got := names(s.Documents); !slices.Equal(got, []string{"untitled 1", "b.pxl", "untitled 2", "d.pxl"}) || s.Active().Name != "d.pxl" {
			t.Errorf("%s: %v, %s in front", name, got, s.Active().Name)
		}
	}
}

func TestAnExampleThatIsRunByHandStays(t *testing.T) {
	for _, id := range []string{"run.run", "run.reset"} {
		d := newDesk(t, Config{})
		d.m.OpenExample("a", "HALT\n")
		d.until("it has ended", d.phase(Halted))
		if d.m.Active().Preview = true; !d.m.Action(id).Invoke() || d.m.Active().Preview {
			t.Errorf("after %s it is a preview", id)
		}
	}
}

func TestNamesThatClashAreToldApart(t *testing.T) {
	home, _ := filepath.Abs(filepath.FromSlash("/home/ada"))
	in := func(dir string) string { return filepath.Join(home, filepath.FromSlash(dir), "life.pxl") }
	elsewhere, _ := filepath.Abs(filepath.FromSlash("/home/adams/life.pxl"))
	docs := []*Document{
		{Name: "life.pxl", Example: "life"}, {Name: "life.pxl", Path: in("games")}, {Name: "life.pxl", Path: in(".")},
		{Name: "life.pxl", Path: elsewhere}, {Name: "life.pxl"}, {Name: "maze.pxl", Path: in("games/maze.pxl")},
	}
	got := Titles(docs, home)
	want := []string{"life.pxl — examples", "life.pxl — ~" + string(os.PathSeparator) + "games", "life.pxl — ~", "life.pxl — " + filepath.Dir(elsewhere), "life.pxl — not saved", "maze.pxl"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := Titles(docs[1:3], ""); got[1] != "life.pxl — "+home {
		t.Errorf("%q", got)
	}
}
