package studio

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
)

// Opening is a program that is to have a tab: a file, or an example.
type Opening struct {
	Path     string // "" of an example
	MayBeNew bool   // where there is no such file yet, saving the document makes it
	Example  string
	Text     string // of the example
	Preview  bool
}

// OpenTogether opens programs in tabs of this order, after those that are open, and
// brings one of them to the front. Files are read in the background, each on its own: one
// on a disk that does not answer keeps none of the others. opened is called for each on
// the window's goroutine, with its document or why there is none. A new file begins
// as NewDocument does.
func (s *Documents) OpenTogether(list []Opening, front int, opened func(i int, d *Document, err error)) {
	t := newTogether(s, len(list), front)
	for i, o := range list {
		if o.Path == "" {
			opened(i, t.place(i, &Document{Name: o.Example + ".pxl", Example: o.Example, Preview: o.Preview, text: o.Text, saved: o.Text}), nil)
			continue
		}
		abs, err := filepath.Abs(o.Path)
		if err != nil {
			opened(i, nil, files.Error("open", o.Path, err))
			continue
		}
		background(s.inbox, func() newFile { return readOrBegin(abs, o.MayBeNew) }, func(f newFile) {
			d, err := t.take(i, f)
			opened(i, d, err)
		})
	}
}

// newFile is a file that was read, or that there is not yet.
type newFile struct {
	fileText
	isNew bool
}

func readOrBegin(path string, mayBeNew bool) newFile {
	f := newFile{fileText: readFile(path)}
	if mayBeNew && !isRecording(path) && errors.Is(f.err, fs.ErrNotExist) {
		if info, err := os.Stat(filepath.Dir(path)); err == nil && info.IsDir() {
			f.err, f.isNew = nil, true
		}
	}
	return f
}

// together are programs that are opened in one go.
type together struct {
	s      *Documents
	before []int // IDs of the documents that were open
	ids    []int // of those of them that are there, 0 of the others
	front  int
}

func newTogether(s *Documents, n, front int) *together {
	t := &together{s: s, ids: make([]int, n), front: front}
	for _, d := range s.all {
		t.before = append(t.before, d.ID)
	}
	return t
}

func (t *together) take(i int, f newFile) (*Document, error) {
	if f.err != nil {
		return nil, f.err
	}
	if at := slices.IndexFunc(t.s.all, func(d *Document) bool { return d.Path == f.path || d.Recorded != nil && d.Recorded.Path == f.path }); at >= 0 {
		d := t.s.all[at] // it was asked for twice
		t.ids[i] = d.ID
		t.show(i, at)
		return d, nil
	}
	d := documentOf(t.s, f.fileText)
	if f.isNew {
		d.New, d.text, d.saved = true, t.s.begin, t.s.begin
		t.s.notices.Add(notice.Done, d.Name+" is a new file: saving makes it")
	}
	return t.place(i, d), nil
}

// place gives program i its tab, right of those that come before it.
func (t *together) place(i int, d *Document) *Document {
	at := 0
	for j, open := range t.s.all {
		if slices.Contains(t.before, open.ID) || slices.Contains(t.ids[:i], open.ID) {
			at = j + 1
		}
	}
	t.s.insert(at, d)
	t.ids[i] = d.ID
	t.show(i, at)
	return d
}

// show brings the one that is to be in front there, and any where there is none yet. It
// takes the place of one of them, not of one that a person opened since.
func (t *together) show(i, at int) {
	if now := t.s.Active(); now == nil || i == t.front && (slices.Contains(t.before, now.ID) || slices.Contains(t.ids, now.ID)) {
		t.s.SetActive(at)
	}
}
