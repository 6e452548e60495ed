package manual

import (
	"fmt"
	"strings"
)

// Page is the man page of a command, in the language of man(7).
func (p Program) Page(c Command) string {
	var b strings.Builder
	title := p.Name
	if c.Name != "" {
		title += "-" + c.Name
	}
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s\n", quoted(strings.ToUpper(title)), quoted(p.Name+" "+p.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(title), roff(lowerFirst(c.Summary)))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n%s\n", roff(strings.TrimSpace(p.Name+" "+c.Name)), roff(c.Args))
	b.WriteString(".SH DESCRIPTION\n")
	for i, text := range strings.Split(strings.TrimSpace(c.Summary+".\n\n"+c.Help), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		paragraph(&b, text)
	}
	if len(c.Flags) > 0 {
		b.WriteString(".SH OPTIONS\n")
	}
	for _, f := range c.Flags {
		fmt.Fprintf(&b, ".TP\n\\fB%s\\fR", roff(f.dashed()))
		if f.Value != "" {
			fmt.Fprintf(&b, " \\fI%s\\fR", roff(f.Value))
		}
		fmt.Fprintf(&b, "\n%s\n", roff(f.Usage))
	}
	if c.Name == "" {
		b.WriteString(".SH COMMANDS\n")
		for _, s := range p.subcommands() {
			fmt.Fprintf(&b, ".TP\n.BR %s\\-%s (1)\n%s\n", roff(p.Name), roff(s.Name), roff(s.Summary))
		}
	} else {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1)\n", roff(p.Name))
	}
	return b.String()
}

// paragraph writes text that is filled, but for lines that are indented or bulleted:
// those stay as they are.
func paragraph(b *strings.Builder, text string) {
	kept := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if keep := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "{"); keep != kept {
			kept = keep
			if keep {
				b.WriteString(".nf\n")
			} else {
				b.WriteString(".fi\n")
			}
		}
		b.WriteString(roff(line) + "\n")
	}
	if kept {
		b.WriteString(".fi\n")
	}
}

var roffEscapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "^", `\(ha`, "~", `\(ti`)

// roff writes text so that it stands for itself.
func roff(text string) string {
	text = roffEscapes.Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

func quoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }

// lowerFirst is a sentence as a man page's name line has it.
func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}
