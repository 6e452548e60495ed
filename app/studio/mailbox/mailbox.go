// Package mailbox passes values from one goroutine to another that only ever
// wants the newest. It queues nothing and its senders never wait. Start at
// [Latest].
package mailbox

// Latest keeps the newest value that has not been taken from C.
type Latest[T any] struct{ C chan T }

// New makes an empty mailbox.
func New[T any]() Latest[T] { return Latest[T]{make(chan T, 1)} }

// Put replaces a value that has not been taken yet. One sender at a time.
func (l Latest[T]) Put(v T) {
	for {
		select {
		case l.C <- v:
			return
		default:
		}
		select {
		case <-l.C:
		default:
		}
	}
}

// Offer leaves a value unless one waits already; any number of senders.
func (l Latest[T]) Offer(v T) {
	select {
	case l.C <- v:
	default:
	}
}
