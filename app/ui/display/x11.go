//go:build linux || freebsd || openbsd

package display

/*
#cgo linux pkg-config: x11
#cgo freebsd openbsd CFLAGS: -I/usr/X11R6/include -I/usr/local/include
#cgo freebsd openbsd LDFLAGS: -L/usr/X11R6/lib -L/usr/local/lib -lX11

#include <stdint.h>
#include <unistd.h>
#include <X11/Xlib.h>

static int unsaid(Display *d) { return 0; }
static int refused(Display *d, XErrorEvent *e) { return 0; }

// gone never returns: Xlib would go on with a display that is broken, and end the
// process with the next cursor that is loaded.
static void gone(Display *d, void *fd) {
	char b = 0;
	(void)!write((int)(intptr_t)fd, &b, 1);
	for (;;) pause();
}

static void watch(void *d, int fd) {
	XSetErrorHandler(refused);
	XSetIOErrorHandler(unsaid);
	XSetIOErrorExitHandler(d, gone, (void *)(intptr_t)fd);
}
*/
import "C"

import (
	"os"
	"unsafe"
)

// WatchX11 has lost called, on a goroutine of its own, when the X server of an
// Xlib display goes away. The goroutine that finds the display gone never comes back
// from there. Xlib would end the process then, and with it all that was typed in the
// last second; it also would for a request that the server refuses, such as an answer
// to a program that has just gone.
func WatchX11(display unsafe.Pointer, lost func()) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	// The display writes to the descriptor as long as the process lives.
	C.watch(display, C.int(write.Fd()))
	go func() {
		defer write.Close()
		defer read.Close()
		if _, err := read.Read(make([]byte, 1)); err == nil {
			lost()
		}
	}()
	return nil
}
