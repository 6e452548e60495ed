// Package cli is the command line: what each subcommand takes, does and prints.
//
// It knows no window: the program gives it one as a function (see [Env]), so
// everything here can be run by a test with buffers. Exit codes are 0 for done,
// 1 for a program that failed or a thing that did not work, 2 for a command line
// that makes no sense and for what compare and prove cannot read, 3 for what prove cannot tell, 130 for what was interrupted. What was asked for goes to standard output, everything
// said about it to standard error.
//
// Start reading at [Main], then commands; a command is a file.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/compiled"
	"gvpie/runtime/engine"
)

// Env is all that the command line sees of the world.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	// Window opens the studio and returns when it has been closed, or the context
	// has ended. It returns a NoDisplay error when there is nowhere to open it.
	Window func(WindowOptions) error
	// Measure plays a program in a window that is drawn and not shown, and gives what a
	// frame took, the mean of so many. nil: there is no window.
	Measure func(ctx context.Context, cpu func() engine.Engine, name, source string, frames int) (processor, wall time.Duration, err error)
}

// WindowOptions are what the window is opened with.
type WindowOptions struct {
	Files     []string             // to open in tabs
	Backend   engine.Backend       // the processor to begin with
	GPU       engine.Source        // where GPU machines come from; never nil
	CPU       func() engine.Engine // makes machines on the CPU
	Loop      *engine.Backend      // what the loop's programs run on; nil: as the setting says
	Recovery  string               // the folder for unsaved text; "" where there is none
	Session   string               // the file that says how the last window was; "" where there is none
	NewWindow bool                 // without the last window's tabs
	Data      string               // the data folder, whose loop the window runs; "" where there is none
	Addr      string               // where the HTTP API is answered; "" for none
	Version   string               // of gvpie
	Status    io.Writer            // gets a line of JSON whenever the window changed; nil for none
	Logger    *slog.Logger         // is told what went wrong without stopping anything
}

// NoDisplay is the error of a window that cannot be opened for want of a
// display. Its text, from Err, says so and how to go on.
type NoDisplay struct{ Err error }

func (e NoDisplay) Error() string { return e.Err.Error() }
func (e NoDisplay) Unwrap() error { return e.Err }

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitCut    = 130 // interrupted, as shells have it
)

// A command is one subcommand.
type command struct {
	name    string
	args    string // as in its usage line
	summary string // one line
	help    string // the rest of its help, ending in a line end; may be empty
	hidden  bool
	// setup defines the flags and gives what to run with them.
	setup func(*flag.FlagSet) func(*invocation) error
}

// An invocation is one use of a command.
type invocation struct {
	Env
	ctx  context.Context
	args []string // without the flags

	compiler *compiled.Compiler
	notice   string // what has been said of a run that fell back to the CPU
}

func (c *invocation) printf(format string, args ...any) { fmt.Fprintf(c.Stdout, format, args...) }

// say tells the person something about what is going on, on one line.
func (c *invocation) say(format string, args ...any) {
	fmt.Fprintf(c.Stderr, "gvpie: "+format+"\n", args...)
}

// errFailed ends a command with exit code 1 when everything has been said.
var errFailed = errors.New("failed")

// A usageError is a command line that makes no sense.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// commands lists every subcommand, in the order of the help. It is filled in by
// init because help, which is one of them, reads it.
var commands []command

func init() {
	commands = []command{
		windowCommand, runCommand, recordCommand, replayCommand, compareCommand, checkCommand, formatCommand, asmCommand, referenceCommand,
		daemonCommand, mcpCommand, dapCommand, scriptCommand, goalCommand, offersCommand, settingsCommand, cartridgeCommand, exportCommand, importCommand, verifyCommand, restoreCommand,
		improveCommand, paintCommand, proveCommand, fleetCommand, benchCommand, doctorCommand, completionCommand, versionCommand, helpCommand, workerCommand, installFilesCommand,
	}
}

// find gives a subcommand by its name.
func find(name string) (command, bool) {
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name && name != "" })
	if i < 0 {
		return command{}, false
	}
	return commands[i], true
}

