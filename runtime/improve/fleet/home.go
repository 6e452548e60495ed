//go:build !nofleet

package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gvpie/runtime/improve/campaign"
)

// patience is how long the server may take to answer, and lonely how long nothing may come
// of jobs until it is looked whether anybody does them.
const (
	patience = 10 * time.Second
	lonely   = 15 * time.Second
)

// tries is how often jobs are given to a server that goes away meanwhile.
const tries = 3

// hashHeader is the header of a result that has its hash.
const hashHeader = "Gvpie-Result"

// Home has jobs done by the fleet. It is a campaign.Queue.
type Home struct {
	c    Config
	kit  campaign.Kit
	nc   *nats.Conn
	js   jetstream.JetStream
	said string
}

// NewHome gives a Home that does winners again with a kit. The server need not be there
// yet.
func NewHome(c Config, kit campaign.Kit) (*Home, error) {
	c.defaults()
	nc, js, err := connect(c, "gvpie home")
	if err != nil {
		return nil, err
	}
	return &Home{c: c, kit: kit, nc: nc, js: js}, nil
}

// Close leaves the server. Jobs that it has are done all the same.
func (h *Home) Close() { h.nc.Close() }

// Do has jobs done. Results that are there already, as of a process that was killed, are
// taken as they are. All are told of once all are there and what would win was done again.
func (h *Home) Do(ctx context.Context, jobs []campaign.Job, took func(campaign.Result) error) error {
	results, err := h.collect(ctx, jobs)
	for try := 1; err != nil && ctx.Err() == nil && try < tries; try++ { // the server may be about to come back
		back, cancel := context.WithTimeout(ctx, patience)
		err = h.nc.FlushWithContext(back)
		cancel()
		if err == nil {
			results, err = h.collect(ctx, jobs)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return away(h.c, err)
	}
	if err := h.recheck(ctx, jobs, results); err != nil {
		return err
	}
	for _, j := range jobs {
		if err := took(results[j.ID]); err != nil {
			return err
		}
	}
	return nil
}

// collect puts jobs on the queue and waits for their results.
func (h *Home) collect(ctx context.Context, jobs []campaign.Job) (map[string]campaign.Result, error) {
	setup, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, results, _, err := streams(setup, h.js)
	if err != nil {
		return nil, err
	}
	var subjects []string
	for _, j := range jobs {
		subjects = append(subjects, resultSubject+j.ID)
	}
	come, err := results.OrderedConsumer(setup, jetstream.OrderedConsumerConfig{FilterSubjects: subjects})
	if err != nil {
		return nil, err
	}
	it, err := come.Messages()
	if err != nil {
		return nil, err
	}
	defer it.Stop()
	if err := h.publish(setup, jobs); err != nil {
		return nil, err
	}
	got := map[string]campaign.Result{}
	for len(got) < len(jobs) {
		wait, cancel := context.WithTimeout(ctx, lonely)
		m, err := it.Next(jetstream.NextContext(wait))
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			if err := h.lonely(ctx, jobs, got); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			return nil, err
		}
		var r campaign.Result
		if err := json.Unmarshal(m.Data(), &r); err != nil || r.Job != strings.TrimPrefix(m.Subject(), resultSubject) || r.Hash() != m.Headers().Get(hashHeader) {
			h.tell(fmt.Sprintf("a result of the fleet is damaged and is not taken: %s", m.Subject()))
			if err := h.again(ctx, jobs, m); err != nil {
				return nil, err
			}
			continue
		}
		if r.Failed != "" {
			h.tell(fmt.Sprintf("a job of the fleet failed: %s", r.Failed))
		}
		got[r.Job] = r
	}
	return got, nil
}

// publish puts jobs on the queue. One that is there, or was in the last minutes, is not put
// there twice.
func (h *Home) publish(ctx context.Context, jobs []campaign.Job) error {
	for _, j := range jobs {
		text, err := json.Marshal(j)
		if err != nil {
			return err
		}
		if _, err := h.js.Publish(ctx, jobSubject+versionToken(j.Version), text, jetstream.WithMsgID(j.ID)); err != nil {
			return err
		}
	}
	return nil
}

// again has the job of a damaged result done again.
func (h *Home) again(ctx context.Context, jobs []campaign.Job, m jetstream.Msg) error {
	i := slices.IndexFunc(jobs, func(j campaign.Job) bool { return m.Subject() == resultSubject+j.ID })
	if i < 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := json.Marshal(jobs[i])
	if err != nil {
		return err
	}
	results, err := h.js.Stream(ctx, resultStream)
	if err != nil {
		return err
	}
	if err := results.Purge(ctx, jetstream.WithPurgeSubject(m.Subject())); err != nil {
		return err
	}
	_, err = h.js.Publish(ctx, jobSubject+versionToken(jobs[i].Version), text)
	return err
}

// lonely is called when nothing came for a while: a server that lost what it had is given
// the jobs again, and a person is told if nobody does them.
func (h *Home) lonely(ctx context.Context, jobs []campaign.Job, got map[string]campaign.Result) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := look(ctx, h.js)
	if err != nil {
		return err
	}
	if s.Waiting+s.InHand == 0 {
		missing := slices.DeleteFunc(slices.Clone(jobs), func(j campaign.Job) bool {
			_, ok := got[j.ID]
			return ok
		})
		return h.publish(ctx, missing)
	}
	if text := s.nobody(h.c.Version); text != "" {
		h.tell(text)
	}
	return nil
}

// recheck does the job again whose result would win. What another machine says counts
// for nothing where this one says otherwise.
func (h *Home) recheck(ctx context.Context, jobs []campaign.Job, results map[string]campaign.Result) error {
	checked := map[string]bool{}
	for {
		best := -1
		for i, j := range jobs {
			r := results[j.ID]
			if r.Improves() && (best < 0 || r.Offer.After < results[jobs[best].ID].Offer.After) {
				best = i
			}
		}
		if best < 0 || checked[jobs[best].ID] {
			return nil
		}
		j := jobs[best]
		here, err := campaign.Do(ctx, j, h.kit)
		if err != nil {
			return err
		}
		if here.Hash() != results[j.ID].Hash() {
			h.tell(fmt.Sprintf("a worker says that job %s comes to a cost of %d, and this machine says %d, which counts: they are not of one version, or one of them is broken", j.ID, results[j.ID].Offer.After, here.Offer.After))
			results[j.ID] = here
		}
		checked[j.ID] = true
	}
}

// tell says a sentence that was not said last.
func (h *Home) tell(text string) {
	if text != h.said {
		h.said = text
		h.c.Told(text)
	}
}
