package session

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var whole = State{
	Version: version,
	Tabs: []Tab{
		{Path: "/a.pxl", Anchor: 1, Caret: 7, Top: 3, Views: [2]Place{{}, {Zoom: 2.5, X: 10, Y: -3}}},
		{Example: "life", Preview: true, Top: 1},
	},
	Front:  1,
	Window: Window{Width: 1000, Height: 700, Mode: "maximized"},
	Theme:  "light",
	Layout: Layout{NoSidebar: true, SidebarWidth: 200, Panel: true, PanelTab: "log", PanelHeights: [3]float64{152, 408, 248},
		EditorShare: .5, HumanShare: .7, Views: "human", BothViews: "beside", NoGrid: true, HumanGrid: true, Lit: true},
	Watches: []string{"x * 2"},
}

// opened opens a session whose file has been said nothing of.
func opened(t *testing.T, path string) (*Store, State, bool) {
	t.Helper()
	s, state, found, err := Open(path, func(err error) { t.Error(err) })
	must(t, err)
	return s, state, found
}

func TestWhatIsPutComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "session.json")
	s, state, found := opened(t, path)
	if found || !reflect.DeepEqual(state, State{}) {
		t.Errorf("at first: %v, %+v", found, state)
	}
	s.Put(State{Theme: "dark"})
	s.Put(whole)
	s.Close()
	s, state, found = opened(t, path)
	defer s.Close()
	if !found || !reflect.DeepEqual(state, whole) {
		t.Errorf("%v, %+v", found, state)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if must(t, err); len(entries) != 2 { // with the lock
		t.Errorf("%d files", len(entries))
	}
}

func TestTheFirstWindowHasTheSession(t *testing.T) {
	path := filepath.Join(t.TempDir(), "session.json")
	first, _, _ := opened(t, path)
	first.Put(whole)
	first.Close()
	first, _, _ = opened(t, path)
	second, state, found := opened(t, path)
	if second != nil || found || len(state.Tabs) != 0 || state.Theme != "light" || state.Layout != whole.Layout {
		t.Errorf("a second one gets %v, %+v", found, state)
	}
	second.Put(State{Theme: "dark"})
	second.Close()
	first.lock.Close() // as the system does when it is killed
	third, state, found := opened(t, path)
	if third == nil || !found || !reflect.DeepEqual(state, whole) {
		t.Errorf("after the first: %v, %+v", found, state)
	}
	third.Close()
	close(first.next.C)
	<-first.done
}

func TestADamagedSessionIsSetAsideAndNeverInTheWay(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"half":          `{"version":1,"tabs":[{"pa`,
		"other kinds":   `{"version":1,"tabs":"no"}`,
		"no version":    `{}`,
		"later version": `{"version":2,"tabs":[]}`,
		"huge":          `{"version":1,"theme":"` + strings.Repeat("x", mostBytes) + `"}`,
	} {
		path := filepath.Join(t.TempDir(), "session.json")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		s, state, found, err := Open(path, nil)
		var damaged *DamagedError
		if !errors.As(err, &damaged) || found || !reflect.DeepEqual(state, State{}) {
			t.Errorf("%s: %v, %+v, %v", name, found, state, err)
			continue
		}
		if b, err := os.ReadFile(damaged.Aside); err != nil || string(b) != text || !strings.Contains(damaged.Error(), damaged.Aside) {
			t.Errorf("%s: aside lies %q, %v", name, b, err)
		}
		s.Put(whole)
		s.Close()
		if s, state, found := opened(t, path); !found || !reflect.DeepEqual(state, whole) {
			t.Errorf("%s: after it: %+v", name, state)
		} else {
			s.Close()
		}
	}
	if s, _, _, err := Open(filepath.Join(os.DevNull, "session.json"), nil); s != nil || err == nil {
		t.Error("a folder that cannot be made is no error")
	}
}

func TestADiskThatRefusesIsToldOnceAndWhenItIsOver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	told := make(chan error, 8)
	s, _, _, err := Open(filepath.Join(dir, "session.json"), func(err error) { told <- err })
	must(t, err)
	must(t, os.Rename(dir, dir+".away"))
	s.Put(whole)
	if err := <-told; err == nil {
		t.Error("it is told to work")
	}
	must(t, os.Rename(dir+".away", dir))
	s.Put(whole)
	if err := <-told; err != nil {
		t.Error(err)
	}
	s.Close()
	if len(told) != 0 {
		t.Error("told twice")
	}
}

func TestValuesThatMakeNoSenseAreUnknown(t *testing.T) {
	s, err := parse([]byte(`{"version":1,"front":2,"window":{"width":5,"height":700},
		"tabs":[{"top":4},{"path":"/a","anchor":-1,"caret":-5,"top":-9,"views":[{"zoom":1e300},{"zoom":2,"x":1e9}]},{"example":"b","top":1}],
		"layout":{"editor_share":7,"human_share":-1,"sidebar_width":1e9,"panel_heights":[-3,300]},"watches":["n"," ",""]}`))
	must(t, err)
	want := State{Version: version, Front: 1, Window: Window{}, Tabs: []Tab{{Path: "/a", Top: 1}, {Example: "b", Top: 1}}, Layout: Layout{PanelHeights: [3]float64{0, 300}}, Watches: []string{"n"}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v", s)
	}
}

func TestAnyTextGivesAStateThatStaysTheSame(t *testing.T) {
	good, err := render(whole)
	must(t, err)
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(string(good))
		for range rapid.IntRange(0, 4).Draw(t, "edits") {
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			b[at] = rapid.SampledFrom([]byte("0129-e.\",:{}[]tn")).Draw(t, "with")
		}
		s, err := parse(b)
		if err != nil {
			return
		}
		if len(s.Tabs) > 0 && (s.Front < 0 || s.Front >= len(s.Tabs)) {
			t.Fatalf("tab %d of %d is in front", s.Front, len(s.Tabs))
		}
		again, err := render(s)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := parse(again); err != nil || !reflect.DeepEqual(twice, s) {
			t.Fatalf("%+v became %+v, %v", s, twice, err)
		}
	})
}
