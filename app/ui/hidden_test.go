//go:build linux

package ui

import (
	"os"
	"path/filepath"
	"testing"
)

// A window that nobody can see runs nothing, and says so; it goes on once it is seen again.
func TestAWindowThatIsNotSeenRunsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens a window: not in a short run")
	}
	s := newScreen(t, 800, 600)
	home := t.TempDir()
	file := filepath.Join(home, "moves.pxl")
	if err := os.WriteFile(file, []byte("loop:\n  CLS\n  PLOT (frame & 63) 1 red\n  FRAME\n  JMP loop\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.openWindow(build(t), home, file)
	s.said("the program runs", func(st Status) bool { return st.Phase == "running" && st.Paused == "" })
	s.do("windowunmap", s.window)
	s.said("it is paused while it is hidden", func(st Status) bool { return st.Paused == "paused while hidden" })
	s.do("windowmap", s.window)
	s.said("it goes on", func(st Status) bool { return st.Paused == "" })
}
