package loop

import (
	"os"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

func TestADroppedPictureIsShown(t *testing.T) {
	s, _, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := agent.New(agent.Config{Store: s, Data: s.Dir(), Cycles: 1, Interval: time.Hour}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := s.Run(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	key := PictureKey{Hash: run.HumanPNG}
	before, err := readPicture(t.Context(), s, key)
	if err != nil || os.Remove(s.PicturePath(run.HumanPNG)) != nil {
		t.Fatal(err)
	}
	if again, err := readPicture(t.Context(), s, key); err != nil || string(again.Pix) != string(before.Pix) {
		t.Error("it is not shown as it was:", err)
	}
}
