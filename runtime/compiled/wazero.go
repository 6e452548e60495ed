package compiled

import (
	"context"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"golang.org/x/sys/cpu"
)

// supported says why wazero has no compiler here; nil: it has one.
//
// Source: wazero's list of what its compiler runs on.
func supported() error {
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "windows":
	default:
		return errUnsupported
	}
	if runtime.GOARCH == "arm64" || runtime.GOARCH == "amd64" && cpu.X86.HasSSE41 {
		return nil
	}
	return errUnsupported
}

// wazero gives the one runtime of the Compiler, made when it is first needed.
//
// Never WithCloseOnContextDone: code that asks whether it should stop is many times
// slower. The context is looked at between rows.
func (c *Compiler) wazero() (rt wazero.Runtime, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runtime != nil || c.cannot != nil {
		return c.runtime, c.cannot
	}
	defer func() { // where memory may not be made executable, it panics
		if r := recover(); r != nil {
			c.cannot = fmt.Errorf("%w: %v", errUnsupported, r)
			err = c.cannot
		}
	}()
	if c.cannot = supported(); c.cannot == nil {
		c.runtime = wazero.NewRuntimeWithConfig(context.Background(), wazero.NewRuntimeConfigCompiler())
	}
	return c.runtime, c.cannot
}
