//go:build !unix

package api

import "io/fs"

// private: the data folder of a user is that user's alone here.
func private(fs.FileInfo) bool { return true }
