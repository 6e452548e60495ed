package studio

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gvpie/app/studio/files"
)

// permutations are the orders in which n things can come.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, p := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(p), at, n-1))
		}
	}
	return all
}

func names(s *Documents) (names []string) {
	for _, d := range s.all {
		names = append(names, d.Name)
	}
	return names
}

func TestFilesOpenedTogetherHaveTheirOrderWhicheverIsReadFirst(t *testing.T) {
	file := func(name string) newFile {
		return newFile{fileText: fileText{path: "/" + name, Program: files.Program{Text: "HALT\n"}}}
	}
	list := []string{"a", "b", "gone", "d"}
	for _, order := range permutations(len(list)) {
		for front, want := range []string{"a", "b", "", "d"} {
			s := newHandDocuments()
			s.NewDocument()
			s.SetActive(0)
			g := newTogether(s.Documents, len(list), front)
			for n, i := range order {
				f := file(list[i])
				if list[i] == "gone" {
					f.err = fs.ErrNotExist
				}
				if d, err := g.take(i, f); (err != nil) != (list[i] == "gone") || err == nil && d.Name != list[i] {
					t.Errorf("%s is %+v, %v", list[i], d, err)
				}
				if n == 1 {
					s.insert(0, &Document{Name: "other"}) // a tab before them
				}
			}
			if got := names(s.Documents); !slices.Equal(got, []string{"other", "untitled 1", "a", "b", "d"}) {
				t.Errorf("read in the order %v: %v", order, got)
			}
			if want == "" {
				want = "untitled 1"
			}
			if s.Active().Name != want || s.shown != s.Active().ID {
				t.Errorf("read in the order %v: %s is in front, want %s", order, s.Active().Name, want)
			}
		}
	}
}

func TestFilesThatComeLateLeaveInFrontWhatAPersonOpened(t *testing.T) {
	s := newHandDocuments()
	g := newTogether(s.Documents, 2, 1)
	g.take(0, newFile{fileText: fileText{path: "/a"}})
	s.NewDocument()
	g.take(1, newFile{fileText: fileText{path: "/b"}})
	g.take(1, newFile{fileText: fileText{path: "/b"}}) // asked for twice
	if got := names(s.Documents); !slices.Equal(got, []string{"a", "b", "untitled 1"}) || s.Active().Name != "untitled 1" {
		t.Errorf("%v, %s in front", got, s.Active().Name)
	}
}

func TestAFileThatIsNotThereYet(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new.pxl")
	s := newHandDocuments()
	s.begin = "CLS\nHALT\n"
	var failed error
	open := func(path string, mayBeNew bool) {
		s.OpenTogether([]Opening{{Path: path, MayBeNew: mayBeNew}}, 0, func(_ int, _ *Document, err error) { failed = err })
		s.wait()
	}
	open(path, true)
	d := s.Active()
	if d == nil || !d.New || d.Name != "new.pxl" || d.Path != path || d.Dirty() || d.Text() != s.begin || failed != nil {
		t.Fatalf("%+v, %v", d, failed)
	}
	s.fileChanged(fileText{path: path, err: fs.ErrNotExist})
	if d.Missing {
		t.Error("a file that never was is missed")
	}
	must(t, os.WriteFile(path, nil, 0o644)) // an empty one loses nothing
	s.Save(0)
	s.wait()
	if b, err := os.ReadFile(path); err != nil || d.New || string(b) != s.begin {
		t.Errorf("saved: %q, %v", b, err)
	}
	s = newHandDocuments()
	if open(filepath.Join(dir, "other.pxl"), false); !errors.Is(failed, fs.ErrNotExist) {
		t.Error(failed)
	}
	if open(filepath.Join(dir, "no", "folder.pxl"), true); !errors.Is(failed, fs.ErrNotExist) || len(s.all) != 0 {
		t.Errorf("%v, %d open", failed, len(s.all))
	}
}

func TestExamplesAreOpenedWithoutWaiting(t *testing.T) {
	s := newHandDocuments()
	var ids []int
	s.OpenTogether([]Opening{{Example: "a", Text: "HALT\n"}, {Example: "b", Text: "CLS\n"}}, 1, func(_ int, d *Document, _ error) { ids = append(ids, d.ID) })
	if d := s.Active(); !slices.Equal(ids, []int{1, 2}) || d.Name != "b.pxl" || d.Example != "b" || d.Text() != "CLS\n" || d.Dirty() {
		t.Errorf("%v, %+v", ids, d)
	}
}
