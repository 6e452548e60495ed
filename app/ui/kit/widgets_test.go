package kit_test

import (
	"fmt"
	"image"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/ui/kit"
	"gvpie/app/ui/kit/kittest"
)

// show makes a window of a widget and draws it once.
func show(t *testing.T, width, height int, w func(win *kittest.Window, gtx layout.Context)) *kittest.Window {
	win := kittest.New(t, width, height, 1)
	win.Widget = func(gtx layout.Context) {
		win.Theme.Bounds = win.Size
		w(win, gtx)
	}
	win.Frame()
	return win
}

func TestAMenuIsGoneThroughWithTheKeyboardPastWhatCannotBeChosen(t *testing.T) {
	var menu kit.Menu
	chosen := -1
	items := []kit.MenuItem{{Label: "one", Checked: true}, {}, {Label: "two", Disabled: true}, {Label: "three"}}
	w := show(t, 400, 300, func(win *kittest.Window, gtx layout.Context) {
		if i, ok := menu.Chosen(gtx, items); ok {
			chosen = i
		}
		gtx.Constraints.Min = image.Point{}
		kit.MenuStyle{Theme: win.Theme, Menu: &menu, Items: items}.Layout(gtx, kit.ButtonStyle{Name: "menu"})
	})
	w.Click("menu")
	w.Press(string(key.NameDownArrow))
	w.Press(string(key.NameReturn))
	if chosen != 3 || menu.Open() {
		t.Errorf("item %d is chosen, want 3; open: %v", chosen, menu.Open())
	}
	w.Click("menu")
	w.Click("two")
	if chosen != 3 || !menu.Open() {
		t.Errorf("an item that is disabled was chosen: %d", chosen)
	}
	w.ClickAt(image.Pt(390, 290))
	if menu.Open() {
		t.Error("a press elsewhere leaves the menu open")
	}
}

func TestASplitLeavesBothSidesWhatTheyNeed(t *testing.T) {
	split := kit.Split{Axis: layout.Horizontal, Size: 200, Min: 100, MinOther: 150}
	var first, second int
	measure := func(width *int) layout.Widget {
		return func(gtx layout.Context) layout.Dimensions {
			*width = gtx.Constraints.Max.X
			return layout.Dimensions{Size: gtx.Constraints.Max}
		}
	}
	w := show(t, 600, 100, func(win *kittest.Window, gtx layout.Context) {
		split.Layout(gtx, win.Theme, measure(&first), measure(&second))
	})
	for _, c := range []struct{ from, to, want int }{{200, 300, 300}, {300, 20, 100}, {100, 590, 450}} {
		w.Drag(image.Pt(c.from, 50), image.Pt((c.from+c.to)/2, 50), image.Pt(c.to, 50))
		if first != c.want || first+second != 599 {
			t.Errorf("dragged from %d to %d the sides are %d and %d wide, want %d", c.from, c.to, first, second, c.want)
		}
	}
}

func TestAListOfAMillionRowsDrawsThoseOnScreen(t *testing.T) {
	var list kit.RowList
	cursor, drawn, most, n := -1, 0, 0, 1_000_000
	var last kit.RowChoice
	w := show(t, 200, 260, func(win *kittest.Window, gtx layout.Context) {
		if c, ok := list.Update(gtx, cursor); ok {
			cursor, last = c.Row, c
		}
		drawn = 0
		kit.RowListStyle{
			Theme: win.Theme, List: &list, Name: "rows", N: n, Cursor: cursor, Second: -1, Height: 26,
			Row:   func(layout.Context, int, bool) { drawn++ },
			Label: func(i int) string { return fmt.Sprint("row ", i) },
		}.Layout(gtx)
		most = max(most, drawn)
	})
	w.Click("row 3")
	w.Press(string(key.NameEnd))
	if first, end := list.Visible(); cursor != n-1 || end != n || first < n-12 {
		t.Errorf("at the end row %d is chosen and %d to %d are on screen", cursor, first, end)
	}
	w.Press(string(key.NamePageUp))
	if cursor != n-10 {
		t.Errorf("a page up is row %d, want %d", cursor, n-10)
	}
	w.Press(string(key.NameReturn))
	if !last.Double || last.Row != n-10 {
		t.Errorf("Return chose %+v", last)
	}
	if most > 12 {
		t.Errorf("%d rows are drawn, 10 fit", most)
	}
}

