//go:build !unix

package token

import "io/fs"

// private: the data folder of a user is that user's alone here.
func private(fs.FileInfo) bool { return true }
