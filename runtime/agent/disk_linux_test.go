package agent

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gvpie/runtime/store"
)

// TestDiskThatFillsUpHoldsTheLoopUpUntilThereIsRoom runs a loop on a disk of its
// own of 2 MB, fills it, and empties it again.
func TestDiskThatFillsUpHoldsTheLoopUpUntilThereIsRoom(t *testing.T) {
	r := newRig(t)
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	s, _, err := store.Open(context.Background(), disk, store.Options{Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if err := unix.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	r.store.Close()
	r.store, r.dir, r.cfg.Store, r.cfg.Data = s, disk, s, disk
	filler := filepath.Join(disk, "filler")
	var full, after int
	r.cfg.Cycles = 15
	a := New(r.cfg)
	r.clock.onSleep = func(n int) {
		if s := a.Status(); n > 3 && n <= 10 { // filled before, emptied after this one
			if !strings.Contains(s.Unready, "the disk is full") || s.Healthy || !strings.Contains(s.Database, "the disk is full") || strings.Contains(s.Health, "database ok") {
				t.Errorf("after cycle %d, with a full disk: %+v", n, s)
			}
		} else if s.Unready != "" || s.Database != "" || !strings.Contains(s.Health, "database ok") {
			t.Errorf("after cycle %d, with room: %+v", n, s)
		}
		switch n {
		case 3:
			f, err := os.Create(filler)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			for size := 64 << 10; size > 0; size /= 2 { // to the last page
				for err = nil; err == nil; {
					_, err = f.Write(make([]byte, size))
				}
			}
		case 10:
			full = strings.Count(r.console.String(), "the disk is full")
			if err := os.Remove(filler); err != nil {
				t.Error(err)
			}
			after = len(r.runs("hello_gpu"))
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if full == 0 {
		t.Errorf("nothing was said of a full disk:\n%s", r.console)
	}
	runs := r.runs("hello_gpu")
	if len(runs) < after+5 || a.Status().LastError != "" || a.Status().Unsaved != 0 {
		t.Errorf("%d runs, %d of them before there was room again; %+v", len(runs), after, a.Status())
	}
	for _, run := range runs {
		if !run.Success || run.Running() {
			t.Errorf("run %+v", run)
		}
	}
	r.sound()
}
