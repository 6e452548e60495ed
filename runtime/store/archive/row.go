package archive

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// special is a value that JSON has no form for.
type special struct {
	Hex  *string `json:"hex,omitempty"`
	Text bool    `json:"text,omitempty"` // the bytes are a text, though no UTF-8
	Real string  `json:"real,omitempty"` // +Inf or -Inf
}

// WriteRow writes a row as one object on a line, its keys in the order of the columns.
// A number with a fraction has a point or an exponent, also where the fraction is 0.
func WriteRow(w *bufio.Writer, columns []string, values []any) error {
	for i, v := range values {
		between := byte(',')
		if i == 0 {
			between = '{'
		}
		key, err := marshal(columns[i])
		if err != nil {
			return err
		}
		value, err := marshal(plain(v))
		if err != nil {
			return err
		}
		w.WriteByte(between)
		w.Write(key)
		w.WriteByte(':')
		w.Write(value)
	}
	_, err := w.WriteString("}\n") // the writer keeps an earlier error
	return err
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// plain is a value as JSON can say it.
func plain(v any) any {
	switch t := v.(type) {
	case []byte:
		digits := hex.EncodeToString(t)
		return special{Hex: &digits}
	case string:
		if !utf8.ValidString(t) {
			digits := hex.EncodeToString([]byte(t))
			return special{Hex: &digits, Text: true}
		}
	case float64:
		text := strconv.FormatFloat(t, 'g', -1, 64)
		switch {
		case math.IsInf(t, 0):
			return special{Real: text}
		case !strings.ContainsAny(text, ".e"):
			text += ".0"
		}
		return json.RawMessage(text)
	}
	return v
}

// ReadRow is the row that a line is.
func ReadRow(line []byte) (columns []string, values []any, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errors.New("it is no JSON object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("it is no JSON: %w", err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, nil, fmt.Errorf("it is no JSON: %w", err)
		}
		v, err := value(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("%v: %w", key, err)
		}
		name, _ := key.(string)
		columns, values = append(columns, name), append(values, v)
	}
	if _, err := d.Token(); err != nil || d.More() {
		return nil, nil, errors.New("it is no JSON object alone")
	}
	return columns, values, nil
}

func value(raw json.RawMessage) (any, error) {
	switch text := string(raw); {
	case text == "null":
		return nil, nil
	case text[0] == '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case text[0] == '{':
		return fromSpecial(raw)
	case !strings.ContainsAny(text, ".eE"):
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("it is no value of a column")
		}
		return n, nil
	default:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, errors.New("it is no value of a column")
		}
		return f, nil
	}
}

func fromSpecial(raw json.RawMessage) (any, error) {
	var s special
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	if s.Hex == nil {
		f, err := strconv.ParseFloat(s.Real, 64)
		if err != nil || !math.IsInf(f, 0) {
			return nil, errors.New("it is no value of a column")
		}
		return f, nil
	}
	b, err := hex.DecodeString(*s.Hex)
	if err == nil && s.Text {
		return string(b), nil
	}
	return b, err
}
