package cli

import (
	"flag"
	"io"

	"gvpie/runtime/pxl"
	"gvpie/runtime/textfile"
)

var formatCommand = command{
	name: "fmt", args: "[-w] FILE…", summary: "Print programs in the standard format, or rewrite them",
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		write := fs.Bool("w", false, "rewrite the files that are not in the format, and name them")
		return func(c *invocation) error { return c.format(*write) }
	},
}

func (c *invocation) format(write bool) error {
	files, err := c.someFiles()
	if err != nil {
		return err
	}
	var failed error
	for _, path := range files {
		if write && path == "-" {
			return usagef("-w cannot rewrite standard input")
		}
		if err := c.formatFile(path, write); err != nil {
			if err != errFailed {
				c.say("%v", err)
			}
			failed = errFailed
		}
	}
	return failed
}

func (c *invocation) formatFile(path string, write bool) error {
	// A file with errors is left alone: what its author means is not known.
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		return errFailed
	}
	text := pxl.Format(a.Source)
	if !write {
		c.printf("%s", text)
		return nil
	}
	was, form, err := textfile.Decode([]byte(a.Source))
	if err != nil {
		return &fileError{path, "it " + err.Error(), nil}
	}
	if text == was {
		return nil
	}
	if err := writeFile(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(form.Encode(text))
		return err
	}); err != nil {
		return err
	}
	c.printf("%s\n", path)
	return nil
}
