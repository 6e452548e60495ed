package view

import (
	"gioui.org/io/key"
	"gioui.org/layout"
)

// keySet holds the keys the program believes to be held.
type keySet struct {
	held [4]uint64
}

func (k *keySet) has(code uint8) bool { return k.held[code>>6]>>(code&63)&1 == 1 }

// set records a key and reports it, unless it repeats.
func (k *keySet) set(code uint8, down bool, out []Event) []Event {
	if code == 0 || k.has(code) == down {
		return out
	}
	k.held[code>>6] ^= 1 << (code & 63)
	return append(out, Key{Code: code, Down: down})
}

func (k *keySet) releaseAll(out []Event) []Event {
	for code := range 256 {
		out = k.set(uint8(code), false, out)
	}
	return out
}

// releaseShifted releases the keys that Shift gives another name: 1 is pressed
// and, with Shift meanwhile, ! is released.
func (k *keySet) releaseShifted(out []Event) []Event {
	for code := uint8(CodeSpace + 1); code < CodeDelete; code++ {
		if code < 'A' || code > 'Z' {
			out = k.set(code, false, out)
		}
	}
	return out
}

// The codes of keys that write no character. They are those of ASCII where it
// has one; the arrows take the four device controls 17…20.
const (
	CodeBackspace = 8
	CodeTab       = 9
	CodeEnter     = 13
	CodeLeft      = 17
	CodeRight     = 18
	CodeUp        = 19
	CodeDown      = 20
	CodeEscape    = 27
	CodeSpace     = 32
	CodeDelete    = 127
)

var keyCodes = map[key.Name]uint8{
	key.NameDeleteBackward: CodeBackspace,
	key.NameTab:            CodeTab,
	key.NameReturn:         CodeEnter,
	key.NameEnter:          CodeEnter,
	key.NameLeftArrow:      CodeLeft,
	key.NameRightArrow:     CodeRight,
	key.NameUpArrow:        CodeUp,
	key.NameDownArrow:      CodeDown,
	key.NameEscape:         CodeEscape,
	key.NameSpace:          CodeSpace,
	key.NameDeleteForward:  CodeDelete,
}

// KeyCode is the code by which key(c) in a program asks for a key, 0 for one it
// cannot ask for: the ASCII code of the character on it, letters in upper case,
// or one of the Code constants.
func KeyCode(name key.Name) uint8 {
	if c, ok := keyCodes[name]; ok {
		return c
	}
	if len(name) == 1 && name[0] > ' ' && name[0] < 127 {
		return name[0]
	}
	return 0
}

// viewKeys are the canvas' own keys, outside play.
var viewKeys = []key.Name{
	"+", "=", "-", "_", "0", "1",
	key.NameLeftArrow, key.NameRightArrow, key.NameUpArrow, key.NameDownArrow,
}

func (c *Canvas) updateKeys(gtx layout.Context, out []Event) []Event {
	c.updateSpace(gtx)
	if !c.play {
		out = c.keys.releaseAll(out)
		for _, name := range viewKeys {
			for {
				e, ok := gtx.Event(key.Filter{Focus: c, Name: name, Optional: key.ModShift})
				if !ok {
					break
				}
				if e, ok := e.(key.Event); ok && e.State == key.Press {
					c.viewKey(e.Name)
				}
			}
		}
		return out
	}
	for {
		// With Ctrl, Command or Super a key is a shortcut of the window, not the
		// program's; but one that went down before comes up.
		next, ok := gtx.Event(key.Filter{Focus: c, Optional: anyModifier})
		if !ok {
			return out
		}
		e, ok := next.(key.Event)
		if !ok {
			continue
		}
		if e.Name == key.NameShift {
			out = c.keys.releaseShifted(out)
		}
		down := e.State == key.Press
		if down && e.Modifiers&^(key.ModShift|key.ModAlt) != 0 {
			continue
		}
		out = c.keys.set(KeyCode(e.Name), down, out)
		if down && e.Name == key.NameEscape {
			c.play = false
			return append(out, Leave{})
		}
	}
}

const anyModifier = key.ModCtrl | key.ModCommand | key.ModShift | key.ModAlt | key.ModSuper

// updateSpace follows the key that makes a drag a pan, outside play.
func (c *Canvas) updateSpace(gtx layout.Context) {
	if c.play {
		c.hand.space = false
		return
	}
	filter := key.Filter{Focus: c, Name: key.NameSpace, Optional: anyModifier}
	if c.free {
		filter.Focus = nil
	}
	for {
		e, ok := gtx.Event(filter)
		if !ok {
			return
		}
		if e, ok := e.(key.Event); ok {
			c.hand.space = e.State == key.Press
		}
	}
}

func (c *Canvas) viewKey(name key.Name) {
	switch name {
	case "+", "=":
		c.ZoomBy(keyZoom, c.middle())
	case "-", "_":
		c.ZoomBy(1/keyZoom, c.middle())
	case "0":
		c.ShowAll()
	case "1":
		c.OneToOne()
	case key.NameLeftArrow:
		c.cam.panTo(c.cam.offX+keyPan, c.cam.offY)
	case key.NameRightArrow:
		c.cam.panTo(c.cam.offX-keyPan, c.cam.offY)
	case key.NameUpArrow:
		c.cam.panTo(c.cam.offX, c.cam.offY+keyPan)
	case key.NameDownArrow:
		c.cam.panTo(c.cam.offX, c.cam.offY-keyPan)
	}
}
