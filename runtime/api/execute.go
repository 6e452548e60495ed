package api

import (
	"context"
	"fmt"
	"net/http"

	"gvpie/runtime/agent"
)

type executeRequest struct {
	Code      string `json:"code" need:"yes" doc:"the id of a cartridge"`
	Backend   string `json:"backend" doc:"GPU, CPU or Auto, in any case; default Auto"`
	MaxCycles whole  `json:"max_cycles" doc:"cycles the whole run may take, default 1000000"`
	Frames    whole  `json:"frames" doc:"the run ends at this FRAME, default the first"`
}

type executeAnswer struct {
	Success    bool    `json:"success"`
	Output     string  `json:"output" doc:"what it logged, or what it did"`
	Error      *string `json:"error"`
	Backend    string  `json:"backend"`
	Choice     string  `json:"choice,omitempty" doc:"where the processor was left to choose, why it was that one"`
	Cycles     uint64  `json:"cycles_executed"`
	DurationMS float64 `json:"duration_ms"`
}

// execute runs a cartridge from the beginning.
func (c *request) execute() error {
	req, err := decode[executeRequest](c)
	if err != nil {
		return err
	}
	o := &job{}
	if o.backend, err = parseBackend(req.Backend); err != nil {
		return err
	}
	cycles, err := req.MaxCycles.in("max_cycles", 1, maxCycles, cartridgeBudget)
	if err != nil {
		return err
	}
	frames, err := req.Frames.in("frames", 1, maxFrames, 1)
	if err != nil {
		return err
	}
	o.cycles, o.frames = uint32(cycles), int(frames)
	leave, err := c.enterFor(0)
	if err != nil {
		return err
	}
	defer leave()
	cart, row, err := c.find(req.Code)
	if err != nil {
		return err
	}
	if cart.Machine == nil {
		return refuse(http.StatusUnprocessableEntity, "the cartridge %q holds text that is no program: it cannot be run", clip(req.Code))
	}
	p, err := agent.ProgramOf(cart)
	if err != nil {
		return refuse(http.StatusConflict, "the cartridge %q: %v", clip(req.Code), err)
	}
	o.program, o.header, o.seed, o.assembly = p.Program, p.Header, p.Seed, p.Assembly
	out, _, err := c.perform(nil, o)
	if err != nil {
		return err
	}
	if err := c.config.Store.CountExecuted(context.WithoutCancel(c.r.Context()), row.ID); err != nil {
		return stored(err)
	}
	text := out.Log
	if text == "" {
		text = fmt.Sprintf("%s: %s after %d cycles on the %s", cart.Name, out.Status, out.CyclesExecuted, out.Backend)
	}
	answer(c.w, http.StatusOK, executeAnswer{out.Success, text, out.Error, out.Backend, out.Choice, out.CyclesExecuted, out.ExecutionTimeMS})
	return nil
}
