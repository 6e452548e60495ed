package ui

import (
	"strconv"
	"testing"

	"gioui.org/io/key"

	"gvpie/app/studio/debugger"
	debugpanel "gvpie/app/ui/debugger"
)

// TestAValueIsChangedWhereItStands: a variable's and that of a word of an array begin a
// branch, which is left.
func TestAValueIsChangedWhereItStands(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.model.Edit(".array hits 20\n.table fades 0x112233 0xFFD166\nn = 0\nloop:\n  n += 1\n  hits[n % 20] = n\n  CLS fades[0]\n  PLOT n 3 red\n  FRAME\n  JMP loop\n")
	d.Until("it runs", func() bool { return d.model.RunState().Frames > 3 })
	look := d.model.Debugger()
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Press("F11")
	d.Until("it is looked at", settled)
	variable := func(name string) debugger.Variable {
		t.Helper()
		for _, v := range look.Now().Globals {
			if v.Name == name {
				return v
			}
		}
		t.Fatalf("there is no %s", name)
		return debugger.Variable{}
	}
	written := func(name string) string {
		v := variable(name)
		return debugpanel.Written(&v)
	}
	n := variable("n")
	set := func(label, text string) {
		t.Helper()
		d.Click(label)
		d.Write(text)
		d.Send(key.Event{Name: key.NameReturn, State: key.Press})
		d.Until("it is set", settled)
	}
	set("n is "+written("n"), "n + 1000")
	if now := look.Now(); now.Branch == "" || variable("n").Value != n.Value+1000 {
		t.Fatalf("n is %d in branch %q", variable("n").Value, now.Branch)
	}
	d.Click("hits is " + written("hits"))
	set("hits[3]", "-7")
	if v := variable("hits").Words[3]; v != -7 {
		t.Errorf("hits[3] is %d", v)
	}
	before := variable("hits").Words[4]
	d.Click("hits[4]")
	d.Write("99")
	d.Press("Escape")
	if v := variable("hits").Words[4]; v != before {
		t.Errorf("Escape sets hits[4] to %d", v)
	}
	set("watch an expression", "n * 2")
	if list := look.Watches().List(); len(list) != 1 || list[0].Text != "n * 2" {
		t.Fatalf("watched is %+v", list)
	}
	d.Until("the watch is known", func() bool { return look.Watches().List()[0].Value == 2*variable("n").Value })
	d.MustFind("n * 2 is " + strconv.Itoa(2*int(variable("n").Value)))
	d.Click("Leave")
	d.Until("it is left", func() bool { return settled() && look.Now().Branch == "" })
	if v := variable("n").Value; v != n.Value {
		t.Errorf("n is %d in the run as it was, want %d", v, n.Value)
	}
}
