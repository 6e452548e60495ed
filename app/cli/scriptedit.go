package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"

	"gvpie/runtime/agent"
	"gvpie/runtime/plaintext"
	"gvpie/runtime/store"
)

// onScript does something with the script of a name.
func (c scripts) onScript(name string, do func(*store.Store, store.Script) error) error {
	return c.withStore(*c.f.data, func(s *store.Store) error {
		script, err := findScript(c.ctx, s, name)
		if err != nil {
			return err
		}
		return do(s, script)
	})
}

// show prints a script's code.
func (c scripts) show(args []string) error {
	name, err := one(args, "script (its NAME)")
	if err != nil {
		return err
	}
	return c.onScript(name, func(_ *store.Store, script store.Script) error {
		c.printf("%s\n", strings.TrimSuffix(script.Code, "\n"))
		return nil
	})
}

func (c scripts) rename(args []string) error {
	if len(args) != 2 {
		return usagef("rename takes a script's NAME and its new one")
	}
	to := args[1]
	if strings.TrimSpace(to) == "" || strings.ContainsFunc(to, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return usagef("%q is no name for a script", to)
	}
	return c.onScript(args[0], func(s *store.Store, script store.Script) error {
		err := agent.EditScript(c.ctx, s, s.Dir(), script.ID, store.ScriptEdit{Name: &to})
		if err == nil {
			c.printf("%s is %s now\n", plaintext.Line(script.Name), to)
		}
		return err
	})
}

func (c scripts) remove(args []string) error {
	name, err := one(args, "script (its NAME)")
	if err != nil {
		return err
	}
	return c.onScript(name, func(s *store.Store, script store.Script) error {
		err := agent.RemoveScript(c.ctx, s, s.Dir(), script.ID)
		if err == nil {
			c.printf("%s is removed; its runs stay\n", plaintext.Line(script.Name))
		}
		return err
	})
}

// edit gives a script the code of a file, or what the person makes of it in an editor.
func (c scripts) edit(args []string) error {
	name, err := one(args, "script (its NAME)")
	if err != nil {
		return err
	}
	return c.onScript(name, func(s *store.Store, script store.Script) error {
		path := c.f.file
		if path == "" {
			if path, err = c.inEditor(script); err != nil {
				return err
			}
		}
		err := c.changeCode(s, script, path)
		switch {
		case c.f.file != "":
		case err != nil:
			c.say("%s is as it was; what you made of it is in %s", plaintext.Line(script.Name), path)
		default:
			os.RemoveAll(filepath.Dir(path))
		}
		return err
	})
}

// changeCode gives a script the code of a file.
func (c scripts) changeCode(s *store.Store, script store.Script, path string) (err error) {
	code := ""
	if script.Lang == "cartridge" {
		code, err = c.editedCartridge(s, path)
	} else {
		code, err = c.scriptCode(script.Lang, path)
	}
	if err != nil {
		return err
	}
	if code == script.Code {
		c.printf("%s (script %d) is as it was\n", plaintext.Line(script.Name), script.ID)
		return nil
	}
	if err := agent.EditScript(c.ctx, s, s.Dir(), script.ID, store.ScriptEdit{Code: &code}); err != nil {
		return err
	}
	c.printf("%s (script %d) has new code\n", plaintext.Line(script.Name), script.ID)
	return nil
}

// editedCartridge is the code of a cartridge script: --file is a cartridge, and what
// was edited is text that names one.
func (c scripts) editedCartridge(s *store.Store, path string) (string, error) {
	if c.f.file != "" {
		return c.cartridgeCode(s, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return c.cartridgeCode(s, strings.TrimSpace(string(b)))
}

// inEditor opens a script's code in $EDITOR, and gives the file once that has ended,
// alone in a folder of its own.
func (c scripts) inEditor(script store.Script) (string, error) {
	editor := c.Getenv("EDITOR")
	if editor == "" {
		return "", usagef("no editor is named in $EDITOR: give the new code with --file")
	}
	dir, err := os.MkdirTemp("", "gvpie-edit-") // and not as the sandbox's, which the loop sweeps away
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "script"+map[string]string{"pixel": ".pxl", "python": ".py"}[script.Lang])
	if err := os.WriteFile(path, []byte(script.Code), 0o600); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	words := append(strings.Fields(editor), path) // as "code --wait"
	cmd := exec.CommandContext(c.ctx, words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	if err := cmd.Run(); err != nil {
		return "", errors.Join(fmt.Errorf("%s ended with an error, and %s is as it was: %w", editor, plaintext.Line(script.Name), err), os.RemoveAll(dir))
	}
	return path, nil
}
