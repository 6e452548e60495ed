package cli

import (
	"flag"
	"fmt"

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
	c.printf("%s", pxl.Listing(a))
	return nil
}
