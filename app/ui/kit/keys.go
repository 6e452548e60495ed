package kit

import (
	"strings"

	"gioui.org/io/key"
)

// Chord is a key with its modifiers.
type Chord struct {
	Name key.Name
	Mods key.Modifiers
}

// ParseKeys reads an action's keys: "F5", "V", "Ctrl-Shift-P".
func ParseKeys(s string) (c Chord, ok bool) {
	for {
		mod, rest, more := strings.Cut(s, "-")
		if !more || rest == "" {
			break
		}
		switch mod {
		case "Ctrl":
			c.Mods |= key.ModShortcut
		case "Shift":
			c.Mods |= key.ModShift
		case "Alt":
			c.Mods |= key.ModAlt
		default:
			return Chord{}, false
		}
		s = rest
	}
	if s == "" {
		return Chord{}, false
	}
	c.Name = key.Name(s)
	return c, true
}

// Filter matches presses of the chord, whatever has the keyboard.
func (c Chord) Filter() key.Filter { return key.Filter{Name: c.Name, Required: c.Mods} }

// Types says whether the chord is a plain key, which writes text where text is
// being edited.
func (c Chord) Types() bool {
	return len(c.Name) == 1 && c.Mods&^key.ModShift == 0
}
