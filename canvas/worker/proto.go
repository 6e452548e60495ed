package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// The protocol. Parent and child exchange frames: a 32-bit length, then that
// many bytes: a header of headerSize bytes, a body of small fields, and, where
// there is no shared memory or they are few, the bytes of the payload: pages,
// pictures, programs.
//
//	 0  kind, code, transport, 0       24  payload: offset in shared memory, 64 bits
//	 4  request                        32  payload: length, 64 bits
//	 8  machine
//	12  length of the body
//	16  time the caller gives, ns, 64 bits; 0 for no limit
//
// Small fields are little-endian; words of pages and pictures keep the host's
// order, as both ends are one binary on one computer. The first frame each way
// is the hello. Every request is answered by exactly one reply with its number;
// requests of one machine run one after the other, those of different machines
// side by side. kindCancel names the request it stops and has no reply of its
// own; kindDrop has none either.
const (
	helloMagic   = 'G' | 'V'<<8 | 'P'<<16 | 'W'<<24
	helloVersion = 5

	headerSize = 40
	// maxInline is the longest payload that travels in the frame although there is
	// shared memory: below it, copying is cheaper than a page of its own.
	maxInline = 4 << 10
	// maxBody is the longest body; texts in it are cut to maxText.
	maxBody = 16 << 10
	maxText = 4 << 10
	// maxPayload is the longest payload: the largest view, 8192 × 8192 pixels.
	maxPayload = maxView * maxView * 4
	// maxShared is the most shared memory one direction may take.
	maxShared = 2 * maxPayload
	// maxMachines is how many machines one worker holds.
	maxMachines = 1024

	maxView   = 8192 // width and height of a view: see machine.View
	noMachine = 0    // machine number of frames that are about none
)

type kind uint8

const (
	// From the parent.
	kindHello    kind = iota + 1 // magic, version, shared memory or not, progress interval
	kindLoad                     // seed; payload: program
	kindFrame                    // input, budget, impatient or not
	kindRead                     // page
	kindCommands                 //
	kindHuman                    //
	kindRender                   // view, impatient or not
	kindSnapshot                 //
	kindRestore                  // five lengths; payload: the five pages
	kindMany                     // payload: the runs of a batch
	kindDrop                     // forget the machine
	kindCancel                   // stop the request
	// From the child.
	kindReady    // answer to the hello: adapter, or a code and the reason
	kindReply    // answer to a request
	kindProgress // the request is getting on: by itself, or because another is
	kindEnd
)

var kindNames = [kindEnd]string{"nothing", "hello", "load", "frame", "read", "commands", "human", "render",
	"snapshot", "restore", "many", "drop", "cancel", "ready", "reply", "progress"}

func (k kind) String() string {
	if k < kindEnd {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// transport says where the payload of a frame is.
type transport uint8

const (
	transportNone   transport = iota
	transportInline           // behind the body
	transportShared           // in the sender's shared memory
)

// message is one frame, taken apart.
type message struct {
	kind    kind
	code    code
	request uint32
	machine uint32
	timeout time.Duration // 0: none
	body    []byte
	payload payload
}

// errProtocol is wrapped by every error about bytes that are not the protocol's.
// Whoever reads one gives the other end up.
var errProtocol = errors.New("the GPU worker's pipe carries something else than its protocol")

func protocolError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errProtocol, fmt.Sprintf(format, args...))
}

// code is how a request ended, so that errors.Is works across the pipe.
type code uint8

const (
	codeOK code = iota
	codeOther
	codeNoProgram
	codeUnsupported
	codeLost
	codeUnavailable
	codeProgram
	codeCanceled
	codeDeadline
	codeSnapshot
	codeView
	codePage
	codeCold
	codeEnd
)

var codeErrors = [codeEnd]error{
	codeNoProgram:   engine.ErrNoProgram,
	codeUnsupported: engine.ErrUnsupported,
	codeLost:        engine.ErrLost,
	codeUnavailable: engine.ErrUnavailable,
	codeProgram:     isa.ErrProgram,
	codeCanceled:    context.Canceled,
	codeDeadline:    context.DeadlineExceeded,
	codeSnapshot:    machine.ErrSnapshot,
	codeView:        machine.ErrView,
	codePage:        engine.ErrPage,
	codeCold:        engine.ErrCold,
}

func codeOf(err error) code {
	if err == nil {
		return codeOK
	}
	for c, sentinel := range codeErrors {
		if sentinel != nil && errors.Is(err, sentinel) {
			return code(c)
		}
	}
	return codeOther
}

// remoteError is an error that happened in the child: its text, and the
// sentinel it wrapped there.
type remoteError struct {
	code code
	text string
}

func (e *remoteError) Error() string { return e.text }

func (e *remoteError) Unwrap() error { return codeErrors[e.code] }

// words of each page at most, as the protocol checks lengths before it trusts them.
var snapshotLimits = [5]int{isa.MaxProgramWords, isa.MaxCanvas * isa.MaxCanvas, isa.MaxCanvas * isa.MaxCanvas,
	isa.MaxDataWords, isa.StateWords}

func snapshotPages(s *machine.Snapshot) [5]*[]uint32 {
	return [5]*[]uint32{(*[]uint32)(&s.Program), &s.Display, &s.Writer, &s.Data, &s.State}
}
