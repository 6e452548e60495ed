package agent

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"gvpie/runtime/store"
)

// isThere says whether a picture is a file.
func (r *rig) isThere(hash string) bool {
	_, err := os.Stat(r.store.PicturePath(hash))
	return err == nil
}

func (r *rig) set(key, value string) {
	r.t.Helper()
	if err := r.store.SetSetting(r.t.Context(), key, value); err != nil {
		r.t.Fatal(err)
	}
}

// sees wants both pictures of a run, whether they are files or not.
func (r *rig) sees(run store.Run) {
	r.t.Helper()
	for _, hash := range []string{run.HumanPNG, run.MachinePNG} {
		file := r.isThere(hash)
		b, again, err := Picture(r.t.Context(), r.store, hash)
		if err != nil || digest(b) != hash || again == file {
			r.t.Errorf("run %d of %s: picture %.12s, a file %v: made again %v, %v", run.ID, run.Script, hash, file, again, err)
		}
	}
}

func TestOldPicturesAreDroppedAndMadeAgain(t *testing.T) {
	r := newRig(t)
	makeCartridge(t, r, "cart", "TXT 1 1 A CARTRIDGE\nHALT\n")
	r.only("cart", "cartridge", CartridgePath(r.dir, "cart"))
	r.add("faulty", "pixel", "TXT 1 1 FAULTY\nSET a = 0\nSET b = 1 / a\nHALT\n")
	for i := range 5 {
		r.add(fmt.Sprint("px", i), "pixel", fmt.Sprintf("again:\nPLOT rnd(W) %d 0xFF0000\nFRAME\nJMP again\n", i))
	}
	r.set("scripts_per_cycle", "10")
	r.set("script_frames", "3")
	r.set("pictures_keep", "4")
	r.run(1)
	there := 0
	for i := range 5 {
		for _, run := range r.runs(fmt.Sprint("px", i)) {
			if r.isThere(run.HumanPNG) {
				there++
			}
			if r.isThere(run.MachinePNG) {
				there++
			}
			r.sees(run)
		}
	}
	if there != 4 {
		t.Errorf("%d pictures are files", there)
	}
	for _, name := range []string{"cart", "faulty"} {
		run := r.runs(name)[0]
		if !r.isThere(run.HumanPNG) || !r.isThere(run.MachinePNG) || run.Success != (name == "cart") {
			t.Errorf("a picture of %s was dropped", name)
		}
	}
	r.run(2) // those that are had again are files again, and dropped again
	for i := range 5 {
		for _, run := range r.runs(fmt.Sprint("px", i)) {
			r.sees(run)
		}
	}
	r.sound()
}

func TestAPictureThatReplayDoesNotMakeIsNeverDropped(t *testing.T) {
	r := newRig(t)
	ctx := t.Context()
	hash, err := r.store.PutPicture([]byte("what no replay makes"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := r.store.BeginRun(ctx, 1, epoch, "GPU")
	if err != nil {
		t.Fatal(err)
	}
	f := store.Finished{Success: true, Code: "HALT", HumanPNG: hash, ResultJSON: `{"lang":"pixel","status":"halted","machine_sha256":"00","human_sha256":"00"}`}
	if _, err := r.store.FinishRun(ctx, id, f); err != nil {
		t.Fatal(err)
	}
	r.set("pictures_keep", "0")
	r.run(2)
	if !r.isThere(hash) {
		t.Error("it was dropped")
	}
	hello := r.runs("hello_gpu")
	if last := hello[len(hello)-1]; r.isThere(last.HumanPNG) || r.isThere(last.MachinePNG) {
		t.Error("none was dropped")
	}
	if err := os.Remove(r.store.PicturePath(hash)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Picture(ctx, r.store, hash); err == nil || !strings.Contains(err.Error(), "could not be made again by replaying run 1: it comes out otherwise: cycles: ") {
		t.Error(err)
	}
	if _, _, err := Picture(ctx, r.store, strings.Repeat("0", 64)); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

// A process that is killed while it drops pictures has removed files that the database
// calls there, or written nothing of what it found out.
func TestAKillBetweenTheStepsOfADropLosesNothing(t *testing.T) {
	r := newRig(t)
	r.run(1)
	run := r.runs("hello_gpu")[0]
	if err := os.Remove(r.store.PicturePath(run.HumanPNG)); err != nil {
		t.Fatal(err)
	}
	r.sees(run)
	r.set("pictures_keep", "0")
	r.run(1)
	if r.isThere(run.MachinePNG) {
		t.Error("it was not gone on with")
	}
	r.sees(run)
	if old, err := r.store.OldPictures(t.Context(), 0, 10); len(old) > 0 || err != nil {
		t.Errorf("%v, %v", old, err)
	}
}

// What a run shows that failed is kept, though the loop has just dropped the same.
func TestADroppedPictureIsAFileAgainWhenARunThatFailedHasIt(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "TXT 1 1 SAME\nHALT\n")
	r.set("pictures_keep", "0")
	r.clock.onSleep = func(int) { r.add("bad", "pixel", "TXT 1 1 SAME\nSET a = 0\nSET b = 1 / a\n") }
	r.run(2)
	good, bad := r.runs("good")[0], r.runs("bad")[0]
	if bad.Success || good.HumanPNG != bad.HumanPNG || !r.isThere(bad.HumanPNG) || !r.isThere(bad.MachinePNG) {
		t.Errorf("%v, %v", good, bad)
	}
}

func TestPicturesStayWhileARunIsNotSaved(t *testing.T) {
	r := newRig(t)
	r.run(1)
	r.set("pictures_keep", "0")
	a := New(r.cfg)
	a.settings.pictures = 0
	a.unsaved = []unsaved{{}}
	if err := dropPictures(t.Context(), a); err != nil || !r.isThere(r.runs("hello_gpu")[0].HumanPNG) {
		t.Error("dropped, or", err)
	}
	a.unsaved = nil
	if err := dropPictures(t.Context(), a); err != nil || r.isThere(r.runs("hello_gpu")[0].HumanPNG) {
		t.Error("not dropped, or", err)
	}
	a.resources.engines.drop()
}
