package campaign

import (
	"context"
	"sync"
)

// Queue does jobs, here or elsewhere.
type Queue interface {
	// Do does jobs and tells of each result, in any order and from one goroutine at a
	// time, until all are done. It ends with the first error of took, the context's, or
	// why jobs cannot be done now.
	Do(ctx context.Context, jobs []Job, took func(Result) error) error
}

// Run takes a campaign further until there is nothing more to do, more is false, or an
// error of the queue or of save. save is called whenever the state has changed, and better
// says that a better program was accepted.
func Run(ctx context.Context, s *State, q Queue, more func() bool, save func(better bool) error) error {
	for more() {
		jobs := s.Next()
		if len(jobs) == 0 {
			return nil
		}
		if err := Generation(ctx, s, q, jobs, save); err != nil {
			return err
		}
	}
	return nil
}

// Generation does the jobs that a State gives as its next.
func Generation(ctx context.Context, s *State, q Queue, jobs []Job, save func(better bool) error) error {
	return q.Do(ctx, jobs, func(r Result) error {
		better, err := s.Merge(r)
		if err != nil {
			return err
		}
		return save(better)
	})
}

// Local does jobs in this process.
type Local struct {
	Kit
	Workers    int  // goroutines
	Background bool // they run only where nothing else wants to, if the system can do that
}

// Do does jobs.
func (l *Local) Do(ctx context.Context, jobs []Job, took func(Result) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	todo, done := make(chan Job, len(jobs)), make(chan Result)
	for _, j := range jobs {
		todo <- j
	}
	close(todo)
	for range min(max(l.Workers, 1), len(jobs)) {
		workers.Go(func() {
			if l.Background {
				toBackground()
			}
			for j := range todo {
				r, err := Do(ctx, j, l.Kit)
				if err != nil { // the context's
					return
				}
				select {
				case done <- r:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for range jobs {
		select {
		case r := <-done:
			if err := took(r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
