package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// The toolkit, and the version that the mends are for.
const (
	toolkit        = "gioui.org"
	toolkitVersion = "v0.10.3"
)

// A change puts text in the place of a part of a file, which is there once; at the
// file's end where was is "".
type change struct{ was, is string }

func (c change) made(text []byte) ([]byte, error) {
	if c.was == "" {
		return append(bytes.Clone(text), c.is...), nil
	}
	if n := bytes.Count(text, []byte(c.was)); n != 1 {
		return nil, fmt.Errorf("this is there %d times, and was once:\n%s", n, c.was)
	}
	return bytes.Replace(text, []byte(c.was), []byte(c.is), 1), nil
}

// ours are the changes in this module that a copy of the toolkit is built with.
// They go with the last of the mends.
func ours(toolkitDir string) map[string][]change {
	return map[string][]change{
		"go.mod":                   {{"", "\nreplace " + toolkit + " => " + strconv.Quote(toolkitDir) + "\n"}},
		"app/ui/display/mended.go": {{"const Mended = false", "const Mended = true"}},
	}
}

// notch is how far the wheel scrolls by one, in dp: three lines of the editor.
const notch = "63"

// mends are what is mended, each with when it can go.
var mends = map[string][]change{
	"app/internal/xkb/xkb_unix.go": {
		// The release of a dead key is one more dead key to the table, so that nothing
		// can be composed. Goes when the toolkit feeds presses alone.
		{"\tC.xkb_compose_state_feed(x.compState, sym)\n", "\tif state == key.Press {\n\t\tC.xkb_compose_state_feed(x.compState, sym)\n\t}\n"},
		// Keys have a name only where they stand for ASCII, so that shortcuts are dead
		// on Cyrillic, Greek and the like. Goes when the toolkit names letters by their
		// key.
		{"if name, ok := convertKeysym(sym); ok {", "if name, ok := x.keyName(kc, sym); ok {"},
		{"", keyName},
	},
	"app/os_wayland.go": {
		// A notch of the wheel is ten times what the compositor says, which differs from
		// one to the next. Goes when a notch is what it is elsewhere.
		{"\tconst discreteScale = 10\n", "\t_, metric := w.getConfig()\n\tnotch := " + notch + " * metric.PxPerDp\n"},
		{"w.scroll.dist.X *= discreteScale", "w.scroll.dist.X = float32(w.scroll.steps.X) * notch"},
		{"w.scroll.dist.Y *= discreteScale", "w.scroll.dist.Y = float32(w.scroll.steps.Y) * notch"},
		// The pointer leaves, as on X11.
		{"\ts.pointerFocus = nil\n\tif w.inCompositor {", "\ts.pointerFocus = nil\n\tif w.inCompositor || w.pointerBtns == 0 {"},
		// The group is the sum of the three, modulo the number of layouts: the third of
		// three would be the first. Goes when the toolkit passes it as the locked one.
		{"uint32(group), uint32(group), uint32(group))", "0, 0, uint32(group))"},
		// That the desktop made the window large, gave it its size back or brought it up
		// again is not taken in. Goes when the states of a window are read.
		{
			"\tw := callbackLoad(data).(*window)\n\tif width != 0 && height != 0 {\n\t\tw.size = image.Pt(int(width), int(height))\n\t\tw.updateOpaqueRegion()\n\t}\n",
			"\tw := callbackLoad(data).(*window)\n\tif width != 0 && height != 0 {\n\t\tw.size = image.Pt(int(width), int(height))\n\t\tw.updateOpaqueRegion()\n\t}\n\tw.takeStates(states, width != 0 && height != 0)\n",
		},
		{"", windowStates},
		// A large window asks to be made large at each new title, and forgets the size that
		// it had before. Goes when only the title is told.
		{
			"\t\tcase Minimized, Fullscreen:\n\t\tdefault:\n\t\t\tw.config.Mode = Maximized\n",
			"\t\tcase Minimized, Fullscreen:\n\t\tcase Maximized:\n\t\t\tw.setTitle(prev, cnf)\n\t\tdefault:\n\t\t\tw.config.Mode = Maximized\n",
		},
		// A press where the window can be moved is told to nobody, so that there are no
		// double clicks. Goes when a window can be moved as an action.
		{
			"\t\tcase system.ActionClose:\n\t\t\tw.requestClose()\n",
			"\t\tcase system.ActionClose:\n\t\t\tw.requestClose()\n\t\tcase system.ActionMove:\n\t\t\tif s := w.disp.seat; s != nil && w.pointerBtns != 0 {\n\t\t\t\tw.pointerBtns = 0 // the desktop takes the button\n\t\t\t\tw.move(s.serial)\n\t\t\t}\n",
		},
		// A clipboard without text is never answered, and never asked again. What was
		// copied here is pasted here, without asking the compositor, who may not have
		// heard of it. Goes when a paste is answered whatever is in the clipboard.
		{
			"\tw.disp.readClipClose = make(chan struct{})\n\tr, err := w.disp.readClipboard()\n\tif r == nil || err != nil {\n\t\treturn\n\t}\n",
			"\tw.disp.readClipClose = make(chan struct{})\n\tr, err := w.disp.readClipboard()\n" +
				"\tif s := w.disp.seat; s != nil && s.source != nil {\n\t\tif r != nil {\n\t\t\tr.Close()\n\t\t}\n\t\tr = io.NopCloser(bytes.NewReader(s.content))\n" +
				"\t} else if r == nil || err != nil {\n\t\tr = io.NopCloser(bytes.NewReader(nil))\n\t}\n",
		},
	},
	"app/os_x11.go": {
		// A notch of the wheel is half a line, once when the wheel is pressed and once
		// when it is let go. Goes when a notch is what it is elsewhere.
		{
			"\t\t\tconst scrollScale = 10\n",
			"\t\t\tscrollScale := " + notch + " * w.metric.PxPerDp\n\t\t\tif bevt._type == C.ButtonRelease && 4 <= bevt.button && bevt.button <= 7 {\n\t\t\t\tcontinue\n\t\t\t}\n",
		},
		// The pointer that leaves the window stays where it was for all that is in the
		// window, with its tooltip. Goes when leaving is an event.
		{"C.PointerMotionMask | // mouse movement", "C.PointerMotionMask | C.LeaveWindowMask | // mouse movement"},
		{
			"\t\tcase C.Expose: // update\n",
			"\t\tcase C.LeaveNotify:\n\t\t\tif w.pointerBtns == 0 { // otherwise it is still followed\n\t\t\t\tw.ProcessEvent(pointer.Event{Kind: pointer.Cancel})\n\t\t\t}\n\t\tcase C.Expose: // update\n",
		},
		// A paste without an answer, as on Wayland.
		{"\t\t\tif cevt.property != prop {\n\t\t\t\tbreak\n\t\t\t}\n", ""},
		{
			"\t\t\tif st := C.XGetTextProperty(w.x, w.xw, &text, prop); st == 0 {\n\t\t\t\t// Failed; ignore.\n\t\t\t\tbreak\n\t\t\t}\n" +
				"\t\t\tif text.format != 8 || text.encoding != w.atoms.utf8string {\n\t\t\t\t// Ignore non-utf-8 encoded strings.\n\t\t\t\tbreak\n\t\t\t}\n" +
				"\t\t\tstr := C.GoStringN((*C.char)(unsafe.Pointer(text.value)), C.int(text.nitems))\n",
			"\t\t\tvar str string\n\t\t\tif cevt.property == prop && C.XGetTextProperty(w.x, w.xw, &text, prop) != 0 && text.format == 8 && text.encoding == w.atoms.utf8string {\n" +
				"\t\t\t\tstr = C.GoStringN((*C.char)(unsafe.Pointer(text.value)), C.int(text.nitems))\n\t\t\t}\n",
		},
	},
	"gpu/gpu.go": keptStencils,
	"app/window.go": {
		// After a window's view is gone its next event opens another window, and the
		// event that says why the first one went is of that. Goes when the toolkit
		// delivers DestroyEvent first.
		{"\tif w.driver == nil {\n\t\tw.init()\n\t}\n", "\tif w.driver == nil && w.coalesced.destroy == nil {\n\t\tw.init()\n\t}\n"},
	},
}

