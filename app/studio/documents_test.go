package studio

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/recovery"
	"gvpie/runtime/pxl"
)

// handDocuments are documents whose background the test is.
type handDocuments struct {
	*Documents
	shown   int // whose program was shown last
	closed  []int
	watched watched
}

// watched are files that are watched.
type watched map[string]bool

func (w watched) Add(path string) error {
	w[path] = true
	return nil
}

func (w watched) Remove(path string) { delete(w, path) }

func (w watched) Close() error { return nil }

func newHandDocuments() *handDocuments {
	h := &handDocuments{watched: watched{}}
	h.Documents = &Documents{
		active: -1, inbox: newInbox(func() {}), assembler: newAssembler(), watcher: h.watched,
		notices: notice.NewList(time.Now), onConflict: func(*Document) {}, unsaved: unsaved{now: time.Now},
		front: func(d *Document, closed int) {
			h.shown = 0
			if d != nil {
				h.shown = d.ID
			}
			if closed != 0 {
				h.closed = append(h.closed, closed)
			}
		},
	}
	return h
}

// told are the sentences on screen.
func (h *handDocuments) told() (texts []string) {
	for _, n := range h.notices.All() {
		texts = append(texts, n.Text)
	}
	return texts
}

// wait does what the next background goroutine leaves.
func (h *handDocuments) wait() { (<-h.inbox.ch)() }

// long is a program that is not assembled at once.
func long(text string) string {
	return text + "\n;" + strings.Repeat("x", assembleInline)
}

func TestALateAssemblyIsNotTaken(t *testing.T) {
	s := newHandDocuments()
	d := s.NewDocument()
	s.Edit(long("HALT"))
	late, _ := s.assembler.next()
	s.Edit(long("NOP"))
	newest, ok := s.assembler.next()
	if !ok || late.version == newest.version {
		t.Fatal("the second text is not assembled")
	}
	s.assembledLate(newest, pxl.Assemble(newest.name, newest.text))
	want := d.live
	s.assembledLate(late, pxl.Assemble(late.name, late.text))
	if d.live != want || d.assembly != want {
		t.Error("the assembly of an older text took the place of the newer one")
	}
	s.Close(0)
	s.assembledLate(newest, pxl.Assemble(newest.name, newest.text))
	if s.shown != 0 {
		t.Error("the program of a closed document is shown")
	}
}

func TestEveryLongTextIsAssembled(t *testing.T) {
	a := newAssembler()
	a.put(assembleJob{doc: 1, version: 1})
	a.put(assembleJob{doc: 2, version: 1})
	a.put(assembleJob{doc: 3, version: 1})
	a.put(assembleJob{doc: 2, version: 2})
	var got []string
	for j, ok := a.next(); ok; j, ok = a.next() {
		got = append(got, fmt.Sprint(j.doc, j.version))
	}
	if want := []string{"1 1", "2 2", "3 1"}; !slices.Equal(got, want) {
		t.Errorf("%v are assembled, want %v", got, want)
	}
}

func TestOnlyTheProgramInFrontIsShown(t *testing.T) {
	s := newHandDocuments()
	s.OpenText("a", "", long("HALT"))
	behind, _ := s.assembler.next()
	s.OpenText("b", "", "HALT")
	front := s.Active().ID
	s.shown = -1
	s.assembledLate(behind, pxl.Assemble(behind.name, behind.text))
	if s.shown != -1 {
		t.Error("a program behind was shown")
	}
	s.SetActive(0)
	if s.shown == front || s.Active().live == nil {
		t.Error("the program is not there when it comes to the front")
	}
}

func TestTabsKeepTheirFront(t *testing.T) {
	for _, c := range []struct {
		front, closed int
		want          int // document in front after; tabs are documents 1 to 4
	}{{0, 0, 2}, {0, 3, 1}, {3, 3, 3}, {3, 0, 4}, {1, 1, 3}, {2, 1, 3}, {1, 2, 2}} {
		s := newHandDocuments()
		for range 4 {
			s.NewDocument()
		}
		s.SetActive(c.front)
		s.Close(c.closed)
		if s.Active().ID != c.want || s.shown != c.want || !slices.Equal(s.closed, []int{c.closed + 1}) {
			t.Errorf("%d in front, %d closed: %d is in front, %d shown, %v told", c.front, c.closed, s.Active().ID, s.shown, s.closed)
		}
	}
	s := newHandDocuments()
	s.NewDocument()
	s.Close(0)
	s.Close(0)
	if s.Active() != nil || s.ActiveIndex() != -1 || s.shown != 0 {
		t.Error("a document is in front when none is open")
	}
}

