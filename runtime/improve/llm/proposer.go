package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gvpie/runtime/improve"
)

// Name is the proposer's.
const Name = "llm"

// Config is what a proposer is made of.
type Config struct {
	Endpoint
	Reference string // of the language, for those who know others like it
	Goal      string // in words; "": the same for a lower cost
	Tape      *Tape
	// Calls and Tokens are the most of a day; 0: 200 and 400 000.
	Calls, Tokens int
	Client        *http.Client     // nil: the usual one
	Now           func() time.Time // nil: time.Now
	// Told is told why a model brought nothing: a sentence.
	Told func(string)
}

// rounds is how often a model is asked about the same program, and repairs how often it
// may mend one answer.
const (
	rounds  = 2
	repairs = 3
)

// A Proposer asks a model.
type Proposer struct{ c Config }

// New makes a proposer. Its error is a sentence about the endpoint.
func New(c Config) (*Proposer, error) {
	if err := c.Endpoint.Check(); err != nil {
		return nil, err
	}
	if c.Tape == nil {
		c.Tape = &Tape{}
	}
	if c.Calls <= 0 {
		c.Calls = 200
	}
	if c.Tokens <= 0 {
		c.Tokens = 400_000
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Told == nil {
		c.Told = func(string) {}
	}
	return &Proposer{c}, nil
}

// Name is the proposer's name.
func (p *Proposer) Name() string { return Name }

// Propose gives the program that the model answers with, once it assembles. A model knows
// of nothing why it is equal, so where that cannot be seen by running it gives none.
func (p *Proposer) Propose(ctx context.Context, parent *improve.Program, job improve.Job) []improve.Candidate {
	if job.Proved || job.Round >= rounds {
		return nil
	}
	talk := p.begin(parent)
	for range 1 + repairs {
		a, err := p.ask(ctx, talk, job.Seed+uint64(job.Round))
		if err != nil {
			if ctx.Err() == nil {
				p.c.Told(err.Error())
			}
			return nil
		}
		program, what, wrong := p.judge(parent, a)
		if wrong == "" {
			return []improve.Candidate{{Source: program, Step: step(what)}}
		}
		talk = append(talk, message{"assistant", a.Text}, message{"user", wrong})
	}
	p.c.Told(fmt.Sprintf("%s gave no program that assembles in %d answers", p.c.Model, 1+repairs))
	return nil
}

// begin is what a model is asked about a program.
func (p *Proposer) begin(parent *improve.Program) []message {
	goal := p.c.Goal
	if goal == "" {
		goal = "Give a program that does exactly the same, to the last texel of every frame, for a lower cost."
	}
	return []message{
		{"system", "You improve programs in the language PXL. This is all of it:\n\n" + p.c.Reference +
			"\n\nA cost is counted: cycles of the core, cycles of the texels of EACH, commands, and texels painted." +
			"\nAnswer with a JSON object and nothing else: \"what\" says in one short sentence what you changed, \"program\" is the whole new program."},
		{"user", goal + "\n\nThe program:\n" + parent.Source},
	}
}

// ask asks the tape, then the model.
func (p *Proposer) ask(ctx context.Context, talk []message, seed uint64) (answer, error) {
	text, err := json.Marshal(struct {
		Shape    Shape
		Model    string
		Seed     uint64
		Messages []message
	}{p.c.Shape, p.c.Model, seed, talk})
	if err != nil {
		return answer{}, err
	}
	sum := sha256.Sum256(text)
	asked := hex.EncodeToString(sum[:])
	if a, ok := p.c.Tape.find(asked); ok {
		return a, nil
	}
	now := p.c.Now()
	switch calls, tokens := p.c.Tape.used(now); {
	case calls >= p.c.Calls:
		return answer{}, fmt.Errorf("%s was asked %d times today, which is the most", p.c.Model, calls)
	case tokens >= p.c.Tokens:
		return answer{}, fmt.Errorf("%s has used %d tokens today, of %d", p.c.Model, tokens, p.c.Tokens)
	}
	a, err := p.c.Endpoint.ask(ctx, p.c.Client, talk, seed)
	if err != nil {
		p.c.Tape.count(now)
		return a, err
	}
	if err := p.c.Tape.keep(asked, a, now); err != nil {
		return a, fmt.Errorf("what %s answered cannot be kept: %w", p.c.Model, err)
	}
	return a, nil
}

// judge takes the program out of an answer; wrong is what the model is told of it where
// it is none.
func (p *Proposer) judge(parent *improve.Program, a answer) (program, what, wrong string) {
	text := strings.TrimSpace(a.Text)
	if text == "" {
		return "", "", "That was nothing but white space. Answer with the JSON object."
	}
	var said struct {
		What    string `json:"what"`
		Program string `json:"program"`
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		if said.Program = fenced(text); said.Program == "" {
			return "", "", "That is not the JSON object that was asked for: " + err.Error()
		}
	}
	program = strings.ReplaceAll(said.Program, "\r\n", "\n")
	if strings.TrimSpace(program) == "" {
		return "", "", `"program" is empty. It is the whole new program.`
	}
	if !strings.HasSuffix(program, "\n") {
		program += "\n"
	}
	if _, err := improve.Load(parent.File, program); err != nil {
		return "", "", "That does not assemble: " + err.Error() + "\nMend it and answer with the whole program again."
	}
	return program, said.What, ""
}

// fenced is the program in an answer that is a text with a program in it.
func fenced(text string) string {
	_, rest, ok := strings.Cut(text, "```")
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, "\n") // the language's name
	program, _, ok := strings.Cut(rest, "```")
	if !ok {
		return ""
	}
	return program
}

// step is what a person is told of what a model did: its own words, and that they are.
func step(what string) string {
	const most = 160
	what = strings.Join(strings.Fields(strings.ToValidUTF8(what, "?")), " ")
	if r := []rune(what); len(r) > most {
		what = string(r[:most]) + "…"
	}
	if what == "" {
		return "written by a model"
	}
	return "a model's own words: " + what
}
