package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"gvpie/runtime/cputime"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

// A GPU is measured in a process of its own, which opens it, measures and ends: on a
// software driver what the device takes is what that process takes.

// measureArg is the argument of that process.
const measureArg = "measure"

// Comparison is what a program's block takes on the GPU, and beside it a kernel that
// does the same.
type Comparison struct {
	Adapter         string
	Software        bool // the GPU is the processor
	Dispatches      int  // of a cost
	Ours, Yardstick []cputime.Cost
}

// measureRequest is what the process reads, measureReply what it writes.
type (
	measureRequest struct {
		Program isa.Program
		Kernel  string
		Rounds  int
	}
	measureReply struct {
		Comparison
		Failed string // why there is none
	}
)

// Compare measures a program whose frames are one EACH over the whole canvas beside a
// kernel: see Compare of canvas/gpu.
func Compare(ctx context.Context, p isa.Program, kernel string, rounds int) (*Comparison, error) {
	var c Config
	if err := c.fillIn(); err != nil {
		return nil, err
	}
	if os.Getenv("GVPIE_GPU") == "off" {
		return nil, fmt.Errorf("%w: GVPIE_GPU=off", engine.ErrUnavailable)
	}
	request, err := json.Marshal(measureRequest{p, kernel, rounds})
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, c.Command[0], append(c.Command[1:], measureArg)...)
	cmd.Stdin = bytes.NewReader(request)
	out, err := cmd.Output()
	var reply measureReply
	switch {
	case err != nil:
		return nil, fmt.Errorf("the process that measures the GPU ended: %w", err)
	case json.Unmarshal(out, &reply) != nil:
		return nil, errors.New("the process that measures the GPU wrote something else than its figures")
	case reply.Failed != "":
		return nil, errors.New(reply.Failed)
	}
	return &reply.Comparison, nil
}

// measureStdio is the whole life of that process; it gives its exit code.
func measureStdio(in io.Reader, out io.Writer) int {
	var (
		request measureRequest
		reply   measureReply
	)
	err := json.NewDecoder(in).Decode(&request)
	if err == nil {
		reply.Comparison, err = compareGPU(request)
	}
	if err != nil {
		reply.Failed = strings.TrimPrefix(err.Error(), engine.ErrUnavailable.Error()+": ")
	}
	if err := json.NewEncoder(out).Encode(reply); err != nil {
		fmt.Fprintln(os.Stderr, "gvpie gpu-worker:", err)
		return 1
	}
	return 0
}
