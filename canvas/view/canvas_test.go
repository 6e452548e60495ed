package view

import (
	"image"
	"reflect"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"pgregory.net/rapid"

	"gvpie/runtime/machine"
)

// bench drives one canvas through a router, as a window does.
type bench struct {
	t      *testing.T
	router input.Router
	ops    op.Ops
	size   image.Point
	canvas Canvas
	clock  time.Duration
}

// newBench shows a 128 × 64 display page in a panel where it fits at 4 pixels a
// texel exactly.
func newBench(t *testing.T) *bench {
	b := &bench{t: t, size: image.Pt(512, 256)}
	b.canvas.SetTexture(machine.MachineTexture, machine.DisplayPage, 128, 64)
	b.frame()
	b.frame()
	return b
}

// frame queues events, lets the canvas update, and lays it out.
func (b *bench) frame(events ...event.Event) []Event {
	b.t.Helper()
	b.router.Queue(events...)
	b.ops.Reset()
	gtx := layout.Context{Ops: &b.ops, Source: b.router.Source(), Constraints: layout.Exact(b.size)}
	out := b.canvas.Update(gtx)
	b.canvas.Layout(gtx, Style{})
	b.router.Frame(&b.ops)
	return out
}

func (b *bench) mouse(k pointer.Kind, x, y float32, held pointer.Buttons) pointer.Event {
	b.clock += time.Millisecond
	return pointer.Event{Kind: k, Source: pointer.Mouse, Position: f32.Pt(x, y), Buttons: held, Time: b.clock}
}

func (b *bench) wheel(x, y, distance float32) pointer.Event {
	e := b.mouse(pointer.Scroll, x, y, 0)
	e.Scroll = f32.Pt(0, distance)
	return e
}

func (b *bench) want(got []Event, want ...Event) {
	b.t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if !reflect.DeepEqual(got, want) {
		b.t.Errorf("events %#v, want %#v", got, want)
	}
}

func TestWheelZoomKeepsTexelUnderPointer(t *testing.T) {
	b := newBench(t)
	b.want(b.frame(b.mouse(pointer.Move, 302, 102, 0)), Hover{75, 25, true})
	b.want(b.frame(b.wheel(302, 102, -30)), Changed{})
	b.want(b.frame(b.wheel(302, 102, -15), b.wheel(302, 102, -15)), Changed{})
	if z := b.canvas.Zoom(); z < 7.999 || z > 8.001 {
		t.Errorf("a wheel distance of 60 zooms to %g, want 8", z)
	}
	for _, notch := range []float32{-20, -20, -20, -10, -10, 20, 20, 20, 20, 20, 20, 20, 20, 20} {
		b.want(b.frame(b.wheel(302, 102, notch)), Changed{})
		if x, y, _ := b.canvas.Pick(f32.Pt(302, 102)); x != 75 || y != 25 {
			t.Fatalf("at zoom %g the pointer is over %d, %d, before 75, 25", b.canvas.Zoom(), x, y)
		}
	}
	if b.canvas.ShowsAll() {
		t.Error("still fitted after a zoom by hand")
	}
}

func TestZoomStopsAtItsEnds(t *testing.T) {
	b := newBench(t)
	for range 20 {
		b.frame(b.wheel(256, 128, -10000))
	}
	if z := b.canvas.Zoom(); z != MaxZoom {
		t.Errorf("zoomed in to %g, want %d", z, MaxZoom)
	}
	b.want(b.frame(b.wheel(256, 128, -10)))
	for range 30 {
		b.frame(b.wheel(256, 128, 10000))
	}
	if z := b.canvas.Zoom(); z != MinZoom {
		t.Errorf("zoomed out to %g, want %g", z, MinZoom)
	}
}

func TestOneWheelEventZoomsByHalfAnOctaveAtMost(t *testing.T) {
	b := newBench(t)
	b.frame(b.wheel(256, 128, -150))
	if z := b.canvas.Zoom(); z < 5.65 || z > 5.66 {
		t.Errorf("a coarse wheel's notch zooms from 4 to %g, want 5.657", z)
	}
}

