package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gvpie/runtime/plaintext"
	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// inlineMax is how many bytes of a text a row has at most: a shorter one is whole
// there. openingMax is how many it has of a long one that tells all it can in its
// beginning.
const (
	inlineMax  = 200
	openingMax = 120
)

// keep gives what a column holds for a text: the text itself, and a nil hash, when it
// is short; else its telling part, and the hash of the one copy kept in contents.
func keep(ctx context.Context, q querier, text string, tell func(string) string) (column string, hash any, err error) {
	if len(text) <= inlineMax {
		return text, nil, nil
	}
	digits := chain.HashText(text)
	if _, err := enter(ctx, q, digits, text); err != nil {
		return "", nil, err
	}
	sum, err := hex.DecodeString(digits)
	return tell(text), sum, err
}

// enter makes an entry of contents where there is none for that hash.
func enter(ctx context.Context, q querier, digits, body string) (isNew bool, err error) {
	var there bool
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM contents WHERE hash = ?)", digits).Scan(&there)
	if err != nil || there {
		return false, err
	}
	id, err := sqlquery.FreeID(ctx, q, "contents")
	if err == nil {
		_, err = q.ExecContext(ctx, "INSERT INTO contents (id, hash, body) VALUES (?, ?, ?)", id, digits, body)
	}
	return err == nil, err
}

// keepCode is keep for code: of a program that comes with the files that it includes, the
// copy in contents refers to theirs.
func keepCode(ctx context.Context, q querier, code string) (column string, hash any, err error) {
	if len(code) > inlineMax {
		if _, err = enterCode(ctx, q, code); err != nil {
			return "", nil, err
		}
	}
	return keep(ctx, q, code, tellOpening)
}

// enterCode makes an entry of contents for code, and gives its hash.
func enterCode(ctx context.Context, q querier, code string) (digits string, err error) {
	digits = chain.HashText(code)
	short, refers, err := keepFiles(ctx, q, code)
	if err != nil {
		return "", err
	}
	isNew, err := enter(ctx, q, digits, short)
	if err == nil && isNew && refers {
		_, err = q.ExecContext(ctx, "INSERT INTO bundles (hash, bytes) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM bundles WHERE hash = ?1)", digits, len(code))
	}
	return digits, err
}

// keepFiles keeps the files that come with a program, each once, and gives the program
// with references to them. Other code it gives as it is, and so code whose files cannot
// be kept because a hand has put other texts in their place.
func keepFiles(ctx context.Context, q querier, code string) (short string, refers bool, err error) {
	short, texts, ok := bundle.Shorten(code)
	if !ok {
		return code, false, nil
	}
	for _, digits := range slices.Sorted(maps.Keys(texts)) {
		same, err := enter(ctx, q, digits, texts[digits])
		if err == nil && !same {
			err = q.QueryRowContext(ctx, "SELECT body = ? FROM contents WHERE hash = ?", texts[digits], digits).Scan(&same)
		}
		if err != nil {
			return "", false, err
		}
		if !same {
			return code, false, nil
		}
	}
	return short, true, nil
}

// wholeCode gives the code of a script with the files that it refers to. Where one is
// lost, the code stays as it is, and why says so.
func wholeCode(ctx context.Context, r *bundle.Reader, code string) (whole, why string, err error) {
	whole, err = r.Whole(ctx, code)
	if lost := (*bundle.Lost)(nil); errors.As(err, &lost) {
		return code, lost.Error(), nil
	}
	return whole, "", err
}

// tellOpening is how a text begins.
func tellOpening(text string) string { return cut(text, openingMax) }

// tellErrors is what went wrong with a script in short: the exception that ended it,
// else how the errors begin and the last line of them.
func tellErrors(text string) string {
	if e := plaintext.Exception(text); e != "" {
		return cut(e, inlineMax)
	}
	const gap = "\n…\n"
	end := strings.TrimRight(text, "\r\n\t ")
	end = cut(end[strings.LastIndexByte(end, '\n')+1:], inlineMax/2)
	return strings.TrimSuffix(cut(text, inlineMax-len(gap)-len(end)), "…") + gap + end
}

// tellResult is a JSON object with as many of the members that it begins with as there
// is room for, up to the first that is a hash, the last with its texts cut; another
// text as it begins.
func tellResult(text string) string {
	if short, ok := fit([]byte(text), inlineMax); ok && strings.HasPrefix(short, "{") && short != "{}" {
		return short
	}
	return cut(text, openingMax)
}

// fit shortens a JSON value to at most room bytes, so that it is one still; false when
// it cannot be, or is none.
func fit(value json.RawMessage, room int) (short string, ok bool) {
	var text string
	switch {
	case len(value) > 0 && value[0] == '{':
		return fitObject(value, room)
	case len(value) <= room && json.Valid(value):
		return string(value), true
	case len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil:
		return "", false
	}
	for n := room - len(`""`); n > len("…"); n-- { // what JSON escapes is longer than it is
		if short, err := marshal(cut(text, n)); err == nil && len(short) <= room {
			return string(short), true
		}
	}
	return "", false
}

func fitObject(value json.RawMessage, room int) (short string, ok bool) {
	d := json.NewDecoder(strings.NewReader(string(value)))
	if _, err := d.Token(); err != nil {
		return "", false
	}
	short = "{"
	for d.More() {
		key, err := d.Token()
		name, named := key.(string)
		var member json.RawMessage
		if err != nil || !named || strings.HasSuffix(name, "_sha256") || d.Decode(&member) != nil {
			break
		}
		quoted, err := marshal(name)
		if err != nil {
			break
		}
		before := short + string(quoted) + ":"
		if short != "{" {
			before = short + "," + string(quoted) + ":"
		}
		cutMember, fits := fit(member, room-len(before)-len("}"))
		if !fits {
			break
		}
		short = before + cutMember
		if cutMember != string(member) {
			break
		}
	}
	return short + "}", len(short) < room
}

// cut is how a text begins, in at most n bytes, with a mark where it was cut.
func cut(text string, n int) string {
	const mark = "…"
	if len(text) <= n {
		return text
	}
	n -= len(mark)
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:max(n, 0)] + mark
}

// marshal is a text as JSON, its signs as they are.
func marshal(text string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(text)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
