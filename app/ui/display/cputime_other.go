//go:build !unix

package display

import "time"

// ProcessorTime is 0: the system does not say.
func ProcessorTime() time.Duration { return 0 }
