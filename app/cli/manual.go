package cli

import (
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/cli/manual"
	"gvpie/assets/share"
	"gvpie/runtime/atomicfile"
	"gvpie/runtime/host"
)

var completionCommand = command{
	name: "completion", args: "bash | zsh | fish", summary: "Print what completes command lines in a shell",
	help: `An installed gvpie has it where the shells look. By hand, for bash:
  source <(gvpie completion bash)
`,
	setup: func(*flag.FlagSet) func(*invocation) error {
		return func(c *invocation) error {
			if len(c.args) != 1 || !slices.Contains(manual.Shells, c.args[0]) {
				return usagef("which shell? it is %s", strings.Join(manual.Shells, ", "))
			}
			c.printf("%s", described().Completion(c.args[0]))
			return nil
		}
	},
}

// installFilesCommand is run by make install.
var installFilesCommand = command{
	name: "install-files", args: "[--root DIR] PREFIX", summary: "Write all files of an installation but the program", hidden: true,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		root := fs.String("root", "", "write below `DIR`, which packages are made of")
		return func(c *invocation) error {
			if len(c.args) != 1 || !filepath.IsAbs(c.args[0]) {
				return usagef("where to? an absolute PREFIX, such as /usr/local")
			}
			return installFiles(*root, c.args[0])
		}
	},
}

// installFiles writes the files that a system looks for beside a program.
func installFiles(root, prefix string) error {
	put := func(name string, fill func(io.Writer) error) error {
		path := filepath.Join(root, prefix, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return atomicfile.Write(path, 0o644, fill)
	}
	texts := map[string]string{
		"share/applications/gvpie.desktop":            share.Entry,
		"share/mime/packages/gvpie.xml":               share.Types,
		"share/icons/hicolor/scalable/apps/gvpie.svg": share.IconSVG(),
		"share/bash-completion/completions/gvpie":     described().Completion("bash"),
		"share/zsh/site-functions/_gvpie":             described().Completion("zsh"),
		"share/fish/vendor_completions.d/gvpie.fish":  described().Completion("fish"),
		"lib/systemd/user/" + host.UnitName:           host.Unit(filepath.Join(prefix, "bin", "gvpie"), "daemon", "--journal"),
	}
	p := described()
	for _, cmd := range p.Commands {
		texts["share/man/man1/"+strings.TrimSuffix("gvpie-"+cmd.Name, "-")+".1"] = p.Page(cmd)
	}
	for name, text := range texts {
		if err := put(name, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}); err != nil {
			return err
		}
	}
	for _, size := range share.IconSizes {
		if err := put(fmt.Sprintf("share/icons/hicolor/%[1]dx%[1]d/apps/gvpie.png", size), func(w io.Writer) error {
			return png.Encode(w, share.Icon(size))
		}); err != nil {
			return err
		}
	}
	return nil
}

// described is the command line as a manual tells of it.
func described() manual.Program {
	p := manual.Program{Name: "gvpie", Version: version()}
	p.Version, _, _ = strings.Cut(p.Version, " (")
	for _, cmd := range commands {
		if cmd.hidden {
			continue
		}
		d := manual.Command{Name: cmd.name, Args: cmd.args, Summary: cmd.summary, Help: cmd.help}
		fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
		cmd.setup(fs)
		fs.VisitAll(func(f *flag.Flag) {
			value, usage := flag.UnquoteUsage(f)
			d.Flags = append(d.Flags, manual.Flag{Name: f.Name, Value: value, Usage: usage})
		})
		p.Commands = append(p.Commands, d)
	}
	return p
}
