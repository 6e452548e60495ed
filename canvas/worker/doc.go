// Package worker keeps the GPU in a process of its own. A GPU driver, and the
// library above it, may end the process they run in; the text a person has not
// saved and an agent that has run for days must outlive that. So the parent
// starts itself again as `gvpie gpu-worker`, talks to it over the child's stdin
// and stdout, and when the child dies goes on with the CPU engine from exactly
// where it was, while a new child starts.
//
// The parent's side, from the outside in: [Supervisor] starts, watches and
// restarts the child (supervisor.go); [Supervisor.New] gives an engine.Engine
// that survives the child (survivor.go, comeback.go, journal.go), [Supervisor.NewStrict] one
// that does not (remote.go); process.go is one living child. The child's side is
// [Main] and [Serve] (serve.go, seat.go). Both share the protocol (proto.go,
// codec.go, link.go) and the shared memory that big data crosses in (arena.go).
//
// The package never imports Gio, and imports WebGPU only through canvas/gpu,
// only in the child's [Main]. Start reading at proto.go, then process.go.
package worker