func TestAnUnchangedExampleIsOpenedOnce(t *testing.T) {
	s := newHandDocuments()
	s.OpenExample("a", "HALT\n")
	s.Keep(0)
	s.OpenExample("b", "HALT\n")
	s.Keep(1)
	s.OpenExample("a", "HALT\n")
	if len(s.all) != 2 || s.active != 0 {
		t.Fatalf("%d tabs, %d in front", len(s.all), s.active)
	}
	s.Edit("NOP\n")
	s.OpenExample("a", "HALT\n")
	if len(s.all) != 3 || s.active != 2 {
		t.Errorf("an example that was edited is shown as it is not: %d tabs, %d in front", len(s.all), s.active)
	}
}

func TestAFileAskedForTwiceIsOpenedOnce(t *testing.T) {
	s := newHandDocuments()
	path := filepath.Join(t.TempDir(), "p.pxl")
	must(t, os.WriteFile(path, []byte("HALT\n"), 0o644))
	s.Open(path)
	s.Open(path)
	s.wait()
	s.wait()
	s.Open(path)
	if len(s.all) != 1 {
		t.Errorf("%d tabs", len(s.all))
	}
	s.Open(path + ".not")
	s.wait()
	if len(s.all) != 1 || len(s.told()) != 1 {
		t.Errorf("%d tabs and %q", len(s.all), s.told())
	}
	s.NewDocument()
	if s.Open(path); s.active != 0 || len(s.inbox.ch) != 0 {
		t.Error("a file that is open is read again")
	}
}

func TestTheFilesOfOpenDocumentsAreWatched(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	s := newHandDocuments()
	watches := func(names ...string) {
		t.Helper()
		want := watched{}
		for _, n := range names {
			want[path(n)] = true
		}
		if !maps.Equal(s.watched, want) {
			t.Errorf("%v are watched, want %v", s.watched, want)
		}
	}
	must(t, os.WriteFile(path("a"), []byte("HALT\n"), 0o644))
	s.Open(path("a"))
	s.wait()
	watches("a")
	s.OpenText("b", path("b"), "")
	left := t.TempDir()
	leave(t, left, recovery.Text{Name: "c", Path: path("c"), Text: "x"})
	s.unsaved.store = openRecovery(t, left)
	defer s.unsaved.store.Close()
	s.Recover(s.Recovered()[0])
	s.NewDocument()
	watches("a", "b", "c")
	s.SaveAs(3, path("d"))
	s.wait()
	watches("a", "b", "c", "d")
	s.SaveAs(3, path("e"))
	s.wait()
	watches("a", "b", "c", "e")
	s.SaveAs(3, path("a")) // two tabs of one file
	s.wait()
	watches("a", "b", "c")
	s.Close(0)
	watches("a", "b", "c")
	s.Close(2)
	s.Close(0)
	watches("c")
}

func TestATextThatIsTheSameIsNoEdit(t *testing.T) {
	s := newHandDocuments()
	d := s.NewDocument()
	s.Edit("HALT")
	was := *d
	if s.Edit("HALT"); d.version != was.version || d.liveRev != was.liveRev {
		t.Error("it is assembled again")
	}
	s.Close(0)
	s.Edit("HALT") // nothing is open
}

// disk is what the state of a document against its file can be.
func disk(d *Document) string {
	words := []string{fmt.Sprintf("%q", d.Text())}
	for name, is := range map[string]bool{"dirty": d.Dirty(), "conflict": d.Conflict, "missing": d.Missing, "unread": d.ReadError != ""} {
		if is {
			words = append(words, name)
		}
	}
	slices.Sort(words[1:])
	return strings.Join(words, " ")
}

