package portal

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Scheme is how light the desktop wants its windows.
type Scheme uint32

// The values of org.freedesktop.appearance color-scheme.
const (
	NoPreference Scheme = iota
	Dark
	Light
)

const (
	appearance  = "org.freedesktop.appearance"
	colorScheme = "color-scheme"
)

// WatchScheme tells say what the desktop prefers, and again each time that this
// changes. It returns when ctx ends, or the bus, or where nobody knows.
func WatchScheme(ctx context.Context, say func(Scheme)) error {
	c, signals, err := connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	err = c.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(object), dbus.WithMatchInterface(settingsInterface),
		dbus.WithMatchMember("SettingChanged"), dbus.WithMatchArg(0, appearance))
	if err != nil {
		return fmt.Errorf("the desktop's settings: %w", err)
	}
	var v dbus.Variant
	err = c.Object(busName, object).CallWithContext(ctx, settingsInterface+".Read", 0, appearance, colorScheme).Store(&v)
	if s, ok := schemeOf(v); ok && err == nil {
		say(s)
	} else if err != nil {
		return fmt.Errorf("the desktop's settings: %w", err)
	}
	for s := range signals {
		if s.Name != settingsInterface+".SettingChanged" || len(s.Body) != 3 || s.Body[0] != appearance || s.Body[1] != colorScheme {
			continue
		}
		if scheme, ok := schemeOf(s.Body[2]); ok {
			say(scheme)
		}
	}
	return ctx.Err()
}

// schemeOf reads a setting, which some portals wrap twice.
func schemeOf(v any) (Scheme, bool) {
	for {
		inner, ok := v.(dbus.Variant)
		if !ok {
			break
		}
		v = inner.Value()
	}
	n, ok := v.(uint32)
	if n > uint32(Light) { // of a later standard
		n = uint32(NoPreference)
	}
	return Scheme(n), ok
}
