package ui

import (
	"strings"

	"gioui.org/io/key"
)

// chord is a key with its modifiers.
type chord struct {
	name key.Name
	mods key.Modifiers
}

// parseKeys reads an action's keys: "F5", "V", "Ctrl-Shift-P".
func parseKeys(s string) (c chord, ok bool) {
	for {
		mod, rest, more := strings.Cut(s, "-")
		if !more || rest == "" {
			break
		}
		switch mod {
		case "Ctrl":
			c.mods |= key.ModShortcut
		case "Shift":
			c.mods |= key.ModShift
		case "Alt":
			c.mods |= key.ModAlt
		default:
			return chord{}, false
		}
		s = rest
	}
	if s == "" {
		return chord{}, false
	}
	c.name = key.Name(s)
	return c, true
}

// filter matches presses of the chord, whatever has the keyboard.
func (c chord) filter() key.Filter { return key.Filter{Name: c.name, Required: c.mods} }

// types says whether the chord is a plain key, which writes text where text is
// being edited.
func (c chord) types() bool {
	return len(c.name) == 1 && c.mods&^key.ModShift == 0
}