func TestDragPans(t *testing.T) {
	for _, button := range []pointer.Buttons{pointer.ButtonPrimary, pointer.ButtonTertiary} {
		b := newBench(t)
		b.frame(b.mouse(pointer.Press, 100, 100, button))
		out := b.frame(b.mouse(pointer.Move, 130, 90, button))
		b.want(out, Changed{})
		v := b.canvas.View(b.size)
		if v.X != -7.5 || v.Y != 2.5 {
			t.Errorf("%v: after a drag by 30, −10 pixels at 4 a texel the corner is %g, %g", button, v.X, v.Y)
		}
		b.want(b.frame(b.mouse(pointer.Release, 130, 90, 0)))
		b.want(b.frame(b.mouse(pointer.Move, 200, 10, 0)), Hover{42, 5, true})
		if b.canvas.View(b.size) != v {
			t.Errorf("%v: moving after the release panned on", button)
		}
	}
}

func TestTremblingPressIsAClick(t *testing.T) {
	b := newBench(t)
	b.frame(b.mouse(pointer.Move, 41, 21, 0))
	before := b.canvas.View(b.size)
	b.want(b.frame(
		b.mouse(pointer.Press, 41, 21, pointer.ButtonPrimary),
		b.mouse(pointer.Move, 42, 22, pointer.ButtonPrimary),
		b.mouse(pointer.Release, 42, 22, 0),
	), Click{X: 10, Y: 5})
	if b.canvas.View(b.size) != before {
		t.Error("a click moved the view")
	}
}

func TestDoubleClickFits(t *testing.T) {
	b := newBench(t)
	b.frame(b.wheel(302, 102, -40))
	click := func() []Event {
		return append(b.frame(b.mouse(pointer.Press, 302, 102, pointer.ButtonPrimary)), b.frame(b.mouse(pointer.Release, 302, 102, 0))...)
	}
	b.want(click(), Click{X: 75, Y: 25})
	b.want(click(), Click{X: 75, Y: 25, Double: true}, Changed{})
	if !b.canvas.ShowsAll() || b.canvas.Zoom() != 4 {
		t.Errorf("fitted %v, zoom %g", b.canvas.ShowsAll(), b.canvas.Zoom())
	}
	b.frame(b.wheel(302, 102, -40))
	click()
	b.clock += time.Second
	b.want(click(), Click{X: 75, Y: 25})
	if b.canvas.ShowsAll() {
		t.Error("two slow clicks fitted")
	}
}

func TestKeysZoomAndPanOnlyWithTheFocus(t *testing.T) {
	b := newBench(t)
	b.want(b.frame(key.Event{Name: "+", State: key.Press}))
	b.frame(b.mouse(pointer.Press, 256, 128, pointer.ButtonPrimary), b.mouse(pointer.Release, 256, 128, 0))
	b.frame(b.mouse(pointer.Leave, 600, 128, 0))
	press := func(n key.Name) []Event {
		return b.frame(key.Event{Name: n, State: key.Press}, key.Event{Name: n, State: key.Release})
	}
	b.want(press("+"), Changed{})
	if z := b.canvas.Zoom(); z != 5 {
		t.Errorf("+ zooms to %g, want 5", z)
	}
	b.want(press("-"), Changed{})
	if z := b.canvas.Zoom(); z != 4 {
		t.Errorf("- zooms to %g, want 4", z)
	}
	press(key.NameRightArrow)
	if v := b.canvas.View(b.size); v.X != 12 || v.Y != 0 {
		t.Errorf("→ goes to %g, %g, want 12, 0", v.X, v.Y)
	}
	press("0")
	if v := b.canvas.View(b.size); v.X != 0 || !b.canvas.ShowsAll() {
		t.Errorf("0 goes to %g, fitted %v", v.X, b.canvas.ShowsAll())
	}
	press("1")
	if z := b.canvas.Zoom(); z != 1 {
		t.Errorf("1 zooms to %g, want 1", z)
	}
}

