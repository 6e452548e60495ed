// Package chain is the hashes of the loop's memory: long texts have each their own,
// and the rows of the infinite map a chain, in which each covers the one before. It
// adds to the chain, and walks it along the map; it opens no file and begins no
// transaction. Start reading at Link, then Verify.
package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// RefPrefix is how a column's value begins that refers to a long text: the 64 digits
// of its hash follow, and then, after a space, how it begins.
const RefPrefix = "sha256:"

// HashText is the SHA-256 of a text in hexadecimal.
func HashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RefOf is the hash that a column's value refers to, or "".
func RefOf(value string) string {
	const digits = 2 * sha256.Size
	rest, ok := strings.CutPrefix(value, RefPrefix)
	if !ok || len(rest) < digits || len(rest) > digits && rest[digits] != ' ' || strings.Trim(rest[:digits], "0123456789abcdef") != "" {
		return ""
	}
	return rest[:digits]
}

// Report is what Verify found.
type Report struct {
	Rows       int64    // rows of the chain that are as they were written
	Faults     []Fault  // all that is otherwise, in the order of the rows
	Unusable   []string // what beside the map cannot be used as it is, in sentences; no fault of it
	Outside    int64    // rows that another program or a person put in: no fault
	OutsideIDs []Span   // which they are, in order; none for a database that has no chain yet
	Imported   int64    // rows brought in from a damaged database or an export, as they were then: the chain cannot vouch for them
	Lost       int64    // rows that are known to have been lost in a damaged database
	Unsettled  bool     // rows of a damaged database are still being brought in: they are not judged
}

// Fault is a map row that is not as it was written, or is missing.
type Fault struct {
	ID  int64  // of the row; of a script where Why is about one
	Why string // a sentence about it
}

// Span is the rows with ids from First to Last, as many as there are.
type Span struct{ First, Last int64 }

// OK says that every row of ours is as it was written.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

func (r *Report) fault(id int64, format string, args ...any) {
	r.Faults = append(r.Faults, Fault{id, fmt.Sprintf(format, args...)})
}
