package display

import (
	"errors"
	"fmt"
)

// Compose says which locale's compose table the window's keyboard goes by.
type Compose struct {
	Asked string // the locale of the environment
	Used  string // Asked, or one in its place that has a table
}

// composeFallbacks are the locales taken in the place of one without a table: the
// table of the first is that of nearly all locales in UTF-8.
var composeFallbacks = []string{"en_US.UTF-8", "C"}

var errNoCompose = errors.New("libxkbcommon finds no compose table, without which the keyboard cannot be read")

// FindCompose gives the locale for the compose table. The toolkit opens no window
// where the environment's locale has none, and libxkbcommon has none for half of
// the locales there are.
func FindCompose(getenv func(string) string) (Compose, error) { return findCompose(getenv, hasCompose) }

func findCompose(getenv func(string) string, has func(locale string) bool) (Compose, error) {
	c := Compose{Asked: "C"}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if l := getenv(name); l != "" {
			c.Asked = l
			break
		}
	}
	for _, l := range append([]string{c.Asked}, composeFallbacks...) {
		if has(l) {
			c.Used = l
			return c, nil
		}
	}
	return c, fmt.Errorf("%w: neither for the locale %s nor for %s; on Debian or Ubuntu, apt install libx11-data", errNoCompose, c.Asked, composeFallbacks[0])
}

// UseCompose puts the locale that has a compose table into the environment, for
// the window that is opened next. No other thread may read the environment
// meanwhile.
func UseCompose(getenv func(string) string, setenv func(name, value string) error) error {
	c, err := FindCompose(getenv)
	if err != nil || c.Used == c.Asked {
		return err
	}
	if getenv("LC_ALL") != "" {
		return setenv("LC_ALL", c.Used)
	}
	return setenv("LC_CTYPE", c.Used)
}
