package primary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"gvpie/app/studio/mailbox"
)

// wayland is the selection of a compositor, by the programs of wl-clipboard.
type wayland struct {
	owns  mailbox.Latest[string]
	reads chan Answer
	end   context.CancelFunc
}

// dataControl is what lets a program have the selection while another has the keyboard,
// and since which version the primary one.
const (
	dataControl        = "zwlr_data_control_manager_v1"
	dataControlPrimary = 2
)

// OpenWayland gives the selection of the compositor that WAYLAND_DISPLAY names, or why
// there is none. Without the compositor's help wl-copy would take the keyboard from the
// window at each selection.
func OpenWayland() (Desktop, error) {
	for _, tool := range []string{"wl-copy", "wl-paste"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("%s is not installed", tool)
		}
	}
	version, err := global(dataControl)
	if err != nil {
		return nil, err
	}
	if version < dataControlPrimary {
		return nil, errors.New("the compositor lets a program have the selection only with the keyboard")
	}
	ctx, end := context.WithCancel(context.Background())
	w := &wayland{owns: mailbox.New[string](), reads: make(chan Answer, 1), end: end}
	go w.offer(ctx)
	go w.answer(ctx)
	return w, nil
}

func (w *wayland) Own(text string) { w.owns.Put(text) }

func (w *wayland) Read(answer Answer) {
	select {
	case w.reads <- answer:
	default:
	}
}

// Close leaves what was selected to wl-copy, which goes when something else is.
func (w *wayland) Close() { w.end() }

func (w *wayland) offer(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case text := <-w.owns.C:
			copying, done := context.WithTimeout(ctx, patience)
			c := exec.CommandContext(copying, "wl-copy", "--primary", "--type", "text/plain")
			c.Stdin = strings.NewReader(text)
			c.Run() // a selection that could not be had is as one that another program took
			done()
		}
	}
}

func (w *wayland) answer(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-w.reads:
			q(paste(ctx))
		}
	}
}

// paste reads the selected text.
func paste(ctx context.Context) (string, error) {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	c := exec.CommandContext(ctx, "wl-paste", "--primary", "--no-newline", "--type", "text")
	out, err := c.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := c.Start(); err != nil {
		return "", err
	}
	var text strings.Builder
	n, _ := io.Copy(&text, io.LimitReader(out, MaxText+1))
	if n > MaxText {
		done()
		c.Wait()
		return "", ErrTooLong
	}
	switch err := c.Wait(); {
	case ctx.Err() != nil:
		return "", ErrSilent
	case err != nil:
		return "", ErrNone
	}
	return text.String(), nil
}
