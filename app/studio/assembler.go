package studio

import (
	"sync"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/pxl"
)

// assembler assembles long texts on a goroutine of its own: of each document the
// newest that was asked for, the documents in the order they were asked for.
type assembler struct {
	mu    sync.Mutex
	jobs  []assembleJob
	added mailbox.Latest[struct{}]
}

// assembleJob is a text to assemble.
type assembleJob struct {
	doc, version int
	name, text   string
	path         string // of its file, "" if it has none
}

func newAssembler() *assembler { return &assembler{added: mailbox.New[struct{}]()} }

// put asks for a text, instead of any earlier one of its document.
func (a *assembler) put(j assembleJob) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.added.Offer(struct{}{})
	for i := range a.jobs {
		if a.jobs[i].doc == j.doc {
			a.jobs[i] = j
			return
		}
	}
	a.jobs = append(a.jobs, j)
}

func (a *assembler) next() (j assembleJob, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.jobs) == 0 {
		return j, false
	}
	j, a.jobs = a.jobs[0], a.jobs[1:]
	return j, true
}

// loop assembles until quit is closed; done gets each result.
func (a *assembler) loop(quit <-chan struct{}, done func(assembleJob, *pxl.Assembly)) {
	for {
		j, ok := a.next()
		if ok {
			done(j, pxl.AssembleFile(j.name, j.path, j.text))
			continue
		}
		select {
		case <-quit:
			return
		case <-a.added.C:
		}
	}
}
