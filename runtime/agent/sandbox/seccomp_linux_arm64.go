package sandbox

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// Calls that only this architecture has: none, it began without older forms.
var (
	refusedCallsHere, metadataCallsHere []uint32
	modeArgumentsHere, openFlagsHere    []argument
)
