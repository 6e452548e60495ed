package dap

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
)

// What a client can ask for that the protocol has no request for, as text in its console:
// a command begins with a dot, which no expression does.

// A consoleCommand does what its words ask for, and gives what is to be read of it.
type consoleCommand struct {
	name, args, what string
	do               func(c console, ctx context.Context, words []string) (string, error)
}

var consoleCommands = []consoleCommand{
	{".next", "line N [FILE] | write X Y [W H] | change NAME", "go on to a line, a write of a texel, a change of a variable", console.next},
	{".last", "line N [FILE] | write X Y [W H] | change NAME | where EXPRESSION", "go back to it, or to the last frame that was run at whose end an expression is not 0", console.last},
	{".first", "where EXPRESSION", "go to the first frame at whose end it is not 0", console.first},
	{".history", "EXPRESSION", "what it was at the ends of the last 60 frames", console.history},
	{".branches", "", "list the branches that were begun, by number", console.branches},
	{".switch", "NUMBER", "go to the same moment of another branch", console.switchTo},
	{".name", "NUMBER NAME", "name a branch", console.rename},
	{".delete", "NUMBER", "give a branch up, with those that left it", console.remove},
	{".compare", "NUMBER NUMBER [FRAME]", "find the first frame in which two branches show other pictures, or compare one", console.compare},
	{".feed", "FILE", "begin a branch that is given the inputs of a file from the next frame on, as of gvpie run --inputs", console.feed},
	{".edit", "[FILE]", "begin a branch in which the program goes on as its file is now, or another", console.edit},
}

func consoleHelp() string {
	var out strings.Builder
	for _, c := range consoleCommands {
		fmt.Fprintf(&out, "%s — %s\n", strings.TrimSpace(c.name+" "+c.args), c.what)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// console is a server as its commands see it.
type console struct{ *server }

// command does what a line of the console asks for, where it is a command.
func (c console) command(ctx context.Context, q *dap.EvaluateRequest) (is bool, err error) {
	words := strings.Fields(q.Arguments.Expression)
	if q.Arguments.Context != "repl" || len(words) == 0 || words[0][0] != '.' {
		return false, nil
	}
	if words[0] == ".help" {
		c.answer(q, &dap.EvaluateResponse{Body: dap.EvaluateResponseBody{Result: consoleHelp()}})
		return true, nil
	}
	for _, known := range consoleCommands {
		if known.name != words[0] {
			continue
		}
		said, err := known.do(c, ctx, words[1:])
		if errors.Is(err, context.Canceled) {
			err = errors.New("given up")
		}
		if err == nil {
			c.answer(q, &dap.EvaluateResponse{Body: dap.EvaluateResponseBody{Result: said}})
		}
		return true, err
	}
	return true, fmt.Errorf("there is no command %s: .help lists them", words[0])
}

// moved says that the session stands elsewhere, and gives where.
func (c console) moved() string {
	c.calls, c.refs = nil, nil
	c.send(&dap.StoppedEvent{Event: event("stopped"), Body: dap.StoppedEventBody{Reason: "goto", ThreadId: thread, AllThreadsStopped: true}})
	w := c.session.Where()
	return fmt.Sprintf("%v, line %d: %s", w.Position, w.Calls[0].Place.Line, w.Calls[0].Place.Text)
}

func (c console) next(ctx context.Context, words []string) (string, error) {
	return c.seek(ctx, words, false)
}

func (c console) last(ctx context.Context, words []string) (string, error) {
	if len(words) > 0 && words[0] == "where" {
		return c.where(c.session.Last(ctx, strings.Join(words[1:], " "), c.session.FirstFrame(), math.MaxInt))
	}
	return c.seek(ctx, words, true)
}

func (c console) first(ctx context.Context, words []string) (string, error) {
	if len(words) == 0 || words[0] != "where" {
		return "", errors.New("say where and an expression")
	}
	from := c.session.FirstFrame()
	return c.where(c.session.First(ctx, strings.Join(words[1:], " "), from, from+searched))
}

// searched is how many frames .first looks at, at most: some runs never end.
const searched = 36000

// where says what a search along frames came to.
func (c console) where(f debug.Found, err error) (said string, _ error) {
	switch {
	case err != nil:
		return "", err
	case f.OK:
		said = c.moved()
	default:
		said = "in none of " + count(f.Looked, "frame")
	}
	if f.Remark != "" {
		said += "; counts as false in " + f.Remark
	}
	return said, nil
}

// told is how many frames .history tells of.
const told = 60

func (c console) history(ctx context.Context, words []string) (string, error) {
	to := c.session.Position().Frame + 1
	all, err := c.session.History(ctx, strings.Join(words, " "), max(c.session.FirstFrame(), to-told), to)
	var out []string
	for _, a := range all {
		v := strconv.Itoa(int(a.Value))
		if a.Err != nil {
			v = "–"
		}
		out = append(out, v)
	}
	return strings.Join(out, " "), err
}

// seek goes to the next of something, or back to the last.
func (c console) seek(ctx context.Context, words []string, back bool) (string, error) {
	at, err := sought(words)
	if err != nil {
		return "", err
	}
	reason, err := c.session.Seek(ctx, at, back, math.MaxInt)
	switch {
	case err != nil:
		return "", err
	case reason == debug.Hit:
		return c.moved(), nil
	case back:
		return "there is none before", nil
	}
	return "there is none behind: " + c.moved(), nil
}

// sought is what the words of .next and .last name.
func sought(words []string) (p debug.Breakpoint, err error) {
	if len(words) < 2 {
		return p, errors.New("say what: line N, write X Y or change NAME")
	}
	switch what, rest := words[0], words[1:]; what {
	case "line":
		if p.Line, err = strconv.Atoi(rest[0]); err != nil || p.Line < 1 || len(rest) > 2 {
			return p, errors.New("a line is a number from 1, and its file where that is not the program's")
		}
		if len(rest) == 2 {
			p.Path = rest[1]
		}
	case "write":
		if p = watched(map[int]string{2: "texel ", 4: "texels "}[len(rest)] + strings.Join(rest, " ")); p.Texels.Empty() {
			return p, errors.New("a texel is X Y, a rectangle of them X Y W H")
		}
	case "change":
		p.Variable = strings.Join(rest, " ")
	default:
		return p, fmt.Errorf("there is no %s to go to: line, write or change", what)
	}
	return p, nil
}