func TestHoverFollowsTheTextureUnderAStillPointer(t *testing.T) {
	b := newBench(t)
	b.want(b.frame(b.mouse(pointer.Move, 300, 150, 0)), Hover{75, 37, true})
	b.want(b.frame(b.mouse(pointer.Move, 301, 151, 0)))
	b.canvas.OneToOne()
	b.want(b.frame(), Hover{108, 54, true}) // where the pointer came onto the texel
	b.want(b.frame(), Hover{109, 55, true}) // where it is
	b.canvas.ShowAll()
	b.want(b.frame(), Hover{75, 37, true})
	b.want(b.frame(b.mouse(pointer.Leave, 600, 200, 0)), Hover{75, 37, false})
}

func TestPicksOnAHumanTextureAreCells(t *testing.T) {
	b := newBench(t)
	b.size = image.Pt(768, 512)
	b.canvas.SetTexture(machine.HumanTexture, machine.DisplayPage, 768, 512)
	b.canvas.SetCell(6, 8)
	b.frame()
	b.want(b.frame(b.mouse(pointer.Move, 65, 80, 0)), Hover{10, 10, true})
	b.want(b.frame(b.mouse(pointer.Move, 66, 80, 0)), Hover{11, 10, true})
	b.canvas.ZoomBy(0.5, f32.Pt(0, 0))
	if x, y, on := b.canvas.Pick(f32.Pt(-1, -1)); x != -1 || y != -1 || on {
		t.Errorf("the pick left of and above the texture is %d, %d, %v", x, y, on)
	}
}

func TestPlayGivesButtonsToTheProgramAndTheMiddleOnePans(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame(b.mouse(pointer.Move, 40, 40, 0))
	b.want(b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary)), Press{10, 10, 1})
	b.want(b.frame(b.mouse(pointer.Move, 48, 40, pointer.ButtonPrimary)), Drag{12, 10, 1}, Hover{12, 10, true})
	both := pointer.ButtonPrimary | pointer.ButtonSecondary
	b.want(b.frame(b.mouse(pointer.Press, 48, 40, both)), Press{12, 10, 3})
	b.want(b.frame(b.mouse(pointer.Release, 48, 40, pointer.ButtonPrimary)), Release{12, 10, 1})
	b.want(b.frame(b.mouse(pointer.Release, 48, 40, 0)), Release{12, 10, 0})
	if !b.canvas.ShowsAll() {
		t.Error("the program's buttons moved the view")
	}
	b.want(b.frame(b.mouse(pointer.Press, 48, 40, pointer.ButtonTertiary)))
	b.want(b.frame(b.mouse(pointer.Move, 52, 40, pointer.ButtonTertiary)), Changed{})
	b.want(b.frame(b.mouse(pointer.Release, 52, 40, 0)))
}

func TestLeavingPlayReleasesWhatTheProgramHolds(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary))
	b.want(b.frame(key.Event{Name: "A", State: key.Press}), Key{'A', true})
	b.want(b.frame(key.Event{Name: "A", State: key.Press}))
	b.want(b.frame(key.Event{Name: "S", Modifiers: key.ModCtrl, State: key.Press}))
	b.canvas.SetPlay(false)
	b.want(b.frame(b.mouse(pointer.Move, 40, 40, pointer.ButtonPrimary)), Release{10, 10, 0}, Key{'A', false})
}

func TestLosingTheFocusReleasesTheKeys(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary), b.mouse(pointer.Release, 40, 40, 0))
	b.want(b.frame(key.Event{Name: key.NameLeftArrow, State: key.Press}), Key{CodeLeft, true})
	b.router.Source().Execute(key.FocusCmd{})
	b.want(b.frame(), Key{CodeLeft, false})
}

func TestLosingTheFocusReleasesTheButtons(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary))
	b.router.Source().Execute(key.FocusCmd{})
	b.want(b.frame(), Release{10, 10, 0})
}

func TestAKeyComesUpWhateverModifierIsHeldThen(t *testing.T) {
	for _, m := range []key.Modifiers{key.ModCtrl, key.ModCommand, key.ModShift, key.ModAlt, key.ModSuper, anyModifier} {
		b := newBench(t)
		b.canvas.SetPlay(true)
		b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary), b.mouse(pointer.Release, 40, 40, 0))
		b.want(b.frame(key.Event{Name: "A", State: key.Press}), Key{'A', true})
		b.want(b.frame(key.Event{Name: "A", Modifiers: m, State: key.Release}), Key{'A', false})
	}
}

