package manual

import (
	"fmt"
	"strings"
)

// Shells are those that Completion knows.
var Shells = []string{"bash", "zsh", "fish"}

// Completion is the script that completes the program's command lines in a shell of
// Shells.
func (p Program) Completion(shell string) string {
	switch shell {
	case "bash":
		return p.bash()
	case "zsh":
		return p.zsh()
	case "fish":
		return p.fish()
	}
	panic("manual: no shell " + shell)
}

// bash completes words, flags and their choices, and files by the shell itself.
func (p Program) bash() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# bash completion for %[1]s

_%[1]s() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} cmd= words=
	if ((COMP_CWORD > 1)); then
		cmd=${COMP_WORDS[1]}
	fi
	COMPREPLY=()
	case $cmd:$prev in
`, p.Name)
	for _, c := range p.Commands {
		for _, f := range c.Flags {
			at := c.Name + ":" + f.dashed()
			if c.Name == "" {
				at = "*:" + f.dashed()
			}
			switch {
			case f.choices() != nil:
				fmt.Fprintf(&b, "\t%s)\n\t\tCOMPREPLY=($(compgen -W %s -- \"$cur\"))\n\t\treturn\n\t\t;;\n", at, single(strings.Join(f.choices(), " ")))
			case f.Value != "" && !f.file():
				fmt.Fprintf(&b, "\t%s)\n\t\tcompopt +o default\n\t\treturn\n\t\t;;\n", at)
			case f.file():
				fmt.Fprintf(&b, "\t%s) return ;;\n", at)
			}
		}
	}
	b.WriteString("\tesac\n\tcase $cmd in\n")
	for _, c := range p.subcommands() {
		fmt.Fprintf(&b, "\t%s)\n", c.Name)
		fmt.Fprintf(&b, "\t\tif [[ $cur == -* ]]; then\n\t\t\twords=%s\n", single(flagWords(c)))
		if v := c.verbs(); v != nil {
			fmt.Fprintf(&b, "\t\telif ((COMP_CWORD == 2)); then\n\t\t\twords=%s\n", single(strings.Join(v, " ")))
		}
		if c.Name == "help" {
			fmt.Fprintf(&b, "\t\telse\n\t\t\twords=%s\n", single(p.names()))
		}
		b.WriteString("\t\tfi\n\t\t;;\n")
	}
	fmt.Fprintf(&b, "\t*)\n\t\tif [[ $cur == -* ]]; then\n\t\t\twords=%s\n\t\telif ((COMP_CWORD == 1)); then\n\t\t\twords=%s\n\t\tfi\n\t\t;;\n\tesac\n",
		single(flagWords(p.own())), single(p.names()))
	fmt.Fprintf(&b, "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _%[1]s %[1]s\n", p.Name)
	return b.String()
}

// zsh completes by _arguments.
func (p Program) zsh() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %[1]s\n\n_%[1]s() {\n\tlocal -a commands\n\tcommands=(\n", p.Name)
	for _, c := range p.subcommands() {
		fmt.Fprintf(&b, "\t\t%s\n", single(c.Name+":"+strings.ReplaceAll(c.Summary, ":", `\:`)))
	}
	b.WriteString("\t)\n\tif ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n\t\t_describe command commands\n\t\t_files\n\t\treturn\n\tfi\n\tcase $words[2] in\n")
	for _, c := range p.subcommands() {
		fmt.Fprintf(&b, "\t%s)\n\t\tshift words\n\t\t((CURRENT--))\n", c.Name)
		b.WriteString("\t\t_arguments" + zshFlags(c))
		switch v := c.verbs(); {
		case c.Name == "help":
			fmt.Fprintf(&b, " %s", single("1:command:("+p.names()+")"))
		case v != nil:
			fmt.Fprintf(&b, " %s %s", single("1:verb:("+strings.Join(v, " ")+")"), single("*:file:_files"))
		default:
			fmt.Fprintf(&b, " %s", single("*:file:_files"))
		}
		b.WriteString("\n\t\t;;\n")
	}
	fmt.Fprintf(&b, "\t*)\n\t\t_arguments%s %s\n\t\t;;\n\tesac\n}\n\n_%s \"$@\"\n", zshFlags(p.own()), single("*:file:_files"), p.Name)
	return b.String()
}

var zshText = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`)

func zshFlags(c Command) string {
	var b strings.Builder
	for _, f := range c.Flags {
		what := fmt.Sprintf("%s[%s]", f.dashed(), zshText.Replace(f.Usage))
		switch {
		case f.choices() != nil:
			what += ":value:(" + strings.Join(f.choices(), " ") + ")"
		case f.file():
			what += ":file:_files"
		case f.Value != "":
			what += ":" + zshText.Replace(f.Value) + ": "
		}
		b.WriteString(" \\\n\t\t\t" + single(what))
	}
	if len(c.Flags) > 0 {
		b.WriteString(" \\\n\t\t\t")
	} else {
		b.WriteString(" ")
	}
	return strings.TrimSuffix(b.String(), " ")
}

// fish has a line for each word.
func (p Program) fish() string {
	var b strings.Builder
	for _, c := range p.subcommands() {
		fmt.Fprintf(&b, "complete -c %s -n __fish_use_subcommand -a %s -d %s\n", p.Name, c.Name, fished(c.Summary))
	}
	for _, c := range p.Commands {
		when := "__fish_use_subcommand"
		if c.Name != "" {
			when = fmt.Sprintf("'__fish_seen_subcommand_from %s'", c.Name)
		}
		words := c.verbs()
		if c.Name == "help" {
			words = strings.Fields(p.names())
		}
		if len(words) > 0 {
			fmt.Fprintf(&b, "complete -c %s -n %s -a %s\n", p.Name, when, fished(strings.Join(words, " ")))
		}
		for _, f := range c.Flags {
			name := "-l " + f.Name
			if len(f.Name) == 1 {
				name = "-s " + f.Name
			}
			switch {
			case f.choices() != nil:
				name += " -x -a " + fished(strings.Join(f.choices(), " "))
			case f.file():
				name += " -r -F"
			case f.Value != "":
				name += " -x"
			}
			fmt.Fprintf(&b, "complete -c %s -n %s %s -d %s\n", p.Name, when, name, fished(f.Usage))
		}
	}
	return b.String()
}

// names are the subcommands' names.
func (p Program) names() string {
	var all []string
	for _, c := range p.subcommands() {
		all = append(all, c.Name)
	}
	return strings.Join(all, " ")
}

func flagWords(c Command) string {
	var all []string
	for _, f := range c.Flags {
		all = append(all, f.dashed())
	}
	return strings.Join(all, " ")
}

// single quotes a word for bash and zsh.
func single(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// fished quotes a word for fish.
func fished(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
