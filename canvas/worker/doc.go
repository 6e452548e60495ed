// Package worker keeps the GPU in a process of its own. A GPU driver, and the
// library above it, may end the process they run in; the text a person has not
// saved and an agent that has run for days must outlive that. So the parent
// starts itself again as `gvpie gpu-worker`, talks to it over the child's stdin
// and stdout, and starts a new child when that one has ended. The machines in it
// are lost then; going on with them on the CPU is engine.Failover's.
//
// The parent's side, from the outside in: [Supervisor], an engine.Source, starts,
// watches and restarts the child (supervisor.go); remote.go is one machine in it,
// process.go one living child. The child's side is [Main] and [Serve] (serve.go,
// session.go). Both share the protocol (proto.go, codec.go, link.go) and the
// shared memory that big data crosses in (allocator.go).
//
// The package never imports Gio, and imports WebGPU only through canvas/gpu,
// only in the child's [Main]. Start reading at proto.go, then process.go.
package worker