// keyName is a method for the toolkit's keyboard.
const keyName = `
// keyName names a key by what it stands for. A letter of another script than Latin
// has the name that its key has in another of the keyboard's layouts, or on an
// American keyboard.
func (x *Context) keyName(kc C.xkb_keycode_t, sym C.xkb_keysym_t) (key.Name, bool) {
	if name, ok := convertKeysym(sym); ok {
		return name, true
	}
	r := rune(C.xkb_keysym_to_utf32(sym))
	if !unicode.IsLetter(r) || unicode.Is(unicode.Latin, r) {
		return "", false
	}
	for layout := C.xkb_layout_index_t(0); layout < C.xkb_keymap_num_layouts_for_key(x.keyMap, kc); layout++ {
		var syms *C.xkb_keysym_t
		if C.xkb_keymap_key_get_syms_by_level(x.keyMap, kc, layout, 0, &syms) == 1 && 'a' <= *syms && *syms <= 'z' {
			return convertKeysym(*syms)
		}
	}
	// The codes of the three rows of letters.
	for first, row := range map[C.xkb_keycode_t]string{24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"} {
		if first <= kc && kc < first+C.xkb_keycode_t(len(row)) {
			return key.Name(row[kc-first : kc-first+1]), true
		}
	}
	return "", false
}
`

// windowStates is a method for the toolkit's window.
const windowStates = `
// takeStates takes in what the desktop has made of the window. sized says that it
// gave a size too.
func (w *window) takeStates(states *C.struct_wl_array, sized bool) {
	mode, active := Windowed, false
	for _, s := range unsafe.Slice((*C.uint32_t)(states.data), states.size/C.size_t(unsafe.Sizeof(C.uint32_t(0)))) {
		switch s {
		case C.XDG_TOPLEVEL_STATE_FULLSCREEN:
			mode = Fullscreen
		case C.XDG_TOPLEVEL_STATE_MAXIMIZED:
			if mode != Fullscreen {
				mode = Maximized
			}
		case C.XDG_TOPLEVEL_STATE_ACTIVATED:
			active = true
		}
	}
	was := w.config.Mode
	if mode == was || was == Minimized && !active {
		return
	}
	switch {
	case mode != Windowed && was == Windowed:
		w.wsize = w.config.Size
	case mode == Windowed && !sized && w.wsize != (image.Point{}):
		w.size = w.wsize.Div(w.scale)
		w.updateOpaqueRegion()
	}
	w.config.Mode = mode
	w.ProcessEvent(ConfigEvent{Config: w.config})
}
`