// Main runs one command line, without the program's own name, and gives the
// exit code. It returns early when ctx ends.
func Main(ctx context.Context, args []string, env Env) int {
	cmd := windowCommand
	if len(args) > 0 {
		if c, ok := find(args[0]); ok {
			cmd, args = c, args[1:]
		}
	}
	mode, badMode := compiled.ParseMode(env.Getenv("GVPIE_COMPILE"))
	c := &invocation{Env: env, ctx: ctx}
	c.compiler = compiled.New(mode, c.logger())
	if cmd.name == workerCommand.name {
		return worker.Main(args)
	}
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	run := cmd.setup(fs)
	err := parse(fs, args, &c.args)
	if errors.Is(err, flag.ErrHelp) {
		c.help(cmd)
		return exitOK
	}
	if err == nil && badMode != nil {
		err = usageError(badMode.Error())
	}
	if err == nil {
		err = run(c)
	}
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		c.say("%s", err)
		fmt.Fprintf(c.Stderr, "Usage: %s\n", cmd.usage())
		fmt.Fprintf(c.Stderr, "More: gvpie help%s\n", cmd.spaced())
		return exitUsage
	case errors.Is(err, errFailed):
	case errors.Is(err, errUnknown):
		return exitUnknown
	case errors.As(err, new(unreadable)):
		c.say("%s", err)
		return exitUsage
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		c.say("interrupted")
		return exitCut
	default:
		c.say("%s", err)
	}
	return exitFailed
}

// parse takes flags wherever they stand, before, between or after the other
// arguments; after -- everything is an argument.
func parse(fs *flag.FlagSet, args []string, rest *[]string) error {
	var tail []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, tail = args[:i], args[i+1:]
	}
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return usageError(flagError(err))
		}
		if fs.NArg() == 0 {
			*rest = append(*rest, tail...)
			return nil
		}
		*rest = append(*rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// flagError says what package flag says the way the help spells flags.
func flagError(err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		return "there is no flag --" + strings.TrimPrefix(name, "-")
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return "--" + name + " needs a value"
	}
	return strings.Replace(text, " for flag -", " for --", 1)
}

func (c command) spaced() string {
	if c.name == "" {
		return ""
	}
	return " " + c.name
}

func (c command) usage() string { return strings.TrimSpace("gvpie" + c.spaced() + " " + c.args) }

// help prints all about one command.
func (c *invocation) help(cmd command) {
	c.printf("%s\n\nUsage: %s\n", cmd.summary, cmd.usage())
	if cmd.help != "" {
		c.printf("\n%s", cmd.help)
	}
	fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	cmd.setup(fs)
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	first := true
	fs.VisitAll(func(f *flag.Flag) {
		if first {
			c.printf("\nFlags, before or after the file:\n")
			first = false
		}
		name, usage := flag.UnquoteUsage(f)
		dashes := "--"
		if len(f.Name) == 1 {
			dashes = "-"
		}
		fmt.Fprintf(w, "  %s%s %s\t%s\n", dashes, f.Name, name, usage)
	})
	w.Flush()
	if cmd.name == "" {
		c.listCommands()
	}
}

func (c *invocation) listCommands() {
	c.printf("\nCommands:\n")
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	for _, cmd := range commands {
		if !cmd.hidden && cmd.name != "" {
			fmt.Fprintf(w, "  %s\t%s\n", cmd.name, cmd.summary)
		}
	}
	w.Flush()
	c.printf("\nA FILE of - is standard input. gvpie help COMMAND says more of each.\n")
}

// noArgs is the complaint of commands that take no file.
func (c *invocation) noArgs() error {
	if len(c.args) > 0 {
		return usagef("%q is too much: this command takes no file", c.args[0])
	}
	return nil
}

var helpCommand = command{
	name: "help", args: "[COMMAND]", summary: "Say how to use a command",
	setup: func(*flag.FlagSet) func(*invocation) error {
		return func(c *invocation) error {
			if len(c.args) == 0 {
				c.help(windowCommand)
				return nil
			}
			cmd, ok := find(c.args[0])
			if !ok || cmd.hidden {
				return usagef("there is no command %q", c.args[0])
			}
			c.help(cmd)
			return nil
		}
	},
}

// workerCommand is run by Main itself: the worker speaks a protocol over the
// standard streams, and no flag of ours is among its arguments.
var workerCommand = command{name: "gpu-worker", hidden: true, summary: "The process that the GPU is used in",
	setup: func(*flag.FlagSet) func(*invocation) error { return func(*invocation) error { return nil } }}
