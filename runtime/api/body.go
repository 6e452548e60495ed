package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"unicode/utf8"
)

const (
	maxDepth  = 32 // of lists and objects in a body
	maxNumber = 40 // characters of a number
)

// A request is one call of the API being answered.
type request struct {
	*Server
	w        http.ResponseWriter
	r        *http.Request
	body     []byte
	reserved int64 // of the quota
}

// reserve takes memory from the quota until the call is done.
func (c *request) reserve(n int64) error {
	if !c.quota.take(n) {
		return errMemory()
	}
	c.reserved += n
	return nil
}

func (c *request) done() { c.quota.give(c.reserved) }

func tooLarge(limit int64) error {
	return refuse(http.StatusRequestEntityTooLarge, "the body is too large; it may have %d bytes", limit)
}

// readBody takes the body in, as far as it is bounded, text, and sane JSON. It
// takes memory as bytes arrive, so that a promise of a large body costs nothing.
func (c *request) readBody() error {
	limit := c.limits.body
	if c.r.ContentLength > limit {
		c.w.Header().Set("Connection", "close")
		return tooLarge(limit)
	}
	body := http.MaxBytesReader(c.w, c.r.Body, limit)
	var b []byte
	for {
		if len(b) == cap(b) {
			grown := max(4<<10, 2*cap(b))
			if err := c.reserve(int64(grown - cap(b))); err != nil {
				return err
			}
			b = append(make([]byte, 0, grown), b...)
		}
		n, err := body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			break
		}
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return tooLarge(limit)
		}
		if err != nil {
			return refuse(http.StatusBadRequest, "the body did not come whole")
		}
	}
	if err := checkJSON(b); err != nil {
		return refuse(http.StatusBadRequest, "%v", err)
	}
	c.body = b
	return nil
}

// checkJSON refuses what a decoder should not be given: text that is not UTF-8,
// deep nesting, endless numbers. It does not check the rest of the grammar.
func checkJSON(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("the body is not UTF-8")
	}
	depth, number := 0, 0
	for i := 0; i < len(b); i++ {
		switch ch := b[i]; ch {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			number = 0
		case '{', '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("the body nests more than %d deep", maxDepth)
			}
			number = 0
		case '}', ']':
			depth--
			number = 0
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'e', 'E', '+', '-':
			if number++; number > maxNumber {
				return fmt.Errorf("a number of more than %d characters", maxNumber)
			}
		default:
			number = 0
		}
	}
	return nil
}

// decode reads the body as a T. Names it does not know are left alone: callers
// may send more than this version reads.
func decode[T any](c *request) (v T, err error) {
	if err = json.Unmarshal(c.body, &v); err == nil {
		return v, nil
	}
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case len(c.body) == 0:
		return v, refuse(http.StatusBadRequest, "the body is empty; it must be a JSON object")
	case errors.As(err, &wrong) && wrong.Field != "":
		return v, refuse(http.StatusBadRequest, "%s may not be a %s here", clip(wrong.Field), clip(wrong.Value))
	case errors.As(err, &wrong):
		return v, refuse(http.StatusBadRequest, "the body is a JSON %s; it must be an object", clip(wrong.Value))
	case errors.As(err, &syntax):
		return v, refuse(http.StatusBadRequest, "the body is not JSON, at byte %d: %v", syntax.Offset, err)
	}
	return v, refuse(http.StatusBadRequest, "the body cannot be read: %s", clip(err.Error()))
}

// whole is an optional whole number, as languages without integers write it too:
// 1024, 1024.0, 1.024e3. null and absence leave set false.
type whole struct {
	n   int64
	set bool
}

func (v *whole) UnmarshalJSON(b []byte) error {
	text := string(b)
	if text == "null" {
		return nil
	}
	n, ok := parseWhole(text)
	if !ok {
		return fmt.Errorf("%s is not a whole number", clip(text))
	}
	*v = whole{n, true}
	return nil
}

// parseWhole reads a whole number however it is written.
func parseWhole(text string) (n int64, ok bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// in gives the number if it is from lo to hi, or absent where absence means def.
func (v whole) in(name string, lo, hi, def int64) (int64, error) {
	if !v.set {
		return def, nil
	}
	if v.n < lo || v.n > hi {
		return 0, refuse(http.StatusUnprocessableEntity, "%s is %d; it may be %d to %d", name, v.n, lo, hi)
	}
	return v.n, nil
}
