package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"gvpie/runtime/store/chain"
)

const (
	refHash   = len(chain.RefPrefix) // where the 64 digits begin
	inlineMax = 200                  // bytes of the longest text that stays in its column
	beginning = 48                   // characters of a text shown after its reference
)

// intern returns what a column holds for a text: the text itself when it is short, or
// a reference to the one copy kept in contents. A text that begins like a reference
// is always kept there, so that a column is never read wrongly.
func intern(ctx context.Context, q querier, text string) (string, error) {
	if len(text) <= inlineMax && !isRefLike(text) {
		return text, nil
	}
	hash := chain.HashText(text)
	var there bool
	err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM contents WHERE hash = ?)", hash).Scan(&there)
	if err == nil && !there {
		var id int64
		if id, err = freeID(ctx, q, "contents"); err == nil {
			_, err = q.ExecContext(ctx, "INSERT INTO contents (id, hash, body) VALUES (?, ?, ?)", id, hash, text)
		}
	}
	return chain.RefPrefix + hash + " " + begin(text), err
}

// isRefLike says whether a text could be taken for a reference by the views' LIKE,
// which does not tell capitals from small letters.
func isRefLike(text string) bool {
	return len(text) >= refHash && strings.EqualFold(text[:refHash], chain.RefPrefix)
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
