//go:build unix

package cli

import (
	"errors"
	"syscall"
)

func overQuota(err error) bool { return errors.Is(err, syscall.EDQUOT) }
