// Package manual writes what a system shows of a command line: man pages, and the
// completions of bash, zsh and fish. It knows no command; it is told of them.
package manual

import (
	"regexp"
	"strings"
)

// Program is a command line.
type Program struct {
	Name     string
	Version  string
	Commands []Command // the first, whose name is "", is the program itself
}

// Command is one subcommand.
type Command struct {
	Name    string // "" for the program itself
	Args    string // as in a usage line
	Summary string
	Help    string // paragraphs; may be empty
	Flags   []Flag
}

// Flag is a flag of a command.
type Flag struct {
	Name  string
	Value string // what it takes, as its help names it; "" for a switch
	Usage string
}

// dashed is a flag as it is typed.
func (f Flag) dashed() string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}

// choices are the words that the flag takes, where it takes nothing else.
func (f Flag) choices() []string {
	if !strings.Contains(f.Value, "|") {
		return nil
	}
	return strings.Split(f.Value, "|")
}

var fileLike = regexp.MustCompile(`FILE|OUT|DIR|PATH|PNG|\.`)

// file says whether the flag takes a file or a folder.
func (f Flag) file() bool { return fileLike.MatchString(f.Value) }

var verb = regexp.MustCompile(`^[a-z]+\b`)

// verbs are the words that may come first among the command's arguments, where one must.
func (c Command) verbs() (all []string) {
	if !verb.MatchString(c.Args) {
		return nil
	}
	for part := range strings.SplitSeq(c.Args, "|") {
		if v := verb.FindString(strings.TrimSpace(part)); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// own is the program itself.
func (p Program) own() Command { return p.Commands[0] }

// subcommands are all but the program itself.
func (p Program) subcommands() []Command { return p.Commands[1:] }
