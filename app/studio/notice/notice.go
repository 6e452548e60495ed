// Package notice keeps the sentences that the window shows a person for a while:
// what was done, what to know, what failed. It draws nothing. Start at [List].
package notice

import "time"

// Kind says how a notice is shown.
type Kind uint8

const (
	Done    Kind = iota // something was done
	Warning             // something to know
	Problem             // something failed
)

// Notice is a sentence for the person, shown until it is dismissed or, for Done,
// for a few seconds.
type Notice struct {
	ID   int
	Kind Kind
	Text string
	At   time.Time
}

// limit is how many notices a List keeps; the oldest goes first.
const limit = 20

// List is what is to be shown. One goroutine owns it.
type List struct {
	now    func() time.Time
	all    []Notice
	lastID int
}

// NewList makes an empty list that goes by a clock.
func NewList(now func() time.Time) *List { return &List{now: now} }

// Add shows a sentence.
func (l *List) Add(k Kind, text string) {
	l.lastID++
	l.all = append(l.all, Notice{ID: l.lastID, Kind: k, Text: text, At: l.now()})
	if len(l.all) > limit {
		l.all = l.all[len(l.all)-limit:]
	}
}

// All lists what is to be shown, oldest first.
func (l *List) All() []Notice { return l.all }

// Dismiss takes a notice away.
func (l *List) Dismiss(id int) {
	for i, n := range l.all {
		if n.ID == id {
			l.all = append(l.all[:i:i], l.all[i+1:]...)
			return
		}
	}
}
