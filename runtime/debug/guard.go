package debug

import (
	"fmt"
	"runtime/debug"
)

// Failure is a fault of the debugger itself.
type Failure struct {
	What  any
	Stack []byte
}

func (f *Failure) Error() string {
	return fmt.Sprintf("the debugger failed here (%v): nothing of the program is lost, and it can be asked again", f.What)
}

// Guard does something with a session, and makes a panic in it an error that wraps a
// *Failure, so that a fault of the debugger ends neither a window nor an editor's session.
// The session may stand between two moments then, and is to be made anew.
func Guard(do func() error) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = &Failure{what, debug.Stack()}
		}
	}()
	return do()
}
