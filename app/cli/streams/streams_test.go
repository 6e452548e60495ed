package streams

import (
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// A stalled writer takes nothing until it is let.
type stalled struct {
	asked chan struct{} // gets the first write
	once  sync.Once
	let   chan struct{}
	taken strings.Builder
}

func (s *stalled) Write(b []byte) (int, error) {
	s.once.Do(func() { close(s.asked) })
	<-s.let
	return s.taken.Write(b)
}

func TestWhatIsNotReadIsDroppedAndCounted(t *testing.T) {
	to := &stalled{asked: make(chan struct{}), let: make(chan struct{})}
	l := NewLossyWriter(to)
	io.WriteString(l, "line\n")
	<-to.asked // it is on its way, and waits in no room
	for range room + 10 {
		if _, err := io.WriteString(l, "line\n"); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.queue) != room || l.lost != 10 {
		t.Errorf("%d lines wait, %d are lost", len(l.queue), l.lost)
	}
	to.let <- struct{}{}
	to.let <- struct{}{} // one has been taken whole: there is room again
	io.WriteString(l, "again\n")
	close(to.let)
	l.Close()
	<-l.done // which Close does not wait for for ever
	io.WriteString(l, "too late\n")
	if want := strings.Repeat("line\n", 1+room) + "… 10 lines could not be printed; the log has what happened\nagain\n"; to.taken.String() != want {
		t.Errorf("it ends %q, of %d bytes", to.taken.String()[max(0, to.taken.Len()-120):], to.taken.Len())
	}
}

func TestTheJournalTakesPrioritiesAndNoTime(t *testing.T) {
	var b strings.Builder
	log := slog.New(NewJournalHandler(&b)).With("run", 7)
	log.Info("two\nlines")
	log.Warn("careful")
	log.Error("broken", "err", "it is")
	if want := "<6>msg=\"two\\nlines\" run=7\n<4>msg=careful run=7\n<3>msg=broken run=7 err=\"it is\"\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
