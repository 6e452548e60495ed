package ui

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// editorKeys are actions whose keys the editor takes itself, or the canvas; they are listed
// with their keys, and done from the palette, but not bound here.
var editorKeys = map[string]bool{
	"edit.undo": true, "edit.redo": true, "edit.find": true, "edit.replace": true,
	"edit.comment": true, "edit.line": true, "edit.definition": true,
	"overlay.caret.all": true, // which is held
}

// commands are the window's actions and the keys they are bound to.
type commands struct {
	list   []*studio.Action
	chords map[string]kit.Chord // by the action's ID
	keys   []key.Filter         // those that mean an action while text is edited
}

func newCommands(list []*studio.Action) commands {
	c := commands{list: list, chords: bindKeys(list)}
	for _, a := range list {
		if chord, ok := c.chords[a.ID]; ok && !chord.Types() {
			c.keys = append(c.keys, chord.Filter())
		}
	}
	return c
}

// find gives the action with an ID.
func (c *commands) find(id string) *studio.Action {
	for _, a := range c.list {
		if a.ID == id {
			return a
		}
	}
	panic("no action " + id)
}

// update does the actions whose keys were pressed. typing says that plain keys
// write text. Under a dialog only the palette's and the help's own keys count; the
// others are given back, for the dialog may end in this frame.
func (c *commands) update(gtx layout.Context, typing, dialog bool) (later []*studio.Action) {
	for _, a := range c.list {
		chord, ok := c.chords[a.ID]
		if !ok || typing && chord.Types() {
			continue
		}
		wait := dialog && a.ID != "help.palette" && a.ID != "help.open"
		for {
			e, ok := gtx.Event(chord.Filter())
			if !ok {
				break
			}
			switch e, ok := e.(key.Event); {
			case !ok || e.State != key.Press:
			case wait:
				later = append(later, a)
			default:
				a.Invoke()
			}
		}
	}
	return later
}

// do does the action of a key that keys let through.
func (c *commands) do(k key.Event) {
	for _, a := range c.list {
		if chord, ok := c.chords[a.ID]; ok && chord.Name == k.Name && chord.Mods == k.Modifiers {
			a.Invoke()
			return
		}
	}
}

// bindKeys reads the keys of every action once.
func bindKeys(actions []*studio.Action) map[string]kit.Chord {
	out := make(map[string]kit.Chord)
	for _, a := range actions {
		if a.Keys == "" || editorKeys[a.ID] {
			continue
		}
		c, ok := kit.ParseKeys(a.Keys)
		if !ok {
			panic("action " + a.ID + " has keys that mean nothing: " + a.Keys)
		}
		out[a.ID] = c
	}
	return out
}
