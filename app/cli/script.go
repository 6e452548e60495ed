package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"gvpie/runtime/agent"
	"gvpie/runtime/plaintext"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

type scriptFlags struct {
	data          *string
	name, purpose string
	lang, file    string
}

// scripts is one use of gvpie script.
type scripts struct {
	*invocation
	f scriptFlags
}

var scriptCommand = command{
	name: "script", args: "add FILE | list | show NAME | edit NAME | rename NAME NEW | enable NAME | disable NAME | remove NAME", summary: "Add, list, show, change, switch and remove the scripts of the loop",
	help: `add takes a file in: a pixel program (.pxl), a python script (.py) or a cartridge
(.png, or with --lang cartridge its id), which the loop then runs. A script of that
name gets the new code, and its history goes on. A pixel program must assemble.

edit opens the code in $EDITOR, or takes that of --file. Of a script that is a file in
DIR/scripts, edit writes the file, rename renames it, and remove moves it into
DIR/scripts/.removed. The runs of a removed script stay.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := scriptFlags{data: addData(fs)}
		fs.StringVar(&f.name, "name", "", "add: call the script `NAME`; by default as the file, without its ending")
		fs.StringVar(&f.purpose, "purpose", "", "add: what it is for, in `WORDS`")
		fs.StringVar(&f.file, "file", "", "edit: take the code of `FILE`")
		fs.Func("lang", "add: the language is `pixel|cartridge|python`; by default by the file's ending", func(s string) error {
			if !slices.Contains(languages, s) {
				return errors.New("it is pixel, cartridge or python")
			}
			f.lang = s
			return nil
		})
		return func(c *invocation) error {
			return c.choose(
				verb{"add", func(c *invocation, args []string) error { return scripts{c, f}.add(args) }},
				verb{"list", func(c *invocation, args []string) error { return scripts{c, f}.list(args) }},
				verb{"show", func(c *invocation, args []string) error { return scripts{c, f}.show(args) }},
				verb{"edit", func(c *invocation, args []string) error { return scripts{c, f}.edit(args) }},
				verb{"rename", func(c *invocation, args []string) error { return scripts{c, f}.rename(args) }},
				verb{"remove", func(c *invocation, args []string) error { return scripts{c, f}.remove(args) }},
				verb{"enable", func(c *invocation, args []string) error { return scripts{c, f}.setEnabled(args, true) }},
				verb{"disable", func(c *invocation, args []string) error { return scripts{c, f}.setEnabled(args, false) }},
			)
		}
	},
}

var languages = []string{"pixel", "cartridge", "python"}

func (c scripts) add(args []string) error {
	path, err := one(args, "FILE")
	if err != nil {
		return err
	}
	if path == "-" && c.f.name == "" {
		return usagef("standard input has no name: give one with --name")
	}
	if c.f.name == "" {
		c.f.name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if c.f.lang == "" {
		c.f.lang = map[string]string{".py": "python", ".png": "cartridge"}[strings.ToLower(filepath.Ext(path))]
		if c.f.lang == "" {
			c.f.lang = "pixel"
		}
	}
	code := ""
	if c.f.lang != "cartridge" {
		var err error
		if code, err = c.scriptCode(c.f.lang, path); err != nil {
			return err
		}
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		if c.f.lang == "cartridge" {
			if code, err = c.cartridgeCode(s, path); err != nil {
				return err
			}
		}
		script, err := s.Script(c.ctx, c.f.name)
		if errors.Is(err, store.ErrNotFound) {
			script, err = store.Script{Name: c.f.name, Enabled: true}, nil
		}
		if err != nil {
			return err
		}
		script.Lang, script.Code = c.f.lang, code
		if c.f.purpose != "" {
			script.Purpose = c.f.purpose
		}
		id, changed, err := s.UpsertScript(c.ctx, script)
		switch {
		case err != nil:
			return err
		case !changed:
			c.printf("%s (script %d) is as it was\n", c.f.name, id)
		case script.ID != 0:
			c.printf("%s (script %d) has new code\n", c.f.name, id)
		default:
			c.printf("%s is script %d\n", c.f.name, id)
		}
		return nil
	})
}

// cartridgeCode is what the row of a cartridge script holds: the path of a file, or
// what the cartridge is called in the data folder.
func (c scripts) cartridgeCode(s *store.Store, name string) (string, error) {
	if name == "-" {
		return "", usagef("a cartridge is named by its id or path, not read from standard input")
	}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		return filepath.Abs(name)
	}
	row, err := agent.FindCartridge(c.ctx, s, s.Dir(), name)
	if err == nil {
		_, _, err = agent.OpenCartridge(row)
	}
	return name, err
}

// scriptCode is the text of a program, which must assemble when it is a pixel program.
func (c scripts) scriptCode(lang, path string) (string, error) {
	if lang == "python" {
		_, text, err := c.source(path)
		return text, err
	}
	a, err := c.assemble(path)
	if err != nil {
		return "", err
	}
	if !a.OK() {
		return "", errFailed
	}
	return pxl.Bundle(a), nil
}

func (c scripts) list(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: list shows all scripts", args[0])
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		scripts, err := s.ScriptList(c.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "ID\tNAME\tLANGUAGE\tENABLED\tRUNS\tSUCCEEDED\tLAST RUN\tPURPOSE\n")
		for _, s := range scripts {
			enabled := map[bool]string{true: "yes", false: "no"}[s.Enabled]
			if s.Fault != "" {
				enabled = "skipped"
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", s.ID, plaintext.Line(s.Name), plaintext.Line(s.Lang), enabled, s.RunCount,
				percent(s.SuccessCount, s.RunCount), when(s.LastRunAt), plaintext.Line(s.Purpose))
		}
		return w.Flush()
	})
}

func (c scripts) setEnabled(args []string, on bool) error {
	name, err := one(args, "script (its NAME)")
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		script, err := findScript(c.ctx, s, name)
		if err != nil {
			return err
		}
		if err := s.SetEnabled(c.ctx, script.ID, on); err != nil {
			return err
		}
		c.printf("%s is %s\n", plaintext.Line(script.Name), map[bool]string{true: "enabled", false: "disabled"}[on])
		return nil
	})
}

func findScript(ctx context.Context, s *store.Store, name string) (store.Script, error) {
	script, err := s.Script(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return script, fmt.Errorf("there is no script %q; gvpie script list shows them", name)
	}
	return script, err
}
