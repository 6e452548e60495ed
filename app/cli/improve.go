package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"gvpie/assets"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/llm"
	"gvpie/runtime/improve/proposers"
	"gvpie/runtime/pxl"
)

type improveFlags struct {
	lasting    time.Duration
	candidates int
	seed       uint64
	proposers  string
	evidence   string
	write      string
	json       bool
	fleet      fleetFlags

	server, model, tape string // of a language model; "" for none
}

var improveCommand = command{
	name: "improve", args: "[FLAGS] FILE…", summary: "Look for a cheaper program that does the same",
	help: `Same is the same picture and log lines after every frame, and the same ending. A cost
is counted, not timed: cycles, cycles of texels, commands and texels written, with
fixed weights (the machine's reference has them), and so the same on every computer.

What is offered was checked, and comes with the evidence that it is equal:
  complete  it reads no input and no seed, and was run until all of its future was compared
  exhaustive, solver  every expression that was rewritten is worth the same for all that its
            names can be: all cases were compared, or a solver of Boolean formulas proved it
  rule      every step is one of those or a rewriting rule whose conditions hold
  trial     equal in every run that was tried; offered only if --evidence names it
An equal program may run out of cycles, commands or calls elsewhere: what hangs on those
limits is not compared.

The proposer rules knows the rewriting rules; search tries expressions, small ones first,
and proves those that fit. The files that a program includes stay as they are; in what
is offered they stand behind it, so that it runs anywhere.

The same --seed and --candidates give the same program on every computer. With --for
each file gets so long, and ends at a whole job of candidates.

With --nats the workers of a fleet do it (see gvpie help fleet), in jobs of a thousand
candidates; the same seed and number of candidates give the same program there, but not
the one that they give without.

With --llm a language model is asked as well. It is believed nothing: what it answers
is checked as all else, and the evidence for it can be complete or a trial alone. A
key comes from GVPIE_LLM_KEY, or the file, readable by you alone, that
GVPIE_LLM_KEY_FILE names.

With --json a line a file goes to standard output: file, cost_before, cost_after,
evidence, claim, steps, candidates (that were looked at) and source. Where nothing
better was found cost_after is cost_before, and the exit code is 0 all the same.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := improveFlags{seed: 1}
		fs.DurationVar(&f.lasting, "for", 0, "look for `DURATION` at most, each file; default until there is nothing more to try")
		fs.Func("candidates", "look at `N` candidates at most, each file", number(1, math.MaxInt32, func(n int64) { f.candidates = int(n) }))
		fs.Func("seed", "the `N` that chance begins with, default 1", number(0, math.MaxInt64, func(n int64) { f.seed = uint64(n) }))
		fs.StringVar(&f.proposers, "proposers", strings.Join(proposers.Names(), ","), "ask these, a `LIST` with commas")
		fs.StringVar(&f.server, "llm", "", "ask the language model behind `URL` too: Ollama, or a server that speaks OpenAI's API")
		fs.StringVar(&f.model, "llm-model", "", "the model's `NAME` there")
		fs.StringVar(&f.tape, "llm-tape", "", "keep what the model answers in `FILE`, and answer the same question from it")
		fs.StringVar(&f.evidence, "evidence", "", "accept this evidence alone, a `LIST` with commas; default all but trial")
		fs.StringVar(&f.write, "write", "", "write what is offered to `FILE`")
		fs.BoolVar(&f.json, "json", false, "print a JSON object a line for each file")
		f.fleet = addFleet(fs, "have the fleet do it whose server is at `URL`, as nats://127.0.0.1:4222")
		return func(c *invocation) error { return c.improve(f) }
	},
}

// options reads what the flags say.
func (f improveFlags) options(c *invocation) (o improve.Options, err error) {
	o = improve.Options{Seed: f.seed, Candidates: f.candidates}
	if f.lasting < 0 {
		return o, usagef("--for is how long, such as 30s")
	}
	for _, name := range strings.Split(f.proposers, ",") {
		p := proposers.New(strings.TrimSpace(name))
		if strings.TrimSpace(name) == llm.Name {
			if f.server == "" {
				return o, usagef("the proposer %s needs a server: --llm URL", llm.Name)
			}
			continue // it comes last
		}
		if p == nil {
			return o, usagef("there is no proposer %q", name)
		}
		o.Proposers = append(o.Proposers, p)
	}
	if f.server != "" && *f.fleet.url != "" {
		return o, usagef("a model is asked on this computer alone: --llm does not go with --nats")
	}
	if f.server != "" {
		m, err := f.asked(c)
		if err != nil {
			return o, err
		}
		o.Proposers = append(o.Proposers, m)
	} else if f.model != "" || f.tape != "" {
		return o, usagef("--llm-model and --llm-tape are of a server: --llm URL")
	}
	for _, name := range strings.Split(f.evidence, ",") {
		if f.evidence == "" {
			break
		}
		e, err := improve.ParseEvidence(strings.TrimSpace(name))
		if err != nil {
			return o, usageError(err.Error())
		}
		o.Enough = o.Enough.With(e)
	}
	return o, nil
}

// asked is the language model that the flags name.
func (f improveFlags) asked(c *invocation) (improve.Proposer, error) {
	key, err := llm.Key(c.Getenv)
	if err != nil {
		return nil, err
	}
	tape := &llm.Tape{}
	if f.tape != "" {
		if tape, err = llm.OpenTape(f.tape, time.Now()); err != nil {
			return nil, &fileError{f.tape, reason(err), err}
		}
	}
	m, err := llm.New(llm.Config{
		Endpoint:  llm.Endpoint{URL: f.server, Model: f.model, Key: key},
		Reference: assets.ShortReference(), Tape: tape,
		Told: func(text string) { c.say("%s", text) },
	})
	if err != nil {
		return nil, usageError("--llm: " + err.Error())
	}
	return m, nil
}

// An improveReport is the line that improve --json prints for a file.
type improveReport struct {
	File       string   `json:"file"`
	Before     uint64   `json:"cost_before"`
	After      uint64   `json:"cost_after"`
	Evidence   *string  `json:"evidence"`
	Claim      *string  `json:"claim"`
	Steps      []string `json:"steps"`
	Candidates int      `json:"candidates"`
	Source     string   `json:"source"`
}

func (c *invocation) improve(f improveFlags) error {
	files, err := c.someFiles()
	if err != nil {
		return err
	}
	o, err := f.options(c)
	if err != nil {
		return err
	}
	if f.write != "" && len(files) > 1 {
		return usagef("--write takes what is offered for one FILE, and there are %d", len(files))
	}
	var q campaign.Queue // nil: it is done here
	if *f.fleet.url != "" {
		var leave func()
		if q, leave, err = fleetQueue(c, f.fleet, ""); err != nil {
			return err
		}
		defer leave()
	}
	var failed error
	for _, path := range files {
		if err := improveFile(c, path, f, o, q); err != nil {
			if c.ctx.Err() != nil {
				return err
			}
			if err != errFailed {
				c.say("%v", err)
			}
			failed = errFailed
		}
	}
	return failed
}

func improveFile(c *invocation, path string, f improveFlags, o improve.Options, q campaign.Queue) error {
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		return errFailed
	}
	p, err := improve.Assembled(a)
	if err != nil {
		return err
	}
	if f.lasting > 0 {
		until := time.Now().Add(f.lasting)
		o.Stop = func() bool { return time.Now().After(until) }
	}
	o.Check = proposers.Kit(c.compiler.NewCPU).Check
	var offer improve.Offer
	if q != nil {
		offer, err = improveByFleet(c, a, f, o, q)
	} else {
		offer, err = improve.Improve(c.ctx, p, o)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if f.write != "" {
		if err := writeFile(f.write, 0o644, func(w io.Writer) error {
			_, err := io.WriteString(w, offer.Source)
			return err
		}); err != nil {
			return err
		}
	}
	if !f.json {
		tellOffer(c, path, f, offer)
		return nil
	}
	r := improveReport{File: path, Before: offer.Before, After: offer.After, Steps: offer.Steps, Candidates: offer.Candidates, Source: offer.Source}
	if offer.Evidence != improve.NoEvidence {
		evidence, claim := offer.Evidence.String(), string(offer.Claim)
		r.Evidence, r.Claim = &evidence, &claim
	}
	out := json.NewEncoder(c.Stdout)
	out.SetEscapeHTML(false)
	return out.Encode(r)
}

func tellOffer(c *invocation, path string, f improveFlags, offer improve.Offer) {
	if offer.Evidence == improve.NoEvidence {
		c.printf("%s: nothing cheaper was found among %s; it costs %d\n", path, counted(offer.Candidates, "candidate"), offer.Before)
		return
	}
	c.printf("%s: cost %d → %d (%.1f %% less), evidence %s, %s\n", path, offer.Before, offer.After,
		100*(1-float64(offer.After)/float64(max(1, offer.Before))), offer.Evidence, counted(offer.Candidates, "candidate"))
	for _, s := range offer.Steps {
		c.printf("  %s\n", s)
	}
	if f.write == "" {
		c.printf("\n%s", offer.Source)
	}
}

// fleetFlags name a fleet.
type fleetFlags struct{ url, token *string }

// addFleet defines --nats and --token.
func addFleet(fs *flag.FlagSet, means string) fleetFlags {
	return fleetFlags{fs.String("nats", "", means), fs.String("token", "", "show the server the token in `FILE`; default fleet.token in the data folder, if it is there")}
}

// improveByFleet improves a program by the jobs of a campaign that a fleet does.
func improveByFleet(c *invocation, a *pxl.Assembly, f improveFlags, o improve.Options, q campaign.Queue) (improve.Offer, error) {
	ctx, more := c.ctx, func() bool { return true }
	if f.lasting > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.lasting)
		defer cancel()
		more = func() bool { return ctx.Err() == nil }
	}
	var names []string
	for _, p := range o.Proposers {
		names = append(names, p.Name())
	}
	s := campaign.New(campaign.Config{
		Version: buildName(), File: a.File, Source: pxl.Bundle(a), Seed: o.Seed, Proposers: names, Enough: o.Enough, Most: o.Candidates,
	})
	err := campaign.Run(ctx, s, q, more, func(bool) error { return nil })
	if err != nil && c.ctx.Err() == nil && ctx.Err() != nil { // its time was over
		err = nil
	}
	if s.Failed != "" {
		c.say("%s", s.Failed)
	}
	return s.Offer(), err
}
