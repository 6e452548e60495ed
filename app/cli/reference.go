package cli

import (
	"flag"

	"gvpie/assets"
)

var referenceCommand = command{
	name: "reference", args: "[--short]", summary: "Print the language's reference, in Markdown",
	help: `With --short in under 2000 tokens, for a coding assistant or for who knows languages
like it.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		short := fs.Bool("short", false, "the language in short")
		return func(c *invocation) error { return printReference(c, *short) }
	},
}

func printReference(c *invocation, short bool) error {
	if len(c.args) > 0 {
		return usagef("%q is too much: reference takes no file", c.args[0])
	}
	if short {
		c.printf("%s", assets.ShortReference())
		return nil
	}
	for _, d := range assets.Docs() {
		if d.Name == "language" {
			c.printf("%s", d.Text)
		}
	}
	return nil
}
