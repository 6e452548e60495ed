package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	"gvpie/runtime/machine"
)

// Inputs are what the frames of a run are given, as JSON Lines: an object for each frame
// in which something changes.
//
//	{"frame": 0, "mx": 3, "my": 4, "mb": 1, "mw": 0, "keys": [65]}
//
// frame counts from 0 and rises. mx and my are the mouse's texel, mb its buttons (1 left,
// 2 right, 4 middle), keys the codes of all keys held (0 to 255). What is left out stays
// as it was; before the first line nothing is held and the mouse is at 0, 0. mw, wheel
// notches, is of its frame alone.
type Inputs []inputLine

type inputLine struct {
	frame int
	input machine.Input
}

// maxInputs is how many lines of inputs are read, and maxInputLine the bytes of one.
const (
	maxInputs    = 1 << 20
	maxInputLine = 1 << 16
)

// ReadInputs reads inputs. Its errors name the line.
func ReadInputs(r io.Reader) (in Inputs, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxInputLine)
	var now machine.Input
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		fail := func(format string, args ...any) (Inputs, error) {
			return nil, fmt.Errorf("line %d: %s", n, fmt.Sprintf(format, args...))
		}
		var l struct {
			Frame          *int
			MX, MY, MB, MW *int32
			Keys           *[]int
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil || d.More() {
			return fail(`it is no object like {"frame": 0, "mx": 3, "my": 4, "mb": 1, "mw": 0, "keys": [65]}`)
		}
		switch {
		case l.Frame == nil || *l.Frame < 0:
			return fail("frame is missing, or below 0")
		case len(in) > 0 && *l.Frame <= in[len(in)-1].frame:
			return fail("frame %d comes after frame %d: frames rise", *l.Frame, in[len(in)-1].frame)
		case len(in) == maxInputs:
			return fail("there are more than %d lines", maxInputs)
		}
		for _, f := range []struct{ from, to *int32 }{{l.MX, &now.MouseX}, {l.MY, &now.MouseY}, {l.MB, &now.Buttons}} {
			if f.from != nil {
				*f.to = *f.from
			}
		}
		if l.Keys != nil {
			now.Keys = [8]uint32{}
			for _, c := range *l.Keys {
				if c < 0 || c > 255 {
					return fail("a key has a code from 0 to 255, not %d", c)
				}
				now.Keys[c>>5] |= 1 << (c & 31)
			}
		}
		line := inputLine{*l.Frame, now}
		if l.MW != nil {
			line.input.Wheel = *l.MW
		}
		in = append(in, line)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	return in, nil
}

// At is what a frame is given, from 0.
func (in Inputs) At(frame int) machine.Input {
	i := sort.Search(len(in), func(i int) bool { return in[i].frame > frame }) - 1
	if i < 0 {
		return machine.Input{}
	}
	given := in[i].input
	if in[i].frame != frame {
		given.Wheel = 0
	}
	return given
}
