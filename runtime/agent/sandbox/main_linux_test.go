//go:build amd64 || arm64

package sandbox

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	Child()
	if spec := os.Getenv(runnerEnv); spec != "" {
		os.Exit(runner(spec))
	}
	goleak.VerifyTestMain(m)
}