func TestAFileThatChangesOnDisk(t *testing.T) {
	gone, refused := fileText{err: fs.ErrNotExist}, fileText{err: errors.New("is not text")}
	holds := func(text string) fileText { return fileText{Program: files.Program{Text: text}} }
	for name, c := range map[string]struct {
		edit    string // "": no edits
		disk    []fileText
		want    string
		notices int
	}{
		"another text":                      {"", []fileText{holds("b")}, `"b"`, 0},
		"another text, edits":               {"x", []fileText{holds("b")}, `"x" conflict dirty`, 0},
		"the same edits":                    {"x", []fileText{holds("x")}, `"x"`, 0},
		"the last save, late":               {"x", []fileText{holds("a")}, `"x" dirty`, 0},
		"another text, then the edits":      {"x", []fileText{holds("b"), holds("x")}, `"x"`, 0},
		"another text, then the old again":  {"x", []fileText{holds("b"), holds("a")}, `"x" dirty`, 0},
		"gone":                              {"", []fileText{gone}, `"a" dirty missing`, 1},
		"gone, told once":                   {"", []fileText{gone, gone}, `"a" dirty missing`, 1},
		"gone and back":                     {"", []fileText{gone, holds("a")}, `"a"`, 0},
		"gone and back, edits":              {"x", []fileText{gone, holds("a")}, `"x" dirty`, 0},
		"gone and back as another, edits":   {"x", []fileText{gone, holds("b")}, `"x" conflict dirty`, 0},
		"not to be read":                    {"", []fileText{refused}, `"a" unread`, 1},
		"not to be read, told once":         {"", []fileText{refused, refused}, `"a" unread`, 1},
		"not to be read, then as it was":    {"", []fileText{refused, holds("a")}, `"a"`, 0},
		"not to be read, then edits saved":  {"x", []fileText{refused, holds("a")}, `"x" dirty`, 0},
		"not to be read, then other, edits": {"x", []fileText{refused, holds("b")}, `"x" conflict dirty`, 0},
	} {
		s := newHandDocuments()
		s.OpenText("p.pxl", "/p.pxl", "a")
		if c.edit != "" {
			s.Edit(c.edit)
		}
		rev := s.Active().TextRev
		for _, f := range c.disk {
			f.path = "/p.pxl"
			s.fileChanged(f)
			f.path, f.Text = "/q.pxl", "of another file"
			s.fileChanged(f)
		}
		d := s.Active()
		if got := disk(d); got != c.want || len(s.told()) != c.notices {
			t.Errorf("%s: %s and %q, want %s and %d notices", name, got, s.told(), c.want, c.notices)
		}
		if changed := d.Text() != "a" && d.Text() != c.edit; (d.TextRev != rev) != changed {
			t.Errorf("%s: the editor is told of a new text: %v", name, !changed)
		}
	}
}

func TestAConflictIsEndedForEitherSide(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	conflict := func() *handDocuments {
		must(t, os.WriteFile(path, []byte("theirs"), 0o644))
		s := newHandDocuments()
		s.OpenText("p.pxl", path, "a")
		s.Edit("mine")
		s.fileChanged(fileText{path: path, Program: files.Program{Text: "theirs"}})
		return s
	}
	s := conflict()
	s.KeepMine(0)
	if got := disk(s.Active()); got != `"mine" dirty` {
		t.Error("kept mine:", got)
	}
	s.fileChanged(fileText{path: path, Program: files.Program{Text: "theirs"}})
	if got := disk(s.Active()); got != `"mine" dirty` {
		t.Error("asked again about what was answered:", got)
	}
	s.Save(0)
	s.wait()
	if b, _ := os.ReadFile(path); string(b) != "mine" || s.Active().Dirty() {
		t.Errorf("the file holds %q", b)
	}
	s = conflict()
	s.Revert(0)
	s.wait()
	if got := disk(s.Active()); got != `"theirs"` {
		t.Error("reverted:", got)
	}
	s = conflict()
	s.Revert(0)
	s.all[0].Path = "/elsewhere.pxl" // saved under another name meanwhile
	s.wait()
	if got := disk(s.Active()); got != `"mine" conflict dirty` {
		t.Error("reverted to the file it was before:", got)
	}
	s = conflict()
	s.Revert(0)
	s.Close(0)
	s.wait()
	if len(s.all) != 0 {
		t.Error("reverting brought a closed document back")
	}
	s = newHandDocuments()
	s.NewDocument()
	s.KeepMine(0)
	s.KeepMine(1)
	s.Revert(0)
	s.OpenText("q.pxl", "/q.pxl", "a")
	s.Edit("x")
	if s.KeepMine(1); !s.Active().Dirty() || s.Active().saved != "a" {
		t.Error("keeping mine without a conflict changes what is saved")
	}
}

