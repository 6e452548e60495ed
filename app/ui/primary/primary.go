// Package primary is the text that was selected last on a free desktop, which a click
// of the middle button pastes: PRIMARY, as X11 calls it. The window's toolkit knows the
// clipboard alone.
//
// On X11 it is owned and read over a connection of its own, on Wayland by wl-copy and
// wl-paste where they are installed and need not take the keyboard for it. Start at
// [Selection].
package primary

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Desktop is where the primary selection is. Its methods never wait, and are for one
// goroutine.
type Desktop interface {
	// Own has other programs get text when they paste.
	Own(text string)
	// Read has answer called with the selected text, on another goroutine. It is not
	// called when earlier questions are still being answered, or after Close.
	Read(answer Answer)
	// Close gives the selection up, where the desktop does not keep it.
	Close()
}

// Answer takes the selected text, or why there is none.
type Answer func(text string, err error)

// Selection is the primary selection as a window has it, all of whose goroutine it is.
// Nil is that of a desktop without one.
type Selection struct {
	desktop atomic.Pointer[Desktop]
	answers chan func()
	wake    func()
}

// Open gives the selection of a desktop, which is opened meanwhile. Where that fails
// there is none.
func Open(desktop func() (Desktop, error), wake func()) *Selection {
	s := &Selection{answers: make(chan func(), 4), wake: wake}
	go func() {
		if d, err := desktop(); err == nil {
			s.desktop.Store(&d)
		}
	}()
	return s
}

// Own has other programs get text when they paste.
func (s *Selection) Own(text string) {
	if d := s.opened(); d != nil {
		d.Own(text)
	}
}

// Read has answer called by Pump in a later frame, which it asks for.
func (s *Selection) Read(answer Answer) {
	if d := s.opened(); d != nil {
		d.Read(func(text string, err error) {
			select {
			case s.answers <- func() { answer(text, err) }:
				s.wake()
			default: // nobody looks at them: the window is hidden
			}
		})
	}
}

// Pump takes the answers in.
func (s *Selection) Pump() {
	for s != nil {
		select {
		case answer := <-s.answers:
			answer()
		default:
			return
		}
	}
}

// Close ends it.
func (s *Selection) Close() {
	if d := s.opened(); d != nil {
		d.Close()
	}
}

func (s *Selection) opened() Desktop {
	if s == nil {
		return nil
	}
	if d := s.desktop.Load(); d != nil {
		return *d
	}
	return nil
}

// Why there is no text to paste.
var (
	ErrNone    = errors.New("no text is selected")
	ErrTooLong = fmt.Errorf("the selected text is larger than %d MB", MaxText>>20)
	ErrSilent  = errors.New("the program that the selected text is in does not answer")
)

// MaxText is how many bytes of a selection are read.
const MaxText = 4 << 20

// patience is how long a program has to answer, and then for each part of a long text.
var patience = 2 * time.Second
