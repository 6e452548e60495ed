package record

import (
	"strings"
	"testing"

	"gvpie/runtime/machine"
)

func TestInputsAreHeldUntilTheyChange(t *testing.T) {
	in, err := ReadInputs(strings.NewReader(`
{"frame": 2, "mx": 3, "my": -4, "mb": 1, "mw": -2, "keys": [65, 255]}

{"frame": 5, "keys": []}
{"frame": 6, "mw": 1, "mb": 0}`))
	if err != nil {
		t.Fatal(err)
	}
	held := machine.Input{MouseX: 3, MouseY: -4, Buttons: 1, Keys: [8]uint32{2: 2, 7: 1 << 31}}
	turned, released, last := held, held, held
	turned.Wheel, released.Keys = -2, [8]uint32{}
	last.Keys, last.Buttons, last.Wheel = [8]uint32{}, 0, 1
	after := last
	after.Wheel = 0
	for frame, want := range []machine.Input{{}, {}, turned, held, held, released, last, after, after} {
		if got := in.At(frame); got != want {
			t.Errorf("frame %d is given %+v, want %+v", frame, got, want)
		}
	}
	if got := (Inputs)(nil).At(3); got != (machine.Input{}) {
		t.Errorf("without inputs: %+v", got)
	}
}

func TestInputsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"x":                                   "line 1: it is no object",
		`{"frame": 0} {"frame": 1}`:           "line 1: it is no object",
		"\n" + `{"frame": 0, "mouse": 3}`:     "line 2: it is no object",
		`{"mx": 0}`:                           "line 1: frame is missing",
		`{"frame": -1}`:                       "line 1: frame is missing, or below 0",
		`{"frame": 3}` + "\n" + `{"frame":3}`: "line 2: frame 3 comes after frame 3: frames rise",
		`{"frame": 0, "keys": [256]}`:         "line 1: a key has a code from 0 to 255, not 256",
		`{"frame": 0, "mx": 99999999999}`:     "line 1: it is no object",
		strings.Repeat(" ", maxInputLine+1):   "it cannot be read",
	} {
		if in, err := ReadInputs(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: %v %v, want %s", text, in, err, want)
		}
	}
}
