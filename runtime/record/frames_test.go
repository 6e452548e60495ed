package record

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// someFrames is a run as a person makes one: now still, now busy, with the ends of
// every range.
func someFrames(n int) []Frame {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	ends := []int32{0, 1, -1, math.MaxInt32, math.MinInt32}
	all, f := make([]Frame, n), Frame{Budget: isa.DefaultBudget, Cycles: 100}
	for i := range all {
		f.Input.Wheel = 0
		if i/50%3 > 0 {
			switch r.IntN(9) {
			case 0:
				f.Input.MouseX += int32(r.IntN(9) - 4)
			case 1:
				f.Input.MouseY, f.Input.Wheel = ends[r.IntN(5)], ends[r.IntN(5)]
			case 2:
				f.Input.Keys[r.IntN(8)] ^= 1<<r.IntN(32) | 1<<31
			case 3:
				f.Input.Buttons, f.Budget = ends[r.IntN(5)], uint32(ends[r.IntN(5)])
			case 4:
				f.Cycles = uint32(ends[r.IntN(5)])
			case 5:
				f.Status = isa.Status(r.IntN(int(isa.Faulted) + 1))
			}
		}
		all[i] = f
	}
	return all
}

func listed(all []Frame) (f Frames) {
	for _, x := range all {
		f.Append(x)
	}
	return f
}

// from is all that a list gives from a frame on.
func from(t *testing.T, f *Frames, first int) (all []Frame) {
	t.Helper()
	f.From(first, func(i int, x Frame) bool {
		if i != first+len(all) {
			t.Fatalf("frame %d comes as number %d", first+len(all), i)
		}
		all = append(all, x)
		return true
	})
	return all
}

func TestFramesComeBackAsTheyWere(t *testing.T) {
	all := someFrames(3000)
	f := listed(all)
	if f.Len() != len(all) || !reflect.DeepEqual(from(t, &f, 0), all) {
		t.Fatalf("%d frames, or others", f.Len())
	}
	for i := 0; i < len(all); i += 37 {
		if f.At(i) != all[i] {
			t.Fatalf("frame %d is %+v, want %+v", i, f.At(i), all[i])
		}
	}
	seen := 0
	f.From(70, func(i int, _ Frame) bool {
		seen++
		return i < 90
	})
	if seen != 21 {
		t.Errorf("%d frames were given after being told to end", seen)
	}
}

func TestFramesUntilOneGoOnByThemselves(t *testing.T) {
	all := someFrames(700)
	for n := 0; n <= len(all); n += 7 {
		f := listed(all)
		until := f.Until(n)
		if until.Len() != n || len(from(t, &until, 0)) != n {
			t.Fatalf("until %d there are %d", n, until.Len())
		}
		until.Append(Frame{Cycles: 5})
		f.Append(Frame{Cycles: 6})
		f.Append(Frame{Cycles: 6})
		if until.At(n).Cycles != 5 || f.At(len(all)).Cycles != 6 || n > 0 && (until.At(n-1) != all[n-1] || f.At(n-1) != all[n-1]) {
			t.Fatalf("until %d: one list wrote into the other", n)
		}
		bytes := 0
		for _, b := range until.blocks {
			bytes += blockCost + len(b.data)
		}
		if bytes != until.bytes {
			t.Fatalf("until %d: %d bytes, counted %d", n, bytes, until.bytes)
		}
	}
}

// TestTwoListsAppendBesideEachOther, however full the block is that both go on in.
func TestTwoListsAppendBesideEachOther(t *testing.T) {
	for n := range 200 {
		f := listed(someFrames(n))
		until := f.Until(n)
		for i := range 20 {
			until.Append(Frame{Cycles: uint32(i)})
			f.Append(Frame{Cycles: uint32(1000 * i)})
		}
		for i := range 20 {
			if until.At(n+i).Cycles != uint32(i) || f.At(n+i).Cycles != uint32(1000*i) {
				t.Fatalf("after %d frames: one list wrote into the other", n)
			}
		}
	}
}

func TestAnHourThatNobodyTouchesIsSmall(t *testing.T) {
	var f Frames
	for range 60 * 60 * 60 {
		f.Append(Frame{Budget: isa.DefaultBudget, Cycles: 77})
	}
	data := 0
	for i := range f.blocks {
		data += len(f.blocks[i].coded())
	}
	if data > 1000 || f.bytes > 20_000 {
		t.Errorf("an hour takes %d bytes coded in %d blocks, %d in memory", data, len(f.blocks), f.bytes)
	}
}

func TestBytesThatAreNoFrames(t *testing.T) {
	good := listed(someFrames(300)).blocks[0].coded()
	for i := range good { // whatever it is, it is refused or some frames
		bad := append([]byte(nil), good...)
		bad[i] ^= 0x80
		_ = decode(bad, func(x Frame, times int) bool { return times >= 0 && x.Status <= isa.Faulted })
	}
	for name, bad := range map[string][]byte{
		"no number behind a mask":   {1},
		"no count of equals":        {0},
		"too many equals":           {0, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
		"keys that are not there":   {maskKeys, 3, 65},
		"more keys than there are":  {maskKeys, 0xff, 0xff, 3},
		"a status that is none":     {1 << 6, 100},
		"a mouse beyond all":        {1, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
		"fewer than no cycles":      {1 << 4, 1},
		"a number without an end":   {1, 0xff},
		"a number of too many bits": {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	} {
		if err := decode(bad, func(Frame, int) bool { return true }); err == nil {
			t.Errorf("%s: it is taken for frames", name)
		}
	}
	var x machine.Input
	if rest, ok := toggleKeys(&x, []byte{1, 65, 9}); !ok || len(rest) != 1 || x.Keys[2] != 2 {
		t.Errorf("%v %v %v", rest, ok, x)
	}
}
