package record

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Divergence is where a run that was made again is no longer the one recorded.
type Divergence struct {
	First, Frame int    // the first frame that is otherwise is one of these, or between them
	What         string // is otherwise, in words
}

// Replay makes the run again in s and holds it to what was recorded: how each frame
// ended, and the hashes of pictures. It ends at the first that is otherwise, nil for
// none; to find the very frame it runs the last frames on the reference beside s. told,
// if not nil, is called after each frame with how many have been run.
func (r *Recording) Replay(ctx context.Context, s Screen, told func(frames int)) (*Divergence, error) {
	if err := r.Begin(ctx, s); err != nil {
		return nil, err
	}
	var (
		d      *Divergence
		err    error
		good   *machine.Snapshot // before frame since; nil: the beginning
		since  int
		hashes = r.Hashes
	)
	r.Frames.From(0, func(i int, f Frame) bool {
		var is machine.Report
		if is, err = s.Frame(ctx, f.Input, f.Budget); err != nil {
			return false
		}
		if is.Status != f.Status || is.Cycles != f.Cycles {
			d = &Divergence{since, i, fmt.Sprintf("it %s, and %s when it was recorded", ending(is.Status, is.Cycles), ending(f.Status, f.Cycles))}
			return false
		}
		if len(hashes) > 0 && hashes[0].Frame == i {
			var now Hash
			if now, err = hashOf(ctx, s, i); err != nil {
				return false
			}
			if now != hashes[0] {
				d = &Divergence{since, i, "the " + differing(now, hashes[0]) + " not the one recorded"}
				return false
			}
			hashes, since = hashes[1:], i+1
			if len(hashes) > 0 && hashes[0].Frame > i+1 {
				if good, err = s.Snapshot(ctx); err != nil {
					return false
				}
			} else {
				good = nil
			}
		}
		if told != nil {
			told(i + 1)
		}
		return true
	})
	if err != nil || d == nil || d.First == d.Frame {
		return d, err
	}
	return d, r.narrow(ctx, s, good, d)
}

// Differs holds the picture that frame i has just left in s to the hash that was recorded
// of it, and says in words what is otherwise: "machine texture is"; "" where nothing is, or
// that frame has no hash.
func (r *Recording) Differs(ctx context.Context, s Screen, i int) (what string, err error) {
	at, ok := slices.BinarySearchFunc(r.Hashes, i, func(h Hash, i int) int { return h.Frame - i })
	if !ok {
		return "", nil
	}
	now, err := hashOf(ctx, s, i)
	if err != nil || now == r.Hashes[at] {
		return "", err
	}
	return differing(now, r.Hashes[at]), nil
}

func ending(s isa.Status, cycles uint32) string {
	how := map[isa.Status]string{isa.Framed: "ended", isa.Halted: "halted", isa.Faulted: "failed"}[s]
	return fmt.Sprintf("%s after %d cycles", how, cycles)
}

func differing(a, b Hash) string {
	switch {
	case a.Machine == b.Machine:
		return "human texture is"
	case a.Human == b.Human:
		return "machine texture is"
	}
	return "machine and human texture are"
}

// narrow finds the frame in which s and the reference part, where they do in the frames
// of d. good is the machine before d.First; nil: it is run to from the beginning.
func (r *Recording) narrow(ctx context.Context, s Screen, good *machine.Snapshot, d *Divergence) error {
	other, from := &reference{}, d.First
	for _, p := range []Screen{s, other} {
		var err error
		if good != nil {
			err = p.Restore(ctx, good)
		} else {
			from, err = 0, r.Begin(ctx, p)
		}
		if err != nil {
			return err
		}
	}
	var err error
	r.Frames.From(from, func(i int, f Frame) bool {
		var is, was machine.Report
		if is, err = s.Frame(ctx, f.Input, f.Budget); err == nil {
			was, err = other.Frame(ctx, f.Input, f.Budget)
		}
		if err != nil || i < d.First {
			return err == nil
		}
		same := is.Status == was.Status && is.Cycles == was.Cycles
		if same {
			same, err = samePicture(ctx, s, other)
		}
		if err == nil && !same {
			d.First, d.Frame = i, i
		}
		return err == nil && same && i < d.Frame
	})
	return err
}

func samePicture(ctx context.Context, a, b Screen) (bool, error) {
	var displays [2][]uint32
	var humans [2]*image.RGBA
	for i, s := range []Screen{a, b} {
		var err error
		if displays[i], err = s.Read(ctx, machine.DisplayPage); err != nil {
			return false, err
		}
		if humans[i], err = s.Human(ctx); err != nil {
			return false, err
		}
	}
	return slices.Equal(displays[0], displays[1]) && bytes.Equal(humans[0].Pix, humans[1].Pix), nil
}
