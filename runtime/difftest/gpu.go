package difftest

import (
	"os"
	"testing"
)

// SkipWithoutGPU ends a test that needs a GPU on a machine that has none; err says
// why. Where GVPIE_REQUIRE_GPU is set, as continuous integration does on a machine
// with a Vulkan driver, the test fails instead.
func SkipWithoutGPU(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("GVPIE_REQUIRE_GPU") != "" {
		t.Fatalf("GVPIE_REQUIRE_GPU is set, and no GPU engine starts: %v", err)
	}
	t.Skipf("no GPU engine here: %v", err)
}
