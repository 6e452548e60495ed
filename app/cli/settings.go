package cli

import (
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"gvpie/runtime/store"
)

// settings is one use of gvpie settings.
type settings struct {
	*invocation
	data *string
}

var settingsCommand = command{
	name: "settings", args: "list | get NAME | set NAME VALUE", summary: "Show and change the settings of the loop and the API",
	help: `Settings are rows of the table settings in DIR/db/daemon.db. list shows them all, and
from when on a change counts: from the next cycle or call on, also while the loop
runs, but addr, which counts from the next start on. A value that makes no sense is
refused, and nothing is changed. A flag, as --interval, beats its setting in the
process that it is given to.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		return func(c *invocation) error {
			return c.choose(
				verb{"list", func(c *invocation, args []string) error { return settings{c, data}.list(args) }},
				verb{"get", func(c *invocation, args []string) error { return settings{c, data}.get(args) }},
				verb{"set", func(c *invocation, args []string) error { return settings{c, data}.set(args) }},
			)
		}
	},
}

func (c settings) list(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: list shows all settings", args[0])
	}
	return c.withStore(*c.data, func(s *store.Store) error {
		rows, err := s.Settings(c.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "NAME\tVALUE\tDEFAULT\tCOUNTS FROM\tMEANS\n")
		for _, spec := range store.SettingSpecs {
			value, ok := rows[spec.Name]
			if !ok {
				value = spec.Default
			}
			if bad := spec.Check(value); bad != nil {
				value = fmt.Sprintf("%q, which makes no sense", value)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", spec.Name, value, spec.Default, spec.Counts, spec.Means)
		}
		return w.Flush()
	})
}

// spec is the setting of a name.
func (c settings) spec(name string) (store.SettingSpec, error) {
	spec, ok := store.FindSetting(name)
	if !ok {
		names := make([]string, len(store.SettingSpecs))
		for i, s := range store.SettingSpecs {
			names[i] = s.Name
		}
		return spec, usagef("there is no setting %q: it may be %s", name, strings.Join(names, ", "))
	}
	return spec, nil
}

func (c settings) get(args []string) error {
	name, err := one(args, "setting (its NAME)")
	if err != nil {
		return err
	}
	spec, err := c.spec(name)
	if err != nil {
		return err
	}
	return c.withStore(*c.data, func(s *store.Store) error {
		value, err := s.Setting(c.ctx, spec.Name, spec.Default)
		if err == nil {
			c.printf("%s\n", value)
		}
		return err
	})
}

func (c settings) set(args []string) error {
	if len(args) != 2 {
		return usagef("set takes a NAME and a VALUE")
	}
	spec, err := c.spec(args[0])
	if err != nil {
		return err
	}
	if bad := spec.Check(args[1]); bad != nil {
		return usagef("%s cannot be %q: %v", spec.Name, args[1], bad)
	}
	return c.withStore(*c.data, func(s *store.Store) error {
		if err := s.SetSetting(c.ctx, spec.Name, args[1]); err != nil {
			return err
		}
		c.printf("%s is %s, from %s on\n", spec.Name, args[1], spec.Counts)
		return nil
	})
}
