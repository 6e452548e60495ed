package ui

import (
	"testing"

	"gioui.org/f32"

	"gvpie/runtime/machine"
)

func TestWordsOfPagesAreNamedUnderThePointerAndOnLargeTexels(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.model.Edit(".array trace 8\nSET x = 7\ntrace[2] = 5\nTXT 1 1 HELLO\nHALT\n")
	d.bench.code.front().rev = 0
	d.Press("Ctrl-3")
	v := d.bench.canvases.views[machineSlot]
	for _, tt := range []struct {
		page  machine.Page
		x     int
		texts []string
		large string
	}{
		{machine.DataPage, 0, []string{"frame  ", "data word 0 · "}, "frame"},
		{machine.ProgramPage, 0, []string{"header 0  ", "program word 0 · "}, "header 0"},
		{machine.StatePage, 0, []string{"status  ", "halted", "state word 0 · "}, "status"},
		{machine.WriterPage, 1, nil, "nobody"},
		{machine.DisplayPage, 1, nil, "R 00"},
	} {
		v.page, v.chosen = tt.page, true
		v.canvas.ShowAll()
		d.Frame()
		d.awaitPictures()
		if tt.texts != nil {
			d.MoveTo(d.onView(machineSlot, tt.x, 0))
			d.Until("the word is named", func() bool {
				for _, text := range tt.texts {
					if _, ok := d.Find(text); !ok {
						return false
					}
				}
				return true
			})
			d.Shoot("page_card_" + tt.page.String())
		}
		v.canvas.ZoomBy(64, f32.Point{})
		d.Until("it stands on its texel", func() bool { _, ok := d.Find(tt.large); return ok })
		d.awaitPictures()
		d.Shoot("page_large_" + tt.page.String())
	}
	d.Press("Ctrl-4")
	d.Until("nothing is read for a view that is not there", func() bool { return d.model.Words() == nil })
}

// TestTheWriterPageLeadsToItsLines: the line under the pointer is named, and a click goes to
// it.
func TestTheWriterPageLeadsToItsLines(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.model.Edit("NOP\nCLS navy\nRECT 4 2 30 10 red\nHALT\n")
	d.bench.code.front().rev = 0
	d.Press("Ctrl-3")
	v := d.bench.canvases.views[machineSlot]
	v.page, v.chosen = machine.WriterPage, true
	v.canvas.ShowAll()
	d.Frame()
	d.awaitPictures()
	at := d.onView(machineSlot, 20, 8)
	d.MoveTo(at)
	d.Until("the line is named", func() bool { _, ok := d.Find("line 3  "); return ok })
	d.ClickAt(at)
	d.Frame()
	if line, _, _ := d.bench.code.caret(); line != 3 {
		t.Errorf("a click goes to line %d, want 3", line)
	}
}
