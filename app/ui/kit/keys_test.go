package kit

import (
	"testing"

	"gioui.org/io/key"
)

func TestKeysAreReadAsWritten(t *testing.T) {
	for s, want := range map[string]Chord{
		"F5":           {Name: "F5"},
		"V":            {Name: "V"},
		"Ctrl-Shift-P": {Name: "P", Mods: key.ModShortcut | key.ModShift},
		"Ctrl-Tab":     {Name: key.NameTab, Mods: key.ModShortcut},
		"Ctrl-/":       {Name: "/", Mods: key.ModShortcut},
		"Ctrl--":       {Name: "-", Mods: key.ModShortcut},
	} {
		if got, ok := ParseKeys(s); !ok || got != want {
			t.Errorf("%s is read as %+v", s, got)
		}
	}
	for _, s := range []string{"", "Hyper-X"} {
		if c, ok := ParseKeys(s); ok {
			t.Errorf("%q is read as %+v", s, c)
		}
	}
}
