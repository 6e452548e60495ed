// Package api is the HTTP server on a loopback port that other programs drive the
// machine through, and the status page a person looks in by.
//
// A port on a desktop is open to every web page that the user visits. So a request
// passes the guard before anything else (guard.go), in this order:
// its Host must be a loopback name or address, which ends DNS rebinding; it must
// not come from another site, which ends cross-site requests; its path must be
// one of the table (routes.go), its method one of the path's; it must carry the
// token where one is asked for; its body must be JSON by type, bounded in size,
// sane in depth and numbers (body.go). Nothing changes state on a GET, no answer
// allows another origin, and no part of a request becomes a path of a file.
//
// What a handler may use is bounded as well: runs and assemblies at once, and
// those that wait (queue.go); bytes held for bodies and answers together
// (quota.go); cycles, frames, canvas and time of a run (job.go, run.go); readers of
// events (events.go). What is over a bound is answered with a status and a
// sentence, never waited for without end.
//
// The package never imports Gio or WebGPU: engines come from [Config.Engine].
// The description at /api/openapi.json is made from the same table that serves.
// Start reading at [Server], then routes.go.
package api
