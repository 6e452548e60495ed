//go:build !nofleet

package fleet

import (
	"context"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// What the fleet is called on the server. A job is on the subject of its version, a result
// and a job that was put aside are on one of their own.
const (
	jobStream    = "gvpie_jobs"
	resultStream = "gvpie_results"
	workerBucket = "gvpie_workers"

	jobSubject    = "gvpie.jobs."
	resultSubject = "gvpie.results."
	asideSubject  = "gvpie.aside."
)

// What is kept how long, and how much.
const (
	keepFor     = 24 * time.Hour
	keepResults = 1 << 30 // bytes
	workerTTL   = 30 * time.Second
)

// kills is how many deliveries of a job may end with nothing before it is put aside.
const kills = 3

// ackWait is how long a worker may be silent about a job.
const ackWait = 30 * time.Second

// versionToken is a version as a part of a subject.
func versionToken(version string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, version)
}

// streams makes what the fleet has on the server, if it is not there.
func streams(ctx context.Context, js jetstream.JetStream) (jobs, results jetstream.Stream, workers jetstream.KeyValue, err error) {
	jobs, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: jobStream, Subjects: []string{jobSubject + "*"}, Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, MaxAge: keepFor,
	})
	if err == nil {
		results, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: resultStream, Subjects: []string{resultSubject + "*", asideSubject + "*"}, Storage: jetstream.FileStorage,
			MaxMsgsPerSubject: 1, MaxAge: keepFor, MaxBytes: keepResults,
		})
	}
	if err == nil {
		workers, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: workerBucket, TTL: workerTTL, Storage: jetstream.MemoryStorage})
	}
	return jobs, results, workers, err
}

// consumer is what workers of a version take their jobs from.
func consumer(ctx context.Context, jobs jetstream.Stream, version string, wait time.Duration) (jetstream.Consumer, error) {
	token := versionToken(version)
	return jobs.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "work_" + token, FilterSubject: jobSubject + token, AckPolicy: jetstream.AckExplicitPolicy, AckWait: wait, MaxDeliver: -1, MaxAckPending: -1,
	})
}
