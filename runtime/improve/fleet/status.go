//go:build !nofleet

package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"gvpie/runtime/improve/campaign"
)

// WorkerInfo is a worker that lately said that it is there.
type WorkerInfo struct {
	Name    string
	Version string
	Hands   int
}

// Status is what the server knows.
type Status struct {
	Waiting  int // jobs that nobody has
	InHand   int // that workers have
	Done     int // results that are kept
	Versions map[string]int
	Aside    []campaign.Job // that were put aside
	Workers  []WorkerInfo
}

// Look asks the server.
func Look(ctx context.Context, c Config) (Status, error) {
	c.defaults()
	nc, js, err := connect(c, "gvpie status")
	if err != nil {
		return Status{}, err
	}
	defer nc.Close()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := look(ctx, js)
	if err != nil {
		return s, away(c, err)
	}
	return s, nil
}

func look(ctx context.Context, js jetstream.JetStream) (s Status, err error) {
	jobs, results, workers, err := streams(ctx, js)
	if err != nil {
		return s, err
	}
	info, err := jobs.Info(ctx, jetstream.WithSubjectFilter(jobSubject+"*"))
	if err != nil {
		return s, err
	}
	s.Versions = map[string]int{}
	for subject, n := range info.State.Subjects {
		s.Versions[strings.TrimPrefix(subject, jobSubject)] = int(n)
	}
	s.Waiting = int(info.State.Msgs)
	consumers := jobs.ListConsumers(ctx)
	for c := range consumers.Info() {
		s.InHand += c.NumAckPending
	}
	if err := consumers.Err(); err != nil {
		return s, err
	}
	s.Waiting = max(0, s.Waiting-s.InHand)
	if info, err = results.Info(ctx, jetstream.WithSubjectFilter(">")); err != nil {
		return s, err
	}
	for _, subject := range slices.Sorted(maps.Keys(info.State.Subjects)) {
		if !strings.HasPrefix(subject, asideSubject) {
			s.Done++
			continue
		}
		m, err := results.GetLastMsgForSubject(ctx, subject)
		var j campaign.Job
		if err == nil && json.Unmarshal(m.Data, &j) == nil {
			s.Aside = append(s.Aside, j)
		}
	}
	keys, err := workers.ListKeys(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return s, err
	}
	if err == nil {
		for key := range keys.Keys() {
			e, err := workers.Get(ctx, key)
			var one WorkerInfo
			if err == nil && json.Unmarshal(e.Value(), &one) == nil {
				s.Workers = append(s.Workers, one)
			}
		}
	}
	slices.SortFunc(s.Workers, func(a, b WorkerInfo) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

// nobody is a sentence where no worker does jobs of a version; "": some do.
func (s Status) nobody(version string) string {
	for _, w := range s.Workers {
		if w.Version == version {
			return ""
		}
	}
	if len(s.Workers) == 0 {
		return "no worker does the jobs that wait: gvpie fleet work is one"
	}
	w := s.Workers[0]
	return fmt.Sprintf("no worker is of this version, %s: %s is of %s, and does none of its jobs", version, w.Name, w.Version)
}
