//go:build !nofleet

package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gvpie/runtime/improve/campaign"
)

// asking is how long a worker waits for a job before it asks anew: a server that came back
// knows nothing of what was asked before.
const asking = 3 * time.Second

// Worker does jobs of its own version.
type Worker struct {
	c     Config
	kit   campaign.Kit
	name  string
	hands int
	nc    *nats.Conn
	js    jetstream.JetStream
}

// NewWorker gives a worker of that name, which does so many jobs at once. The server need
// not be there yet.
func NewWorker(c Config, kit campaign.Kit, name string, hands int) (*Worker, error) {
	c.defaults()
	nc, js, err := connect(c, "gvpie worker "+name)
	if err != nil {
		return nil, err
	}
	return &Worker{c, kit, name, hands, nc, js}, nil
}

// Close leaves the server.
func (w *Worker) Close() { w.nc.Close() }

// Run does jobs until ctx ends, which is no error. It outlasts a server that goes away.
func (w *Worker) Run(ctx context.Context) error {
	said := ""
	for ctx.Err() == nil {
		err := w.work(ctx)
		if ctx.Err() != nil {
			break
		}
		if text := away(w.c, err).Error(); text != said {
			said = text
			w.c.Told(text)
		}
		back, cancel := context.WithTimeout(ctx, patience)
		_ = w.nc.FlushWithContext(back) // until it is back, or the patience is over
		cancel()
	}
	return nil
}

// work does jobs until something goes wrong.
func (w *Worker) work(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	setup, done := context.WithTimeout(ctx, patience)
	defer done()
	jobs, _, workers, err := streams(setup, w.js)
	if err != nil {
		return err
	}
	from, err := consumer(setup, jobs, w.c.Version, w.c.silence)
	if err != nil {
		return err
	}
	w.c.Told("taking jobs")
	w.others(setup)
	var all sync.WaitGroup
	all.Go(func() { w.announce(ctx, workers) })
	for range w.hands {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := w.next(ctx, from); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// others says that jobs wait for workers of other versions.
func (w *Worker) others(ctx context.Context) {
	s, err := look(ctx, w.js)
	if err != nil {
		return
	}
	for version, n := range s.Versions {
		if version != versionToken(w.c.Version) && n > 0 {
			w.c.Told(fmt.Sprintf("%d jobs wait for workers of version %s; this is %s, and does none of them: run the same gvpie as the home machine", n, version, w.c.Version))
		}
	}
}

// announce says now and then that this worker is there.
func (w *Worker) announce(ctx context.Context, workers jetstream.KeyValue) {
	text, err := json.Marshal(WorkerInfo{Name: w.name, Version: w.c.Version, Hands: w.hands})
	if err != nil { // it holds nothing that has no JSON
		panic(err)
	}
	key := versionToken(w.name)
	for {
		once, cancel := context.WithTimeout(ctx, patience)
		_, _ = workers.Put(once, key, text) // a server that is away is told of by the others
		cancel()
		select {
		case <-ctx.Done():
			once, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			_ = workers.Delete(once, key) // else it is forgotten before long
			cancel()
			return
		case <-time.After(workerTTL / 3):
		}
	}
}

// next takes the next job, if one comes within a while, and does it.
func (w *Worker) next(ctx context.Context, from jetstream.Consumer) error {
	wait, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	batch, err := from.Fetch(1, jetstream.FetchContext(wait))
	if err != nil {
		return err
	}
	for m := range batch.Messages() {
		if err := w.take(ctx, m); err != nil {
			return err
		}
	}
	if err := batch.Error(); err != nil && wait.Err() == nil && !errors.Is(err, nats.ErrTimeout) {
		return err
	}
	return nil
}

// take does the job of a message.
func (w *Worker) take(ctx context.Context, m jetstream.Msg) error {
	var j campaign.Job
	if err := json.Unmarshal(m.Data(), &j); err != nil || !j.Whole() {
		w.c.Told("a job that is damaged is thrown away")
		return m.Term()
	}
	info, err := m.Metadata()
	if err != nil {
		return err
	}
	results, err := w.js.Stream(ctx, resultStream)
	if err != nil {
		return err
	}
	if _, err := results.GetLastMsgForSubject(ctx, resultSubject+j.ID); err == nil {
		return m.DoubleAck(ctx) // it was done already
	}
	if info.NumDelivered > uint64(w.c.kills) {
		return w.aside(ctx, m, j)
	}
	w.c.Told(fmt.Sprintf("job %s: %d candidates of %s for %s", j.ID, j.Candidates, j.Proposer, j.File))
	beating, stop := context.WithCancel(ctx)
	var heart sync.WaitGroup
	heart.Go(func() {
		for {
			select {
			case <-beating.Done():
				return
			case <-time.After(w.c.silence / 4):
				_ = m.InProgress() // a server that is away gives the job to another
			}
		}
	})
	r, err := campaign.Do(ctx, j, w.kit)
	stop()
	heart.Wait()
	if err != nil {
		return w.giveBack(ctx, m)
	}
	if err := w.publish(ctx, r); err != nil {
		return err
	}
	return m.DoubleAck(ctx)
}

// publish tells of a result under its job's name.
func (w *Worker) publish(ctx context.Context, r campaign.Result) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	m := nats.NewMsg(resultSubject + r.Job)
	m.Data = text
	m.Header.Set(hashHeader, r.Hash())
	once, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = w.js.PublishMsg(once, m)
	return err
}

// giveBack gives a job back that was broken off: another begins it at once, and this does
// not count as a delivery that ended with nothing.
func (w *Worker) giveBack(ctx context.Context, m jetstream.Msg) error {
	once, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if _, err := w.js.Publish(once, m.Subject(), m.Data()); err != nil {
		return err // then it comes to another when its time is over
	}
	return m.DoubleAck(once)
}

// aside puts a job aside that ended with so many workers: what came of it is that.
func (w *Worker) aside(ctx context.Context, m jetstream.Msg, j campaign.Job) error {
	why := fmt.Sprintf("job %s (%s for %s, seed %d) is put aside: %d workers ended while they did it", j.ID, j.Proposer, j.File, j.Seed, w.c.kills)
	w.c.Told(why)
	if _, err := w.js.Publish(ctx, asideSubject+j.ID, m.Data()); err != nil {
		return err
	}
	if err := w.publish(ctx, campaign.Result{Job: j.ID, Failed: why}); err != nil {
		return err
	}
	return m.TermWithReason("put aside")
}
