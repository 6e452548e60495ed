package studio

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
	"gvpie/runtime/debug"
	"gvpie/runtime/record"
)

// RecordingExt ends the names of recordings.
const RecordingExt = ".pxlrec"

// Recorded is the run that a document was opened from. Its program runs through it
// before anything else, and is then paused.
type Recorded struct {
	Path      string // of its file; "" of one that has none
	Program   string // the name of the program that was recorded, "" where it had none
	recording *record.Recording
	shown     bool
}

// Show says, once, that the run is to be shown.
func (r *Recorded) Show() bool {
	first := r != nil && !r.shown
	if first {
		r.shown = true
	}
	return first
}

// readRecording reads a recording as the text of its program. What is not whole is opened
// as far as it can be had, with a remark.
func readRecording(path string) fileText {
	f := fileText{path: path}
	rec, a, err := debug.OpenRecording(path)
	switch {
	case rec == nil || rec.Source == "":
		f.err = files.Error("open", path, err)
		return f
	case a != nil:
		f.recorded = &Recorded{Path: path, Program: rec.Name, recording: rec}
	}
	f.Text = rec.Source
	if err != nil {
		f.remark = fmt.Sprintf("%s: %v", filepath.Base(path), err)
	}
	return f
}

// documentOfRecording makes the document of a recording that was read.
func documentOfRecording(s *Documents, f fileText) *Document {
	if f.remark != "" {
		s.notices.Add(notice.Warning, f.remark)
	}
	d := &Document{Name: filepath.Base(f.path), Recorded: f.recorded, text: f.Text, saved: f.Text}
	if f.recorded == nil {
		d.Name = strings.TrimSuffix(d.Name, RecordingExt) + ".pxl"
	}
	return d
}

// openRun opens a run that has no file, in a tab of that name, or brings the tab to the
// front that has it.
func openRun(s *Documents, name, text string, rec *record.Recording) {
	for i, d := range s.all {
		if d.Recorded != nil && d.Name == name && d.text == text {
			s.SetActive(i)
			return
		}
	}
	s.add(&Document{Name: name, Recorded: &Recorded{Program: name, recording: rec}, text: text, saved: text})
}

// replayed is the recording that a document's program is to be taken through: none once
// the program is another than the one recorded.
func (d *Document) replayed() *record.Recording {
	if r := d.Recorded; r != nil && d.live != nil && slices.Equal(d.live.Program, r.recording.Program) {
		return r.recording
	}
	return nil
}

// ProgramName is what the document's program is to be called in a file of its own.
func (d *Document) ProgramName() string {
	if d.Recorded != nil {
		return cmp.Or(d.Recorded.Program, strings.TrimSuffix(d.Name, RecordingExt))
	}
	return d.Name
}

// isRecording says whether a path is that of a recording.
func isRecording(path string) bool { return strings.EqualFold(filepath.Ext(path), RecordingExt) }
