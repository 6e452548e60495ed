package cli

import (
	"flag"
	"fmt"
	"strings"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/pxl"
)

var checkCommand = command{
	name: "check", args: "FILE…", summary: "Say what is wrong with programs, without running them",
	help: `Prints each diagnostic as FILE:LINE:COLUMN: MESSAGE, and how to fix it where that
is known. The exit code is 1 if there is an error; warnings alone are not. A warning
has its code behind it: a comment "; ignore CODE" on the line before silences it.
`,
	setup: func(*flag.FlagSet) func(*invocation) error { return (*invocation).check },
}

func (c *invocation) check() error {
	files, err := c.someFiles()
	if err != nil {
		return err
	}
	var failed error
	for _, path := range files {
		name, text, err := c.source(path)
		if err != nil {
			c.say("%v", err)
			failed = errFailed
			continue
		}
		a := assembleBeside(path, name, text)
		for _, d := range a.Diagnostics {
			c.printf("%s\n", withFix(d))
		}
		if !a.OK() {
			failed = errFailed
		}
	}
	return failed
}

// withFix is a diagnostic with its fix in words.
func withFix(d pxl.Diagnostic) string {
	if d.Fix == nil {
		return d.String()
	}
	return fmt.Sprintf("%s (fix: %s)", d, d.Fix.Title)
}

var asmCommand = command{
	name: "asm", args: "FILE", summary: "Print a program's instructions, with addresses and words",
	help: `At the end it says of each EACH whether its block can be compiled, and if not, why.
`,
	setup: func(*flag.FlagSet) func(*invocation) error { return (*invocation).asm },
}

func (c *invocation) asm() error {
	path, err := c.oneFile()
	if err != nil {
		return err
	}
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		return errFailed
	}
	c.printf("%s%s", pxl.Listing(a), compiles(a))
	return nil
}

// compiles says of each EACH of a program whether its block can be compiled, a line
// each.
func compiles(a *pxl.Assembly) string {
	var b strings.Builder
	for in, ok := range flow.Linear(a.Program, a.Header) {
		if !ok || in.Spec.Op != isa.EACH {
			continue
		}
		fmt.Fprintf(&b, "; EACH at %d", in.Addr)
		if at, ok := a.Map.At(in.Addr); ok {
			file := a.File
			if path := a.Path(at.Pos.File); path != "" {
				file = path
			}
			fmt.Fprintf(&b, " (%s:%d)", file, at.Pos.Line)
		}
		switch k, err := kernel.Build(a.Program, a.Header, uint32(in.Addr)); {
		case err != nil:
			fmt.Fprintf(&b, " is interpreted: %v\n", err)
		case k.Logs:
			b.WriteString(" is compiled; texels that log, or whose ASSERT fails, are interpreted\n")
		default:
			b.WriteString(" is compiled\n")
		}
	}
	return b.String()
}
