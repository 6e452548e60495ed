// Package notice keeps the sentences that the window shows a person for a while:
// what was done, what to know, what failed. It draws nothing. Start at [List].
package notice

import (
	"slices"
	"time"
)

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

	about string // what it is about, for Over; "" when it just happened
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

// About shows a sentence on something that lasts, in the place of an earlier one on the
// same; Over takes it away.
func (l *List) About(about string, k Kind, text string) {
	l.Over(about)
	l.Add(k, text)
	l.all[len(l.all)-1].about = about
}

// Over says that something is over that a sentence may be about: it goes. The name of
// what it is about is not empty.
func (l *List) Over(about string) {
	l.all = slices.DeleteFunc(slices.Clone(l.all), func(n Notice) bool { return n.about == about })
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
