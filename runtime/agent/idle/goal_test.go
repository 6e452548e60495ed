package idle

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"gvpie/runtime/improve"
	"gvpie/runtime/store"
)

// painted is a picture of two colours.
func painted(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 12, 8))
	for y := range 8 {
		for x := range 12 {
			img.SetNRGBA(x, y, color.NRGBA{200, 40, 30, 255})
			if x < 5 && y > 2 {
				img.SetNRGBA(x, y, color.NRGBA{20, 80, 160, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// work does all there is to do.
func (r *rig) work(t *testing.T) *Improver {
	t.Helper()
	i := r.improver()
	for n := 0; ; n++ {
		worked, err := i.work(t.Context())
		if err != nil {
			r.failed = append(r.failed, err.Error())
		}
		if !worked {
			return i
		}
		if n > 20 {
			t.Fatal("there is always more to do")
		}
	}
}

// A goal's picture is painted, short and then long, and what is offered draws it.
func TestAGoalsPictureIsPainted(t *testing.T) {
	r := newRig()
	r.pictures = map[string][]byte{"sunset": painted(t)}
	r.goals = []store.Goal{{ID: 1, Goal: "in words alone"}, {ID: 3, Goal: "draw it", Aim: store.GoalAim{Target: "sunset"}}}
	r.work(t)
	if len(r.failed) > 0 || len(r.offers) != len(stages) || len(r.told) != len(stages) {
		t.Fatalf("%d offers, told %q, failed %q", len(r.offers), r.told, r.failed)
	}
	for n, o := range r.offers {
		if o.GoalID != 3 || o.ScriptID != 0 || o.Claim != string(improve.Closer) || o.Evidence != "complete" || o.DistanceAfter > .02 || o.CostAfter == 0 || !strings.HasPrefix(o.Script, "goal_3_with_") {
			t.Errorf("offer %d: %+v", n, o)
		}
		if _, err := improve.Load("a.pxl", o.Source); err != nil {
			t.Errorf("offer %d: %v", n, err)
		}
	}
	if r.counted == 0 {
		t.Error("no candidate is counted")
	}
}

// What a goal does not allow is not offered, and what cannot be painted is told of once.
func TestAGoalThatCannotBeReached(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		aim        store.GoalAim
	}{
		{"dear", "", store.GoalAim{Target: "sunset", MaxCost: 1}},
		{"asserts otherwise", "", store.GoalAim{Target: "sunset", Check: "ASSERT 0\n"}},
		{"lost", "goal 3: not found", store.GoalAim{Target: "nowhere"}},
		{"no picture", "goal 3: its picture cannot be read: ", store.GoalAim{Target: "text"}},
		{"fault", "", store.GoalAim{Target: "sunset", Fault: "somebody wrote it otherwise"}},
	} {
		r := newRig()
		r.pictures = map[string][]byte{"sunset": painted(t), "text": []byte("hello")}
		r.goals = []store.Goal{{ID: 3, Goal: "draw it", Aim: tt.aim}}
		r.work(t)
		if len(r.offers) > 0 {
			t.Errorf("%s: it is offered: %+v", tt.name, r.offers)
		}
		for _, said := range r.failed {
			if tt.want == "" || !strings.Contains(said, tt.want) {
				t.Errorf("%s: %q", tt.name, said)
			}
		}
		if (len(r.failed) > 0) != (tt.want != "") {
			t.Errorf("%s: told %q", tt.name, r.failed)
		}
	}
}

// Where the goal is about a script, what is offered is for that.
func TestAGoalAboutAScript(t *testing.T) {
	r := newRig(script(7, ".canvas 12 8 pixel\nCLS red\nHALT\n"))
	r.pictures = map[string][]byte{"sunset": painted(t)}
	r.goals = []store.Goal{{ID: 3, Goal: "draw it", Aim: store.GoalAim{Target: "sunset", ScriptID: 7}}}
	i := r.improver()
	if worked, err := i.paint(context.Background()); !worked || err != nil {
		t.Fatal(worked, err)
	}
	if len(r.offers) != 1 || r.offers[0].ScriptID != 7 || r.offers[0].Before != r.scripts[0].Code || r.offers[0].DistanceBefore <= r.offers[0].DistanceAfter || r.offers[0].CostBefore == 0 {
		t.Errorf("%+v", r.offers)
	}
}
