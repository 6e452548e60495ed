package api

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	readerRoom = 64  // events that a reader may be behind before it is dropped
	ringRoom   = 256 // events that are kept for readers that come back
)

// A hub tells every reader of events what happened, and waits for none: a reader
// that is too far behind is dropped. It keeps the newest events for those that
// come back and say which one they had last.
type hub struct {
	start string // begins the id of every event of this process, and of no other
	most  int

	mu      sync.Mutex
	last    uint64
	frame   time.Time
	readers map[chan event]struct{}
	ring    []event // the oldest first; of frames only the newest
	gone    uint64  // the newest event that had to leave the ring; 0: none did
}

func newHub(most int) *hub {
	return &hub{start: rand.Text()[:8], most: most, readers: map[chan event]struct{}{}}
}

// encode is an event as a reader gets it. Its id names this process, so that none
// of an earlier one is taken for it.
func (h *hub) encode(e event) ([]byte, error) {
	text, err := marshal(e)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "id: %s-%d\nevent: %s\ndata: %s\n\n", h.start, e.ID, e.Kind, text), nil
}

// join gives the events from now on, and first those that a reader missed which had
// the event of the id since last; "": it missed none. The channel is closed when its
// reader is dropped. ok is false when there are too many readers.
func (h *hub) join(since string) (missed []event, events <-chan event, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.readers) >= h.most {
		return nil, nil, nil, false
	}
	if since != "" {
		missed = h.missedLocked(since)
	}
	c := make(chan event, readerRoom)
	h.readers[c] = struct{}{}
	return missed, c, func() { h.drop(c) }, true
}

// missedLocked are the events after the one of an id, as far as they are kept; where
// some are not, the first event says how many.
func (h *hub) missedLocked(since string) []event {
	start, number, _ := strings.Cut(since, "-")
	had, err := strconv.ParseUint(number, 10, 64)
	ours := err == nil && start == h.start && had <= h.last
	if !ours {
		had = 0
	}
	first, _ := slices.BinarySearchFunc(h.ring, had+1, func(e event, id uint64) int { return cmp.Compare(e.ID, id) })
	missed := slices.Clone(h.ring[first:])
	lost := event{ID: had, Kind: "missed", At: time.Now().UTC(), Missed: h.last - had - uint64(len(missed))}
	switch {
	case !ours: // what happened between that event and this process's start is not known
		lost.Missed++
		lost.Text = "gvpie was started again since: what happened before that cannot be told"
	case had < h.gone:
		lost.Text = "more has happened than is kept"
	default:
		return missed
	}
	return slices.Insert(missed, 0, lost)
}

func (h *hub) drop(c chan event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropLocked(c)
}

func (h *hub) dropLocked(c chan event) {
	if _, ok := h.readers[c]; ok {
		delete(h.readers, c)
		close(c)
	}
}

func (h *hub) publish(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.At = time.Now().UTC()
	if e.Kind == "frame" {
		if e.At.Sub(h.frame) < frameEvery {
			return
		}
		h.frame = e.At
	}
	h.last++
	e.ID = h.last
	h.keepLocked(e)
	for c := range h.readers {
		select {
		case c <- e:
		default:
			h.dropLocked(c)
		}
	}
}

// keepLocked puts an event in the ring. A frame takes the place of the one before:
// it says all that that one did.
func (h *hub) keepLocked(e event) {
	if e.Kind == "frame" {
		h.ring = slices.DeleteFunc(h.ring, func(old event) bool { return old.Kind == "frame" })
	}
	if len(h.ring) == ringRoom {
		h.gone = h.ring[0].ID
		h.ring = slices.Delete(h.ring, 0, 1)
	}
	h.ring = append(h.ring, e)
}
