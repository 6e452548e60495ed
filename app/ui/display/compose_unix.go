//go:build linux || freebsd || openbsd

package display

/*
#cgo linux pkg-config: xkbcommon
#cgo freebsd openbsd CFLAGS: -I/usr/local/include
#cgo freebsd openbsd LDFLAGS: -L/usr/local/lib -lxkbcommon

#include <stdbool.h>
#include <stdlib.h>
#include <xkbcommon/xkbcommon.h>
#include <xkbcommon/xkbcommon-compose.h>

static void quiet(struct xkb_context *c, enum xkb_log_level level, const char *format, va_list args) {}

static bool has_compose(const char *locale) {
	struct xkb_context *c = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	if (!c)
		return false;
	xkb_context_set_log_fn(c, quiet); // it is asked, not told
	struct xkb_compose_table *t = xkb_compose_table_new_from_locale(c, locale, XKB_COMPOSE_COMPILE_NO_FLAGS);
	xkb_compose_table_unref(t);
	xkb_context_unref(c);
	return t != NULL;
}
*/
import "C"

import "unsafe"

// hasCompose asks libxkbcommon, as the toolkit does.
func hasCompose(locale string) bool {
	name := C.CString(locale)
	defer C.free(unsafe.Pointer(name))
	return bool(C.has_compose(name))
}
