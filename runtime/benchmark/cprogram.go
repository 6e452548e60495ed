package benchmark

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gvpie/assets/bench"
)

// compiler makes the programs in C of assets/bench, in a temporary folder, where
// there is a compiler. The zero value has none.
type compiler struct {
	path string // of the compiler; "" for none
	dir  string
}

var errNoCompiler = errors.New("there is no C compiler")

func newCompiler() *compiler {
	for _, name := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return &compiler{path: path}
		}
	}
	return &compiler{}
}

// name is what the compiler calls itself; "" where there is none.
func (c *compiler) name() string {
	if c.path == "" {
		return ""
	}
	out, err := exec.Command(c.path, "--version").Output()
	first, _, _ := strings.Cut(string(out), "\n")
	if err != nil || first == "" {
		return filepath.Base(c.path)
	}
	return first
}

// close removes what was made.
func (c *compiler) close() {
	if c.dir != "" {
		os.RemoveAll(c.dir)
	}
}

// build makes the program of a name, and gives its path.
func (c *compiler) build(ctx context.Context, name string) (string, error) {
	if c.path == "" {
		return "", errNoCompiler
	}
	if c.dir == "" {
		dir, err := os.MkdirTemp("", "gvpie-bench-")
		if err != nil {
			return "", err
		}
		c.dir = dir
	}
	path := filepath.Join(c.dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	err := errors.Join(
		os.WriteFile(filepath.Join(c.dir, "bench.h"), []byte(bench.Header()), 0o600),
		os.WriteFile(path+".c", []byte(bench.C(name)), 0o600))
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, c.path, "-O2", "-o", path, path+".c").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s -O2 %s.c: %w: %s", filepath.Base(c.path), name, err, strings.TrimSpace(string(out)))
	}
	return path, nil
}

// cProgram is a program in C that runs beside us, and does something when it is told.
type cProgram struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// start runs the program of a name.
func (c *compiler) start(ctx context.Context, name string, w, h int, numbers ...uint32) (*cProgram, error) {
	path, err := c.build(ctx, name)
	if err != nil {
		return nil, err
	}
	args := []string{strconv.Itoa(w), strconv.Itoa(h)}
	for _, n := range numbers {
		args = append(args, strconv.FormatUint(uint64(n), 10))
	}
	p := &cProgram{cmd: exec.CommandContext(ctx, path, args...)}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	return p, p.cmd.Start()
}

// stop ends the program. It is at its next order, so that it ends by itself.
func (p *cProgram) stop() {
	p.in.Close()
	_ = p.cmd.Wait()
}

// order has the program do something, and gives its answer.
func (p *cProgram) order(format string, args ...any) (string, error) {
	if _, err := fmt.Fprintf(p.in, format+"\n", args...); err != nil {
		return "", err
	}
	answer, err := p.out.ReadString('\n')
	return strings.TrimSpace(answer), err
}

// run is the program's runner: it paints n frames.
func (p *cProgram) run(n int) (cost, error) {
	answer, err := p.order("run %d", n)
	if err != nil {
		return cost{}, err
	}
	var cpu, wall int64
	if _, err := fmt.Sscan(answer, &cpu, &wall); err != nil {
		return cost{}, fmt.Errorf("the yardstick answers %q", answer)
	}
	return cost{max(time.Duration(cpu), 1), max(time.Duration(wall), 1)}, nil
}
