package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeovimDebugsAProgramBothWays: an editor's own client, in the editor's own Lua, over
// standard input and output. Every line of its walk is what testdata/dap.lua printed.
func TestNeovimDebugsAProgramBothWays(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("Neovim is not installed: .ci/deps test installs it")
	}
	const program = `.canvas 16 8
.array seen 4
DEF twice(v)
  LOCAL w
  w = v + v
  RETURN w
END
loop:
  n = twice(n) + 1
  SET seen[frame & 3] = n
  PLOT (n & 15) 2 red
  FRAME
JMP loop
`
	path := filepath.Join(t.TempDir(), "lamp.pxl")
	if err := os.WriteFile(path, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	itself, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile testdata/dap.lua")
	c.Env = append(os.Environ(), "GVPIE="+itself, "PROGRAM="+path, "HOME="+t.TempDir())
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("Neovim: %v\n%s", err, said)
	}
	const want = `breakpoint: line 10, verified
breakpoint: line 9, verified
launch: breakpoint, line 10 in program, frame 2, n 7
console: before, n is 0
stepBack: step, line 6 in twice, frame 2, n 3
stepBack: step, line 5 in twice, frame 2, n 3
calls: 2, the outer on line 9
stepOut: step, line 9 in program, frame 2, n 3
continue: breakpoint, line 10 in program, frame 2, n 7
continue: breakpoint, line 10 in program, frame 3, n 15
reverseContinue: breakpoint, line 10 in program, frame 2, n 7
array: 4 words
expression: 10
next: step, line 11 in program, frame 2, n 7
reverseContinue: breakpoint, line 10 in program, frame 2, n 7
reverseContinue: entry, line 3 in program, frame 0, n 0
ended: 0`
	if got := strings.TrimSpace(strings.ReplaceAll(string(said), "\r", "")); got != want {
		t.Errorf("Neovim's walk was\n%s\nwant\n%s", got, want)
	}
}