func TestWhatIsEditedWhileItIsSavedStaysUnsaved(t *testing.T) {
	s := newHandDocuments()
	path := filepath.Join(t.TempDir(), "p.pxl")
	var saved []string
	s.OnSaved(func(d *Document) { saved = append(saved, d.Name) })
	s.NewDocument()
	s.Edit("one")
	s.Save(0) // without a path: the window's to ask
	s.SaveAs(0, path)
	if name := s.Active().assembly.File; name != "untitled 1" {
		t.Errorf("its problems are in %s", name)
	}
	if !s.Saving(0) || s.Saving(1) {
		t.Error("it does not say that it is being saved")
	}
	s.SaveAs(0, path+".2") // not while it is being saved
	s.Edit("two")
	s.wait()
	d := s.Active()
	if b, _ := os.ReadFile(path); string(b) != "one" || !d.Dirty() || d.Path != path || s.Saving(0) || !slices.Equal(saved, []string{"p.pxl"}) {
		t.Errorf("the file holds %q, the document is %+v, told %q", b, d, saved)
	}
	if d.assembly.File != "p.pxl" {
		t.Errorf("its problems are in %s", d.assembly.File)
	}
	s.Save(0)
	s.Close(0)
	s.wait()
	if b, _ := os.ReadFile(path); string(b) != "two" || len(s.all) != 0 {
		t.Errorf("closed while it was saved: the file holds %q", b)
	}
	if len(s.told()) != 1 { // of the first save
		t.Errorf("%q", s.told())
	}
	s.NewDocument()
	s.SaveAs(0, filepath.Join(path, "x"))
	s.Close(0)
	s.wait()
	if len(s.told()) != 2 {
		t.Error("nobody is told that a document closed meanwhile could not be saved")
	}
	if len(saved) != 1 {
		t.Errorf("told %q", saved)
	}
}

// recovered is what is left of a model whose window has gone, by name.
func recovered(t *testing.T, use func(*Documents)) map[string]string {
	t.Helper()
	dir := t.TempDir()
	s := newHandDocuments()
	s.unsaved.store = openRecovery(t, dir)
	use(s.Documents)
	s.unsaved.store.Close()
	return leftIn(t, dir)
}

func openRecovery(t *testing.T, dir string) *recovery.Store {
	t.Helper()
	r, err := recovery.Open(dir, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	must(t, err)
	return r
}

// leftIn is what the next process finds, by name.
func leftIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	r := openRecovery(t, dir)
	defer r.Close()
	out := map[string]string{}
	for _, l := range r.Left() {
		out[l.Name] = l.Text.Text
	}
	return out
}

// Each window counts its new programs for itself: what is brought back may have the name
// of one that is open.
func TestTwoTextsWithoutAFileNeverHaveOneName(t *testing.T) {
	left := t.TempDir()
	leave(t, left, recovery.Text{Name: "untitled 1", Text: "one"})
	leave(t, left, recovery.Text{Name: "untitled 1", Text: "two"})
	s := newHandDocuments()
	s.unsaved.store = openRecovery(t, left)
	defer s.unsaved.store.Close()
	for len(s.Recovered()) > 0 {
		s.Recover(s.Recovered()[0])
	}
	s.NewDocument()
	got := map[string]bool{}
	for _, d := range s.all {
		got[d.Name] = true
	}
	if len(s.all) != 3 || len(got) != 3 {
		t.Errorf("%d documents have the names %v", len(s.all), got)
	}
}

