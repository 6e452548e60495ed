package ui

import (
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
)

// cycleTab brings the tab after or before the front one to the front.
func (w *Workbench) cycleTab(by int) {
	if n := len(w.model.Docs()); n > 0 {
		w.model.SetActive((w.model.ActiveIndex() + by + n) % n)
		w.code.wantFocus = true
	}
}

// OpenAll opens files in tabs, the first in front; with none, the first example,
// so that there is something to see and to change at once.
func (w *Workbench) OpenAll(files []string) {
	for _, f := range files {
		if abs, err := filepath.Abs(f); err == nil {
			w.opening = append(w.opening, abs)
		}
		w.model.Open(f)
	}
	if e := w.side.examples; len(files) == 0 && len(w.recovered) == 0 && len(e) > 0 {
		w.model.OpenExample(e[0].Name, e[0].Source)
	}
}

// arrange puts the tabs of files that are opened together in order, whichever
// was read first.
func (w *Workbench) arrange() {
	place := 0
	for i := 0; i < len(w.opening); i++ {
		at := slices.IndexFunc(w.model.Docs(), func(d *studio.Document) bool { return d.Path == w.opening[i] })
		if at < 0 {
			continue
		}
		w.model.MoveDocument(at, place)
		place++
	}
	if place > 0 && place == len(w.opening) {
		w.model.SetActive(0)
		w.opening = nil
	}
}

// openDialog asks for a program to open.
func (w *Workbench) openDialog() {
	d := newPathDialog("Open a program", "Open", w.startDir(), false, w.wake, w.model.Open)
	if w.native != nil {
		d.native = func() {
			w.native.Open(w.model.Open, func(why string) { w.model.Notify(notice.Problem, why) })
		}
	}
	w.modal = d
}

// save writes document i; one without a path is asked where to. then is called
// once it is on disk.
func (w *Workbench) save(i int, then func()) {
	docs := w.model.Docs()
	if i < 0 || i >= len(docs) {
		return
	}
	if docs[i].Path == "" {
		w.saveAs(i, then)
		return
	}
	w.afterSave(docs[i], then)
	w.model.Save(i)
}

// saveAs asks where to write document i to.
func (w *Workbench) saveAs(i int, then func()) {
	docs := w.model.Docs()
	if i < 0 || i >= len(docs) {
		return
	}
	d := docs[i]
	start := d.Path
	if start == "" {
		start = filepath.Join(w.startDir(), fileName(d.Name))
	}
	chosen := func(path string) {
		if i := slices.Index(w.model.Docs(), d); i >= 0 {
			w.afterSave(d, then)
			w.model.SaveAs(i, path)
		}
	}
	dialog := newPathDialog("Save "+d.Name+" as", "Save", start, true, w.wake, chosen)
	if w.native != nil {
		dialog.native = func() {
			w.native.Save(filepath.Base(start), chosen, func(why string) { w.model.Notify(notice.Problem, why) })
		}
	}
	w.modal = dialog
}

// afterSave has then called when d has been saved.
func (w *Workbench) afterSave(d *studio.Document, then func()) {
	w.model.OnSaved(func(saved *studio.Document) {
		if saved.Path != "" {
			w.side.files.open(w.side.files.dir)
		}
		if saved == d && then != nil {
			after := then
			then = nil
			after()
		}
	})
}

// fileName makes a document's name one of a program file.
func fileName(name string) string {
	name = strings.ReplaceAll(name, " ", "_")
	if !strings.HasSuffix(name, ".pxl") {
		name += ".pxl"
	}
	return name
}

// closeTab closes document i, after a question if there is text to lose.
func (w *Workbench) closeTab(i int) {
	docs := w.model.Docs()
	if i < 0 || i >= len(docs) {
		return
	}
	d := docs[i]
	closeIt := func() {
		for i, open := range w.model.Docs() {
			if open == d {
				w.model.Close(i)
			}
		}
		w.code.wantFocus = true
	}
	if !w.loses(d) {
		closeIt()
		return
	}
	w.model.SetActive(i)
	w.modal = kit.Ask("Save the changes to "+d.Name+"?", "They are lost if you do not.",
		kit.Choice{Label: "Don't save", Look: kit.Quiet, Do: closeIt},
		kit.Choice{Label: "Cancel", Look: kit.Framed, Do: nil},
		kit.Choice{Label: "Save", Look: kit.Primary, Do: func() { w.save(i, closeIt) }})
}

// loses says whether closing a document loses text.
func (w *Workbench) loses(d *studio.Document) bool {
	return d.Dirty() && (d.Path != "" || strings.TrimSpace(d.Text()) != "")
}

// mayClose says whether the window can be closed at once; if not, it asks.
func (w *Workbench) mayClose() bool {
	var unsaved []*studio.Document
	for _, d := range w.model.Docs() {
		if w.loses(d) {
			unsaved = append(unsaved, d)
		}
	}
	if len(unsaved) == 0 {
		return true
	}
	title := "Save the changes to " + unsaved[0].Name + "?"
	if n := len(unsaved); n > 1 {
		title = "Save the changes to " + kit.Count(n, "program") + "?"
	}
	w.modal = kit.Ask(title, "They are lost if you close the window without.",
		kit.Choice{Label: "Don't save", Look: kit.Quiet, Do: func() {
			for i := len(w.model.Docs()) - 1; i >= 0; i-- {
				w.model.Close(i)
			}
			w.quit()
		}},
		kit.Choice{Label: "Cancel", Look: kit.Framed, Do: nil},
		kit.Choice{Label: "Save", Look: kit.Primary, Do: func() { w.saveAll(unsaved) }})
	return false
}

// saveAll saves documents one after the other, then closes the window.
func (w *Workbench) saveAll(docs []*studio.Document) {
	if len(docs) == 0 {
		w.quit()
		return
	}
	for i, d := range w.model.Docs() {
		if d == docs[0] {
			w.model.SetActive(i)
			w.save(i, func() { w.saveAll(docs[1:]) })
			return
		}
	}
}

// Recovered hands over unsaved text that an earlier run left behind; the window
// offers it.
func (w *Workbench) Recovered(r []studio.Recovered) { w.recovered = r }

func (w *Workbench) recoverAll() {
	for _, r := range w.recovered {
		w.model.Recover(r)
	}
	w.recovered = nil
	w.code.wantFocus = true
}

func (w *Workbench) discardRecovered() {
	for _, r := range w.recovered {
		w.model.Discard(r)
	}
	w.recovered = nil
}
