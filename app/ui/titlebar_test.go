package ui

import (
	"slices"
	"testing"
	"time"

	"gioui.org/app"
	"gioui.org/f32"
	"gioui.org/io/pointer"
	"gioui.org/io/system"
)

// undecorated is a desk whose window has its own title bar, and what that asks of the
// desktop.
func undecorated(t *testing.T) (d *desk, asked func() []system.Action) {
	t.Helper()
	d = newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	var all []system.Action
	d.bench.titleBar.Perform = func(a system.Action) { all = append(all, a) }
	d.bench.configure(app.Config{Mode: app.Windowed})
	d.Frame()
	return d, func() []system.Action {
		got := all
		all = nil
		return got
	}
}

func TestTheWindowsOwnTitleBarIsThereOnlyWithoutTheDesktops(t *testing.T) {
	for _, tt := range []struct {
		config app.Config
		want   string
	}{
		{app.Config{Decorated: true, Mode: app.Windowed}, ""},
		{app.Config{Decorated: true, Mode: app.Maximized}, ""},
		{app.Config{Mode: app.Fullscreen}, ""},
		{app.Config{Mode: app.Windowed}, "restored"},
		{app.Config{Mode: app.Maximized}, "maximised"},
	} {
		d, _ := undecorated(t)
		d.bench.configure(tt.config)
		d.Frame()
		if got := d.bench.state(d.Context()).TitleBar; got != tt.want {
			t.Errorf("%+v: the title bar is %q, want %q", tt.config, got, tt.want)
		}
		if _, there := d.Find("Close the window"); there != (tt.want != "") {
			t.Errorf("%+v: the title bar is there: %v", tt.config, there)
		}
		d.CheckLayout()
	}
}

func TestTheTitleBarsButtonsAskTheDesktop(t *testing.T) {
	d, asked := undecorated(t)
	click := func(name string, want system.Action) {
		t.Helper()
		d.Click(name)
		if got := asked(); !slices.Equal(got, []system.Action{want}) {
			t.Errorf("%s asks for %v, want %v", name, got, want)
		}
	}
	click("Minimise the window", system.ActionMinimize)
	click("Maximise the window", system.ActionMaximize)
	click("Close the window", system.ActionClose)
	d.bench.configure(app.Config{Mode: app.Maximized})
	d.Frame()
	click("Restore the window", system.ActionUnmaximize)
	if d.Click("more actions"); !d.bench.top.tools.menuOpen() {
		t.Error("what is under the title bar is not where it is drawn")
	}
}

func TestADragMovesTheWindowAndADoubleClickMakesItLarge(t *testing.T) {
	d, asked := undecorated(t)
	at := func(kind pointer.Kind, x, y float32, ms int) {
		e := pointer.Event{Kind: kind, Source: pointer.Mouse, Position: f32.Pt(x, y), Time: time.Hour + time.Duration(ms)*time.Millisecond}
		if kind != pointer.Release {
			e.Buttons = pointer.ButtonPrimary
		}
		d.Send(e)
	}
	want := func(what string, actions ...system.Action) {
		t.Helper()
		if got := asked(); !slices.Equal(got, actions) {
			t.Errorf("%s asks for %v, want %v", what, got, actions)
		}
	}
	at(pointer.Press, 300, 10, 0)
	at(pointer.Move, 302, 11, 10)
	want("a mouse that trembles")
	at(pointer.Move, 320, 20, 20)
	at(pointer.Move, 340, 30, 30)
	want("a drag", system.ActionMove)
	d.Send(pointer.Event{Kind: pointer.Cancel}) // the desktop has it now

	at(pointer.Press, 300, 10, 100)
	at(pointer.Release, 300, 10, 110)
	want("a click soon after")
	at(pointer.Press, 301, 10, 200)
	want("a double click", system.ActionMaximize)
	at(pointer.Release, 301, 10, 210)
	at(pointer.Press, 301, 10, 300)
	at(pointer.Release, 301, 10, 310)
	want("the third click")
	at(pointer.Press, 301, 10, 2000)
	at(pointer.Release, 301, 10, 2010)
	want("a late click")
	at(pointer.Press, 500, 10, 2100)
	at(pointer.Release, 500, 10, 2110)
	want("a click elsewhere")
}
