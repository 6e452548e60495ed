package debug

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// ErrNoText is wrapped by the error of a recording of whose program no line is known.
var ErrNoText = errors.New("the text of its program is lost, or gives another program in this version: gvpie replay can run it, without its lines")

// OpenRecording reads the recording of a file, and assembles its program. Of one that
// is not whole it gives what can be had, with an error that wraps a *record.Damage: nil
// where that is no frame. Where no line of the program is known there is no assembly,
// and the error wraps ErrNoText. The errors do not name the file.
func OpenRecording(path string) (*record.Recording, *pxl.Assembly, error) {
	r, err := record.ReadFile(path)
	if r == nil || err != nil && r.Frames.Len() == 0 {
		return nil, nil, err
	}
	a := pxl.AssembleBundle(cmp.Or(r.Name, "program.pxl"), r.Source)
	switch {
	case r.Program == nil && !a.OK():
		return nil, nil, fmt.Errorf("%w; but the text of its program does not assemble", err)
	case r.Program == nil:
		r.Program = a.Program
	case !a.OK() || !slices.Equal(a.Program, r.Program):
		if err == nil {
			return r, nil, ErrNoText
		}
		return r, nil, fmt.Errorf("%w; %w", err, ErrNoText)
	}
	return r, a, err
}
