package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	refPrefix = "sha256:"
	refHash   = len(refPrefix) // where the 64 digits begin
	refLen    = refHash + 64
	inlineMax = 200 // bytes of the longest text that stays in its column
	beginning = 48  // characters of a text shown after its reference
)

// hashText is the SHA-256 of a text in hexadecimal.
func hashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// intern returns what a column holds for a text: the text itself when it is short, or
// a reference to the one copy kept in contents. A text that begins like a reference
// is always kept there, so that a column is never read wrongly.
func intern(ctx context.Context, q querier, text string) (string, error) {
	if len(text) <= inlineMax && !isRefLike(text) {
		return text, nil
	}
	hash := hashText(text)
	var there bool
	err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM contents WHERE hash = ?)", hash).Scan(&there)
	if err == nil && !there {
		var id int64
		if id, err = freeID(ctx, q, "contents"); err == nil {
			_, err = q.ExecContext(ctx, "INSERT INTO contents (id, hash, body) VALUES (?, ?, ?)", id, hash, text)
		}
	}
	return refPrefix + hash + " " + begin(text), err
}

// isRefLike says whether a text could be taken for a reference by the views' LIKE,
// which does not tell capitals from small letters.
func isRefLike(text string) bool {
	return len(text) >= refHash && strings.EqualFold(text[:refHash], refPrefix)
}

// begin is how a text begins, on one line.
func begin(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == beginning {
			b.WriteRune('…')
			break
		}
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// refOf is the hash that a column's value refers to, or "".
func refOf(value string) string {
	if len(value) < refLen || !strings.HasPrefix(value, refPrefix) {
		return ""
	}
	hash := value[refHash:refLen]
	if len(strings.Trim(hash, "0123456789abcdef")) != 0 || len(value) > refLen && value[refLen] != ' ' {
		return ""
	}
	return hash
}