func TestAClickPlaysAndEscapeLeaves(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlays(true)
	b.want(b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary)), Play{}, Press{10, 10, 1}, Hover{10, 10, true})
	b.want(b.frame(b.mouse(pointer.Release, 40, 40, 0)), Release{10, 10, 0})
	b.want(b.frame(key.Event{Name: "A", State: key.Press}), Key{'A', true})
	b.want(b.frame(key.Event{Name: key.NameEscape, State: key.Press}), Key{CodeEscape, true}, Leave{})
	if b.canvas.Playing() {
		t.Error("it plays on")
	}
	b.want(b.frame(), Key{CodeEscape, false}, Key{'A', false})
	b.want(b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonSecondary)), Ask{10, 10})
	if b.canvas.Playing() {
		t.Error("the right button plays")
	}
}

func TestAltClickPicksWhoeverHasTheMouse(t *testing.T) {
	for _, playing := range []bool{false, true} {
		b := newBench(t)
		b.canvas.SetPlays(true)
		b.canvas.SetPlay(playing)
		b.frame(b.mouse(pointer.Move, 40, 40, 0))
		alt := func(e pointer.Event) pointer.Event {
			e.Modifiers = key.ModAlt
			return e
		}
		b.want(b.frame(alt(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary)), alt(b.mouse(pointer.Release, 40, 40, 0))), Click{X: 10, Y: 10})
		if b.canvas.Playing() != playing {
			t.Error("it changed who plays")
		}
	}
}

func TestSpaceAndCtrlAreTheCanvasOwn(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlays(true)
	b.canvas.SetFree(true)
	b.frame(b.mouse(pointer.Move, 100, 100, 0))
	b.want(b.frame(key.Event{Name: key.NameSpace, State: key.Press}))
	b.frame(b.mouse(pointer.Press, 100, 100, pointer.ButtonPrimary))
	b.want(b.frame(b.mouse(pointer.Move, 130, 90, pointer.ButtonPrimary)), Changed{})
	b.want(b.frame(b.mouse(pointer.Release, 130, 90, 0)))
	b.want(b.frame(key.Event{Name: key.NameSpace, State: key.Release}))
	if v := b.canvas.View(b.size); v.X != -7.5 || v.Y != 2.5 || b.canvas.Playing() {
		t.Errorf("a drag with Space went to %g, %g; playing %v", v.X, v.Y, b.canvas.Playing())
	}
	b.want(b.frame(b.mouse(pointer.Press, 100, 100, pointer.ButtonPrimary)), Play{}, Press{17, 27, 1}, Hover{17, 27, true})
	b.want(b.frame(b.mouse(pointer.Release, 100, 100, 0)), Release{17, 27, 0})
	b.want(b.frame(key.Event{Name: key.NameSpace, State: key.Press}), Key{CodeSpace, true})
	b.want(b.frame(b.wheel(100, 100, -20)))
	ctrl := b.wheel(100, 100, -20)
	ctrl.Modifiers = key.ModShortcut
	b.want(b.frame(ctrl), Changed{})
}

