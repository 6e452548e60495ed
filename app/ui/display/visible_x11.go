//go:build linux || freebsd || openbsd

package display

/*
#include <X11/Xlib.h>
#include <X11/Xatom.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

// watcher looks at a window of another connection.
typedef struct {
	Display *d;
	Window w;
	Atom state, hidden;
	int unmapped, covered, minimised, gone;
} watcher;

static void left(Display *d, void *w) { ((watcher *)w)->gone = 1; }

static int open_watcher(watcher *w, unsigned long window) {
	if (!(w->d = XOpenDisplay(NULL))) return 0;
	w->w = window;
	w->state = XInternAtom(w->d, "_NET_WM_STATE", False);
	w->hidden = XInternAtom(w->d, "_NET_WM_STATE_HIDDEN", False);
	XSetIOErrorExitHandler(w->d, left, w);
	XSelectInput(w->d, window, VisibilityChangeMask | StructureNotifyMask | PropertyChangeMask);
	XFlush(w->d);
	return 1;
}

// read_state says whether the desktop calls the window hidden.
static int read_state(watcher *w) {
	Atom type;
	int format, found = 0;
	unsigned long n, i, rest;
	unsigned char *all = NULL;
	if (XGetWindowProperty(w->d, w->w, w->state, 0, 64, False, XA_ATOM, &type, &format, &n, &rest, &all) != Success || !all) return 0;
	for (i = 0; format == 32 && i < n; i++) found |= ((Atom *)all)[i] == w->hidden;
	XFree(all);
	return found;
}

// await waits for an event, and says whether there is one. XNextEvent alone would not do:
// where the server goes it takes an event from the queue that is none.
static int await(watcher *w) {
	while (XPending(w->d) == 0) {
		struct pollfd p = { ConnectionNumber(w->d), POLLIN, 0 };
		if (w->gone || (poll(&p, 1, -1) < 0 && errno != EINTR)) return 0;
	}
	return !w->gone;
}

// next waits for the next event, and says whether the window can be seen after it: -1,
// it is no more.
static int next(watcher *w) {
	XEvent e;
	if (!await(w)) return -1;
	XNextEvent(w->d, &e);
	switch (e.type) {
	case UnmapNotify: w->unmapped = 1; break;
	case MapNotify: w->unmapped = 0; break;
	case VisibilityNotify: w->covered = e.xvisibility.state == VisibilityFullyObscured; break;
	case PropertyNotify:
		if (e.xproperty.atom == w->state) w->minimised = read_state(w);
		break;
	case DestroyNotify: return -1;
	}
	return w->gone ? -1 : !w->unmapped && !w->covered && !w->minimised;
}

static void close_watcher(watcher *w) { if (!w->gone) XCloseDisplay(w->d); }
*/
import "C"

import "unsafe"

// WatchWindow has changed called, on a goroutine of its own, when a window of the X
// server is minimised, covered, or otherwise not to be seen, and when it can be seen
// again; and destroyed when it is no more, by whomever, while the server is. It ends
// then, or with the server. It is called after WatchX11, which has errors of the server
// end nothing.
func WatchWindow(window uintptr, changed func(visible bool), destroyed func()) {
	go func() {
		w := (*C.watcher)(C.calloc(1, C.sizeof_watcher))
		defer C.free(unsafe.Pointer(w))
		if C.open_watcher(w, C.ulong(window)) == 0 {
			return
		}
		defer C.close_watcher(w)
		was := C.int(1)
		for {
			is := C.next(w)
			if is < 0 {
				if w.gone == 0 {
					destroyed()
				}
				return
			}
			if is != was {
				was = is
				changed(is == 1)
			}
		}
	}()
}
