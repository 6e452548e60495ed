//go:build unix && !linux

package worker

import "os"

func newShared(string) (*os.File, error) { return newSharedTemp() }

// punchHole keeps the pages: there is no portable way to give them back.
func punchHole(*os.File, int64, int64) {}
