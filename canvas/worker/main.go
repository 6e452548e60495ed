package worker

import (
	"fmt"
	"os"
)

// Main is the command `gvpie gpu-worker`: the child's whole life. It gives the
// exit code of the process, which it may be called in only once: it takes stdin
// and stdout over.
func Main(args []string) int {
	if len(args) == 1 && args[0] == measureArg {
		return measureStdio(os.Stdin, os.Stdout)
	}
	if len(args) > 0 {
		fmt.Fprintln(os.Stderr, "gvpie gpu-worker: takes no arguments; gvpie starts it itself")
		return 2
	}
	return serveStdio(openGPU)
}

func serveStdio(open func() (Device, error)) int {
	in, out, err := claimStdio()
	if err == nil {
		err = Serve(in, out, open)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gvpie gpu-worker:", err)
		return 1
	}
	return 0
}
