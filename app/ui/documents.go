package ui

import (
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/recovery"
	"gvpie/app/ui/kit"
)

// documents opens, saves and closes the programs in the tabs, and asks whatever
// has to be asked first.
type documents struct {
	*shell
	native  nativeDialogs // nil without a desktop's own
	folder  *files.Folder // where dialogs begin, and what is listed again after a save
	quit    func()        // closes the window, whatever is unsaved
	part    func()        // the tabs are about to be closed because the window is
	leaving bool          // the loop has been asked about
}

// cycle brings the tab after or before the front one to the front.
func (d *documents) cycle(by int) {
	if n := len(d.model.Docs()); n > 0 {
		d.model.SetActive((d.model.ActiveIndex() + by + n) % n)
		d.code.focus()
	}
}

// askOpen asks for a program to open.
func (d *documents) askOpen() {
	d.ask(programFiles, "Open", d.model.Open)
}

// askRecording asks for a recording to open.
func (d *documents) askRecording() { d.ask(recordingFiles, "Open", d.model.Open) }

// askPicture asks for a picture to become a part of the program in front.
func (d *documents) askPicture(chosen func(path string)) { d.ask(pictureFiles, "Import", chosen) }

// ask asks for a file.
func (d *documents) ask(of fileKind, verb string, chosen func(path string)) {
	dialog := openPathDialog(of, verb, d.startDir(), d.wake, chosen)
	if d.native != nil {
		dialog.native = func() { d.native.Open(of, d.startDir(), chosen, d.tell) }
	}
	d.dialogs.open(dialog)
}

// startDir is the folder that dialogs begin in.
func (d *documents) startDir() string {
	if doc := d.model.Active(); doc != nil && doc.Path != "" {
		return filepath.Dir(doc.Path)
	}
	return d.folder.Dir
}

// tell shows why the desktop's own dialog did not do.
func (d *documents) tell(why string) { d.model.Notify(notice.Problem, why) }

// at is document i; nil when there is none.
func (d *documents) at(i int) *studio.Document {
	if docs := d.model.Docs(); i >= 0 && i < len(docs) {
		return docs[i]
	}
	return nil
}

// save writes document i; one without a path is asked where to. then is called
// once it is on disk.
func (d *documents) save(i int, then func()) {
	switch doc := d.at(i); {
	case doc == nil:
	case doc.Path == "":
		d.saveAs(i, then)
	default:
		d.afterSave(doc, then)
		d.model.Save(i)
	}
}

// saveAs asks where to write document i to.
func (d *documents) saveAs(i int, then func()) {
	doc := d.at(i)
	if doc == nil {
		return
	}
	start := doc.Path
	if start == "" {
		start = filepath.Join(d.startDir(), fileName(doc.ProgramName()))
	}
	chosen := func(path string) {
		if i := slices.Index(d.model.Docs(), doc); i >= 0 {
			d.afterSave(doc, then)
			d.model.SaveAs(i, path)
		}
	}
	dialog := newPathDialog("Save "+doc.Name+" as", "Save", start, true, d.wake, chosen)
	if d.native != nil {
		dialog.native = func() { d.native.Save(start, chosen, d.tell) }
	}
	d.dialogs.open(dialog)
}

// afterSave has then called when a document has been saved.
func (d *documents) afterSave(doc *studio.Document, then func()) {
	d.model.OnSaved(func(saved *studio.Document) {
		if saved.Path != "" {
			d.folder.Open(d.folder.Dir)
		}
		if saved == doc && then != nil {
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

// close closes document i, after a question if there is text to lose.
func (d *documents) close(i int) {
	doc := d.at(i)
	if doc == nil {
		return
	}
	closeIt := func() {
		for i, open := range d.model.Docs() {
			if open == doc {
				d.model.Close(i)
			}
		}
		d.code.focus()
	}
	if !losesText(doc) {
		closeIt()
		return
	}
	d.model.SetActive(i)
	d.dialogs.open(kit.Ask("Save the changes to "+doc.Name+"?", "They are lost if you do not.",
		kit.Choice{Label: "Don't save", Look: kit.Quiet, Do: closeIt},
		kit.Choice{Label: "Cancel", Look: kit.Framed},
		kit.Choice{Label: "Save", Look: kit.Primary, Do: func() { d.save(i, closeIt) }}))
}

// losesText says whether closing a document loses text.
func losesText(doc *studio.Document) bool {
	return doc.Dirty() && (doc.Path != "" || strings.TrimSpace(doc.Text()) != "")
}

// mayClose says whether the window can be closed at once; if not, it asks.
func (d *documents) mayClose() bool {
	d.dialogs.dismiss() // a sprite that is drawn is text to lose
	var unsaved []*studio.Document
	for _, doc := range d.model.Docs() {
		if losesText(doc) {
			unsaved = append(unsaved, doc)
		}
	}
	if len(unsaved) == 0 {
		return d.leaving || !d.askAboutLoop()
	}
	title := "Save the changes to " + unsaved[0].Name + "?"
	if n := len(unsaved); n > 1 {
		title = "Save the changes to " + kit.Count(n, "program") + "?"
	}
	d.dialogs.open(kit.Ask(title, "They are lost if you close the window without.",
		kit.Choice{Label: "Don't save", Look: kit.Quiet, Do: func() {
			d.part()
			for i := len(d.model.Docs()) - 1; i >= 0; i-- {
				d.model.Close(i)
			}
			d.closeWindow()
		}},
		kit.Choice{Label: "Cancel", Look: kit.Framed},
		kit.Choice{Label: "Save", Look: kit.Primary, Do: func() { d.saveAll(unsaved) }}))
	return false
}

// saveAll saves documents one after the other, then closes the window.
func (d *documents) saveAll(docs []*studio.Document) {
	if len(docs) == 0 {
		d.closeWindow()
		return
	}
	if i := slices.Index(d.model.Docs(), docs[0]); i >= 0 {
		d.model.SetActive(i)
		d.save(i, func() { d.saveAll(docs[1:]) })
	}
}

// recover opens text that an earlier window left behind.
func (d *documents) recover(l recovery.Left) {
	d.model.Recover(l)
	d.code.focus()
}

// closeWindow closes the window, after whatever has to be asked first.
func (d *documents) closeWindow() {
	if d.mayClose() {
		d.quit()
	}
}

// leave closes the window now that it has been asked about the loop.
func (d *documents) leave() {
	d.leaving = true
	d.quit()
}

// askAboutLoop asks whether the window is to close when the loop stops with it, and
// something is lost by that. It is false when there is nothing to ask.
func (d *documents) askAboutLoop() bool {
	a := d.model.Agent()
	lost := a.LostByClosing()
	if lost == 0 {
		return false
	}
	text := kit.Count(lost, "script") + " will not run until this window, or gvpie daemon, is started again."
	again := &kit.Option{Label: "Don't ask again"}
	then := func(do func()) func() {
		return func() {
			if again.On {
				a.AskNoMore(do)
				return
			}
			do()
		}
	}
	var choices []kit.Choice
	if a.CanKeepRunning() {
		text += " Kept running, the loop is a service of systemd: now, and at every login."
		choices = append(choices, kit.Choice{Label: "Keep running", Look: kit.Framed, Do: then(func() { a.KeepRunning(d.leave) })})
	}
	q := kit.Ask("The loop stops with this window", text, append(choices,
		kit.Choice{Label: "Cancel", Look: kit.Framed},
		kit.Choice{Label: "Close", Look: kit.Primary, Do: then(d.leave)})...)
	q.Option = again
	d.dialogs.open(q)
	return true
}