func TestAMoveOfThePointerCostsAListAFrameOnlyOnAnotherRow(t *testing.T) {
	var list kit.RowList
	chosen, n := -1, 4
	w := show(t, 200, 260, func(win *kittest.Window, gtx layout.Context) {
		if c, ok := list.Update(gtx, -1); ok {
			chosen = c.Row
		}
		kit.RowListStyle{
			Theme: win.Theme, List: &list, Name: "rows", N: n, Cursor: -1, Second: -1, Height: 26,
			Row:   func(layout.Context, int, bool) {},
			Label: func(i int) string { return fmt.Sprint("row ", i) },
		}.Layout(gtx)
	})
	for _, m := range []struct {
		what string
		y    int
		want int
	}{{"onto the list", 10, 1}, {"within a row", 25, 0}, {"to the next", 26, 1}, {"below the rows", 120, 1}, {"down there", 250, 0}, {"back up", 103, 1}, {"off the list", 270, 1}, {"beside it", 290, 0}} {
		if got := w.FramesToMoveTo(image.Pt(90, m.y)); got != m.want {
			t.Errorf("%s: %d frames, want %d", m.what, got, m.want)
		}
	}
	// Whatever is scrolled and moved, what is pressed is the row under the pointer.
	n = 1000
	w.Frame()
	w.FramesToMoveTo(image.Pt(90, 100))
	w.Send(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: f32.Pt(90, 100), Scroll: f32.Pt(0, 39)})
	w.FramesToMoveTo(image.Pt(90, 101))
	w.ClickAt(image.Pt(90, 101))
	if first, _ := list.Visible(); first != 1 || chosen != 5 {
		t.Errorf("after a scroll to row %d row %d is pressed", first, chosen)
	}
}

func TestABarIsTakenHoldOfOnOneSideOnly(t *testing.T) {
	split := kit.Split{Axis: layout.Horizontal, Size: 200, Min: 100, MinOther: 150, Before: true}
	w := show(t, 600, 100, func(win *kittest.Window, gtx layout.Context) {
		side := func(gtx layout.Context) layout.Dimensions { return layout.Dimensions{Size: gtx.Constraints.Max} }
		split.Layout(gtx, win.Theme, side, side)
	})
	w.Drag(image.Pt(201, 50), image.Pt(250, 50), image.Pt(300, 50))
	if split.Size != 200 {
		t.Errorf("a drag beside the bar has moved it to %v", split.Size)
	}
	w.Drag(image.Pt(197, 50), image.Pt(250, 50), image.Pt(297, 50))
	if split.Size != 300 {
		t.Errorf("a drag of it by 100 has moved it to %v", split.Size)
	}
}

func TestARemarkInASectionCannotBeChosen(t *testing.T) {
	var list kit.SectionList
	chosen := -1
	rows := []kit.SectionRow{{Heading: "FILES"}, {Label: "nothing here"}, {Label: "up", Do: func() {}}}
	w := show(t, 300, 300, func(win *kittest.Window, gtx layout.Context) {
		if i, ok := list.Update(gtx, rows); ok {
			chosen = i
		}
		list.Layout(gtx, win.Theme, rows)
	})
	w.ClickAt(image.Pt(40, 55))
	if chosen != -1 {
		t.Errorf("row %d is chosen, a remark was pressed", chosen)
	}
	w.Click("up")
	if chosen != 2 {
		t.Errorf("row %d is chosen, want 2", chosen)
	}
}

func TestAQuestionIsAnsweredByReturnAndDismissedByEscape(t *testing.T) {
	for keys, want := range map[string]string{string(key.NameReturn): "yes", string(key.NameEscape): ""} {
		var layer kit.ModalLayer
		said, done := "", false
		q := kit.Ask("Really?", "It cannot be undone.",
			kit.Choice{Label: "No", Do: func() { said = "no" }}, kit.Choice{Label: "Yes", Look: kit.Primary, Do: func() { said = "yes" }})
		w := show(t, 600, 400, func(win *kittest.Window, gtx layout.Context) { done = done || layer.Layout(gtx, win.Theme, q) })
		w.Frame()
		w.Press(keys)
		if said != want || !done {
			t.Errorf("%s says %q, want %q; done: %v", keys, said, want, done)
		}
	}
}

func TestWhatCanBePressedIsBigEnough(t *testing.T) {
	var b kit.Button
	var s kit.Switch
	var f kit.Field
	var click widget.Clickable
	w := show(t, 400, 300, func(win *kittest.Window, gtx layout.Context) {
		gtx.Constraints.Min = image.Point{}
		layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(kit.ButtonStyle{Theme: win.Theme, Button: &b, Name: "run", Icon: kit.IconRun, Height: unit.Dp(22)}.Layout),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.Layout(gtx, win.Theme, "on", true, false) }),
			layout.Rigid(kit.FieldStyle{Theme: win.Theme, Field: &f, Name: "path"}.Layout),
			layout.Rigid(kit.RowStyle{Theme: win.Theme, Click: &click, Label: "row"}.Layout))
	})
	for _, label := range []string{"run", "on", "path", "row"} {
		w.MustFind(label)
	}
	w.CheckLayout()
}
