package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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

// Change is what a frame is given anew.
type Change struct {
	Frame *int   `json:"frame" jsonschema:"the frame, from 0; they rise"`
	MX    *int32 `json:"mx,omitempty" jsonschema:"texel that the mouse is at; stays until it changes, as all but mw do"`
	MY    *int32 `json:"my,omitempty"`
	MB    *int32 `json:"mb,omitempty" jsonschema:"mouse buttons held: 1 left, 2 right, 4 middle, added up"`
	MW    *int32 `json:"mw,omitempty" jsonschema:"notches that the wheel is turned in this frame alone, up positive"`
	Keys  []int  `json:"keys,omitempty" jsonschema:"codes of all keys held, 0 to 255"`
}

// Add appends a change.
func (in *Inputs) Add(c Change) error {
	var now machine.Input
	switch last := len(*in) - 1; {
	case c.Frame == nil || *c.Frame < 0:
		return errors.New("frame is missing, or below 0")
	case last+1 == maxInputs:
		return fmt.Errorf("there are more than %d", maxInputs)
	case last >= 0 && *c.Frame <= (*in)[last].frame:
		return fmt.Errorf("frame %d comes after frame %d: frames rise", *c.Frame, (*in)[last].frame)
	case last >= 0:
		now = (*in)[last].input
		now.Wheel = 0
	}
	for _, f := range []struct{ from, to *int32 }{{c.MX, &now.MouseX}, {c.MY, &now.MouseY}, {c.MB, &now.Buttons}, {c.MW, &now.Wheel}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if c.Keys != nil {
		now.Keys = [8]uint32{}
		for _, code := range c.Keys {
			if code < 0 || code > 255 {
				return fmt.Errorf("a key has a code from 0 to 255, not %d", code)
			}
			now.Keys[code>>5] |= 1 << (code & 31)
		}
	}
	*in = append(*in, inputLine{*c.Frame, now})
	return nil
}

// ReadInputs reads inputs. Its errors name the line.
func ReadInputs(r io.Reader) (in Inputs, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxInputLine)
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		var c Change
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil || d.More() {
			return nil, fmt.Errorf(`line %d: it is no object like {"frame": 0, "mx": 3, "my": 4, "mb": 1, "mw": 0, "keys": [65]}`, n)
		}
		if err := in.Add(c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	return in, nil
}

// NewInputs makes inputs of a list. Its errors name the place in it, from 0.
func NewInputs(list []Change) (in Inputs, err error) {
	for i, c := range list {
		if err := in.Add(c); err != nil {
			return nil, fmt.Errorf("inputs[%d]: %w", i, err)
		}
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
