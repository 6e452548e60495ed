//go:build unix

package token

import "io/fs"

// private says whether a file is its owner's alone.
func private(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }
