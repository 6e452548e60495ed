//go:build !unix

package cli

// overQuota is false where the system does not tell.
func overQuota(error) bool { return false }
