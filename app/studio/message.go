package studio

import "time"

// message is what a background goroutine leaves for the Model; apply runs on the
// window goroutine, inside Pump.
type message interface{ apply(*Model) }

// latest is a mailbox that keeps only the newest value. Its senders never wait.
type latest[T any] struct{ ch chan T }

func newLatest[T any]() latest[T] { return latest[T]{make(chan T, 1)} }

// put replaces a value that has not been taken yet. One sender at a time.
func (l latest[T]) put(v T) {
	for {
		select {
		case l.ch <- v:
			return
		default:
		}
		select {
		case <-l.ch:
		default:
		}
	}
}

// NoticeKind says how a notice is shown.
type NoticeKind uint8

const (
	Done    NoticeKind = iota // something was done
	Warning                   // something to know
	Problem                   // something failed
)

// Notice is a sentence for the person, shown until it is dismissed or, for Done,
// for a few seconds.
type Notice struct {
	ID   int
	Kind NoticeKind
	Text string
	At   time.Time
}

// maxNotices is how many notices are kept; the oldest goes first.
const maxNotices = 20

// Notify shows a sentence.
func (m *Model) Notify(k NoticeKind, text string) {
	m.nextID++
	m.notices = append(m.notices, Notice{ID: m.nextID, Kind: k, Text: text, At: m.now()})
	if len(m.notices) > maxNotices {
		m.notices = m.notices[len(m.notices)-maxNotices:]
	}
}

// Notices lists what is to be shown, oldest first.
func (m *Model) Notices() []Notice { return m.notices }

// Dismiss takes a notice away.
func (m *Model) Dismiss(id int) {
	for i, n := range m.notices {
		if n.ID == id {
			m.notices = append(m.notices[:i:i], m.notices[i+1:]...)
			return
		}
	}
}
