package studio

import "testing"

func TestNobodyWaitsForAWindowThatHasClosed(t *testing.T) {
	woken := 0
	x := newInbox(func() { woken++ })
	done := 0
	for range cap(x.ch) - 1 {
		x.Queue(func() { done++ })
	}
	x.Post(func() { done++ })
	if woken != 1 {
		t.Errorf("%d frames are asked for", woken)
	}
	close(x.quit)
	x.Post(func() { done++ }) // would wait for room for ever
	x.Queue(func() { done++ })
	if x.run(); done != cap(x.ch) || woken != 1 {
		t.Errorf("%d were done, %d frames asked for", done, woken)
	}
}
