package engine

import (
	"fmt"
	"strings"
)

// Backend is what a user asks a program to run on. It is a flag.Value.
type Backend uint8

const (
	Auto  Backend = iota // whichever is measured to be faster
	OnGPU                // the GPU where there is one that can
	OnCPU                // the CPU alone
)

func (b Backend) String() string { return [...]string{"Auto", "GPU", "CPU"}[b] }

// ParseBackend reads "auto", "gpu" or "cpu", in any case. Its error is a
// sentence for a user.
func ParseBackend(s string) (Backend, error) {
	for b := Auto; b <= OnCPU; b++ {
		if strings.EqualFold(s, b.String()) {
			return b, nil
		}
	}
	return Auto, fmt.Errorf("backend is %q; it may be GPU, CPU or Auto", s)
}

// Set makes b what s says.
func (b *Backend) Set(s string) (err error) {
	parsed, err := ParseBackend(s)
	if err == nil {
		*b = parsed
	}
	return err
}
