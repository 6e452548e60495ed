package cli

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"gvpie/runtime/store"
)

// progressEvery is the time between two lines of progress.
const progressEvery = 100 * time.Millisecond

// progress shows on a terminal how far something is that takes long, on one line that
// end takes away again. Where standard error is no terminal it shows nothing.
func (c *invocation) progress() (show store.Progress, end func()) {
	f, ok := c.Stderr.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&fs.ModeCharDevice != 0
	}
	if !ok {
		return nil, func() {}
	}
	var shown time.Time
	return func(what string, done, total int64) {
			now := time.Now()
			if now.Sub(shown) < progressEvery {
				return
			}
			shown = now
			fmt.Fprint(f, "\r\x1b[K", progressLine(what, done, total))
		}, func() {
			if !shown.IsZero() {
				fmt.Fprint(f, "\r\x1b[K")
			}
		}
}

func progressLine(what string, done, total int64) string {
	switch {
	case total > 0:
		return fmt.Sprintf("%s: %d %% (%d of %d)", what, 100*min(done, total)/total, done, total)
	case done > 0:
		return fmt.Sprintf("%s: %d", what, done)
	}
	return what + " …"
}
