// Package pxltest is what tests of other packages need of the language. It is
// never part of the product.
package pxltest

import (
	"testing"

	"gvpie/runtime/pxl"
)

// Assemble assembles source that must be free of errors.
func Assemble(t testing.TB, source string) *pxl.Assembly {
	t.Helper()
	a := pxl.Assemble("test.pxl", source)
	if !a.OK() {
		for _, d := range a.Diagnostics {
			t.Error(d)
		}
		t.Fatalf("this must assemble:\n%s", source)
	}
	return a
}
