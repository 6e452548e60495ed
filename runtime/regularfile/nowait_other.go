//go:build !unix

package regularfile

// noWait: there are no pipes in folders here.
const noWait = 0