func TestOnlyUnsavedTextIsRecovered(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p.pxl")
	wait := func(s *Documents) { (<-s.inbox.ch)() }
	for name, c := range map[string]struct {
		use  func(s *Documents)
		want map[string]string
	}{
		"edited":              {func(s *Documents) {}, map[string]string{"untitled 1": "x"}},
		"edited twice":        {func(s *Documents) { s.Edit("y") }, map[string]string{"untitled 1": "y"}},
		"two":                 {func(s *Documents) { s.NewDocument(); s.Edit("y") }, map[string]string{"untitled 1": "x", "untitled 2": "y"}},
		"as it was":           {func(s *Documents) { s.Edit("") }, nil},
		"closed":              {func(s *Documents) { s.Close(0) }, nil},
		"saved":               {func(s *Documents) { s.SaveAs(0, path); wait(s) }, nil},
		"saved, edited again": {func(s *Documents) { s.SaveAs(0, path); wait(s); s.Edit("y") }, map[string]string{"p.pxl": "y"}},
		"edited while saved":  {func(s *Documents) { s.SaveAs(0, path); s.Edit("y"); wait(s) }, map[string]string{"p.pxl": "y"}},
		"not saved":           {func(s *Documents) { s.SaveAs(0, filepath.Join(dir, "no", "p")); wait(s) }, map[string]string{"untitled 1": "x"}},
		"saved elsewhere":     {func(s *Documents) { s.SaveAs(0, path); wait(s); s.Edit("y"); s.SaveAs(0, path+"2"); wait(s) }, nil},
		"reverted":            {func(s *Documents) { s.SaveAs(0, path); wait(s); s.Edit("y"); s.Revert(0); wait(s) }, nil},
		"written by another": {func(s *Documents) {
			s.SaveAs(0, path)
			wait(s)
			s.Edit("y")
			s.fileChanged(fileText{path: path, Program: files.Program{Text: "y"}})
		}, nil},
		"formatted": {func(s *Documents) { s.Edit("cls"); s.Format() }, map[string]string{"untitled 1": pxl.Format("cls")}},
	} {
		got := recovered(t, func(s *Documents) {
			s.NewDocument()
			s.Edit("x")
			c.use(s)
		})
		if !maps.Equal(got, c.want) {
			t.Errorf("%s: recovered %q, want %q", name, got, c.want)
		}
	}
}

// leave has a process end with these texts unsaved.
func leave(t *testing.T, dir string, texts ...recovery.Text) {
	t.Helper()
	r := openRecovery(t, dir)
	for _, text := range texts {
		r.Put(text.Name, text)
	}
	r.Close()
}

func TestRecoveredTextIsUnsavedAgainstItsFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p.pxl")
	must(t, os.WriteFile(path, []byte("saved"), 0o644))
	for name, c := range map[string]struct {
		left recovery.Text
		open string // what is open of the file when it is recovered; "" nothing
		want string
	}{
		"edits":                     {recovery.Text{Path: path, Base: digest("saved"), Text: "edited"}, "", `"edited" dirty`},
		"of unknown base":           {recovery.Text{Path: path, Text: "edited"}, "", `"edited" dirty`},
		"the file is another":       {recovery.Text{Path: path, Base: digest("older"), Text: "edited"}, "", `"edited" conflict dirty`},
		"the file has them":         {recovery.Text{Path: path, Base: digest("older"), Text: "saved"}, "", `"saved"`},
		"the file is gone":          {recovery.Text{Path: path + "2", Base: digest("older"), Text: "edited"}, "", `"edited" dirty missing`},
		"no file yet":               {recovery.Text{Text: "edited"}, "", `"edited" dirty`},
		"open as it is":             {recovery.Text{Path: path, Base: digest("saved"), Text: "edited"}, "saved", `"edited" dirty`},
		"open, the file is another": {recovery.Text{Path: path, Base: digest("older"), Text: "edited"}, "saved", `"edited" conflict dirty`},
		"open, edited again":        {recovery.Text{Path: path, Base: digest("saved"), Text: "edited"}, "newer", `"edited" dirty`},
	} {
		left := t.TempDir()
		c.left.Name = name
		leave(t, left, c.left)
		s := newHandDocuments()
		s.unsaved.store = openRecovery(t, left)
		if c.open != "" {
			s.OpenText("p.pxl", path, "saved")
			s.Edit(c.open)
		}
		s.Recover(s.Recovered()[0])
		if got := disk(s.Active()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.open == "newer" && (len(s.all) != 2 || s.all[0].text != "newer") {
			t.Errorf("%s: newer edits were lost", name)
		}
		if len(s.Recovered()) != 0 {
			t.Errorf("%s: it is offered again", name)
		}
		s.unsaved.store.Close()
		want := map[string]string{}
		if d := s.Active(); d.Dirty() {
			want[d.Name] = "edited"
		}
		if c.open == "newer" {
			want["p.pxl"] = "newer"
		}
		if got := leftIn(t, left); !maps.Equal(got, want) {
			t.Errorf("%s: a second crash leaves %q, want %q", name, got, want)
		}
	}
}

func TestRecoveredTextsAreDroppedOneByOne(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, recovery.Text{Name: "a", Text: "x"}, recovery.Text{Name: "b", Text: "y"})
	s := newHandDocuments()
	s.unsaved.store = openRecovery(t, dir)
	for _, l := range s.Recovered() {
		if l.Name == "a" {
			s.Discard(l)
		}
	}
	s.unsaved.store.Close()
	if got := leftIn(t, dir); !maps.Equal(got, map[string]string{"b": "y"}) {
		t.Errorf("left %q", got)
	}
}

func TestNobodysWorkIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p.pxl")
	for name, c := range map[string]struct {
		before, meanwhile string // what the file holds; "-": there is none
		want              string // the document after Ctrl-S
		holds             string
	}{
		"nobody wrote":          {"a", "a", `"mine"`, "mine"},
		"another program wrote": {"a", "theirs", `"mine" conflict dirty`, "theirs"},
		"it wrote the same":     {"a", "mine", `"mine"`, "mine"},
		"it made other ends":    {"a\n", "a\r\n", `"mine"`, "mine"},
		"it removed the file":   {"a", "-", `"mine"`, "mine"},
		"it is no text now":     {"a", "\x00", `"mine" dirty`, "\x00"},
		"new":                   {"-", "-", `"mine"`, "mine"},
		"new, and made":         {"-", "theirs", `"mine" conflict dirty`, "theirs"},
	} {
		put := func(text string) {
			if os.Remove(path); text != "-" {
				must(t, os.WriteFile(path, []byte(text), 0o644))
			}
		}
		s := newHandDocuments()
		asked := 0
		s.OnConflict(func(*Document) { asked++ })
		put(c.before)
		s.OpenTogether([]Opening{{Path: path, MayBeNew: true}}, 0, func(int, *Document, error) {})
		s.wait()
		s.Edit("mine")
		put(c.meanwhile) // and no watcher tells of it
		s.Save(0)
		s.wait()
		d := s.Active()
		if b, _ := os.ReadFile(path); disk(d) != c.want || string(b) != c.holds {
			t.Errorf("%s: %s, and the file holds %q", name, disk(d), b)
		}
		if (asked == 1) != d.Conflict {
			t.Errorf("%s: asked %d times", name, asked)
		}
		if !d.Conflict {
			continue
		}
		if d.Theirs() != c.holds {
			t.Errorf("%s: theirs is %q", name, d.Theirs())
		}
		if s.Save(0); asked != 2 || s.Saving(0) {
			t.Errorf("%s: it is saved without an answer", name)
		}
		s.KeepMine(0)
		s.Save(0)
		s.wait()
		if b, _ := os.ReadFile(path); string(b) != "mine" || d.Dirty() {
			t.Errorf("%s: kept mine, and the file holds %q", name, b)
		}
	}
}

func TestAFileKeepsItsLineEndsAndMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	must(t, os.WriteFile(path, []byte("\ufeffCLS\r\nHALT\r\n"), 0o644))
	s := newHandDocuments()
	s.Open(path)
	s.wait()
	if got := disk(s.Active()); got != `"CLS\nHALT\n"` {
		t.Fatal(got)
	}
	s.Edit("CLS\nNOP\nHALT\n")
	s.Save(0)
	s.wait()
	if b, _ := os.ReadFile(path); string(b) != "\ufeffCLS\r\nNOP\r\nHALT\r\n" {
		t.Errorf("the file holds %q", b)
	}
}

func TestASentenceGoesWhenWhatItSaysIsOver(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "p.pxl")
	s := newHandDocuments()
	s.Open(path)
	s.wait()
	s.NewDocument()
	s.Edit("x")
	s.SaveAs(0, path)
	s.wait()
	if told := s.told(); len(told) != 2 {
		t.Fatalf("%q", told)
	}
	s.SaveAs(0, path)
	s.wait()
	if told := s.told(); len(told) != 2 {
		t.Errorf("said twice: %q", told)
	}
	must(t, os.Mkdir(filepath.Dir(path), 0o755))
	s.SaveAs(0, path)
	s.wait()
	if told := s.told(); len(told) != 2 || told[1] != "Saved p.pxl" {
		t.Errorf("saved: %q", told)
	}
	s.Close(0)
	s.Open(path)
	s.wait()
	if told := s.told(); !slices.Equal(told, []string{"Saved p.pxl"}) {
		t.Errorf("opened: %q", told)
	}
}