// Whatever is pressed and let go, in whatever order, with whatever modifiers held and
// wherever the focus goes: what is down for the program was pressed for it, and once
// all is up, all is up for it.
func TestNoKeyStaysDown(t *testing.T) {
	names := []key.Name{"A", "1", key.NameSpace, key.NameLeftArrow, key.NameShift, key.NameEscape, key.NameTab}
	modifiers := []key.Modifiers{0, key.ModShift, key.ModCtrl, key.ModAlt, key.ModSuper, key.ModCtrl | key.ModShift}
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		b.canvas.SetPlays(true)
		held := map[uint8]bool{}
		var button int32
		take := func(out []Event) {
			for _, e := range out {
				switch e := e.(type) {
				case Play:
					b.canvas.SetPlay(true)
				case Key:
					held[e.Code] = e.Down
				case Press:
					button = e.Buttons
				case Drag:
					button = e.Buttons
				case Release:
					button = e.Buttons
				}
			}
		}
		down := map[key.Name]bool{}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			mods := rapid.SampledFrom(modifiers).Draw(rt, "modifiers")
			switch rapid.IntRange(0, 6).Draw(rt, "what") {
			case 0, 1:
				n := rapid.SampledFrom(names).Draw(rt, "key")
				state := key.Press
				if down[n] {
					state = key.Release
				}
				down[n] = !down[n]
				take(b.frame(key.Event{Name: n, Modifiers: mods, State: state}))
			case 2:
				e := b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary)
				e.Modifiers = mods
				take(b.frame(e))
			case 3:
				take(b.frame(b.mouse(pointer.Release, 40, 40, 0)))
			case 4:
				b.router.Source().Execute(key.FocusCmd{})
				take(b.frame())
			case 5:
				take(b.frame(key.FocusEvent{Focus: rapid.Bool().Draw(rt, "window")}))
			case 6:
				b.canvas.SetPlay(rapid.Bool().Draw(rt, "play"))
				take(b.frame())
			}
			for code, is := range held {
				if is && !b.canvas.Playing() && code != CodeEscape {
					take(b.frame())
					if held[code] {
						rt.Fatalf("key %d is down for a program that nobody plays", code)
					}
				}
			}
		}
		for n, is := range down {
			if is {
				take(b.frame(key.Event{Name: n, State: key.Release}))
			}
		}
		take(b.frame(b.mouse(pointer.Release, 40, 40, 0)))
		take(b.frame())
		for code, is := range held {
			if is {
				rt.Errorf("key %d stays down", code)
			}
		}
		if button != 0 {
			rt.Errorf("buttons %d stay down", button)
		}
	})
}

func TestShiftLeavesNoKeyHeld(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame(b.mouse(pointer.Press, 40, 40, pointer.ButtonPrimary), b.mouse(pointer.Release, 40, 40, 0))
	b.want(b.frame(key.Event{Name: "1", State: key.Press}, key.Event{Name: "A", State: key.Press}), Key{'1', true}, Key{'A', true})
	b.want(b.frame(key.Event{Name: key.NameShift, State: key.Press}), Key{'1', false})
	b.want(b.frame(key.Event{Name: "!", Modifiers: key.ModShift, State: key.Release}))
	b.want(b.frame(key.Event{Name: "A", Modifiers: key.ModShift, State: key.Release}), Key{'A', false})
}

func TestIdleAsksForNoFrame(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPicture(image.NewRGBA(image.Rect(0, 0, 512, 256)), b.canvas.View(b.size), b.canvas.cam.tex)
	b.frame(b.mouse(pointer.Move, 100, 100, 0), b.wheel(100, 100, -20))
	for range 3 {
		b.want(b.frame())
		if at, ok := b.router.WakeupTime(); ok {
			t.Fatalf("a still canvas asked for a frame at %v", at)
		}
	}
}

func TestKeyCodes(t *testing.T) {
	for name, want := range map[key.Name]uint8{
		"A": 'A', "7": '7', "/": '/', key.NameSpace: ' ', key.NameUpArrow: CodeUp,
		key.NameReturn: 13, key.NameF5: 0, "É": 0, key.NameShift: 0,
	} {
		if got := KeyCode(name); got != want {
			t.Errorf("key %q has code %d, want %d", name, got, want)
		}
	}
}

func TestTheWheelIsTheProgramsInPlay(t *testing.T) {
	b := newBench(t)
	b.canvas.SetPlay(true)
	b.frame()
	zoom := b.canvas.Zoom()
	scroll := func(distance float32) []Event { return b.frame(b.wheel(50, 50, distance)) }
	wheel := func(got []Event) (notches int) {
		for _, e := range got {
			if w, ok := e.(Wheel); ok {
				notches += w.Notches
			}
		}
		return notches
	}
	for i, c := range []struct {
		distance float32
		want     int
	}{{2 * wheelNotch, -2}, {-wheelNotch, 1}, {wheelNotch / 2, 0}, {wheelNotch/2 + 1, -1}} {
		if got := wheel(scroll(c.distance)); got != c.want {
			t.Errorf("turn %d: %d notches, want %d", i, got, c.want)
		}
	}
	if b.canvas.Zoom() != zoom {
		t.Error("and it zooms")
	}
}
