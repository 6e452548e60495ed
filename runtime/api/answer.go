package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// answer writes v as JSON. A caller that has gone away is no error.
func answer(w http.ResponseWriter, status int, v any) {
	b, err := marshal(v)
	if err != nil { // no answer holds what JSON cannot
		status, b = http.StatusInternalServerError, []byte(`{"success":false,"error":"the answer cannot be written"}`)
	}
	send(w, status, "application/json", b)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func send(w http.ResponseWriter, status int, media string, b []byte) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// Numbers 0 to 255 as a list writes them, comma first. A canvas is tens of
// thousands of them, and an answer is mostly that.
var (
	byteText [256][4]byte
	byteLen  [256]uint8
)

func init() {
	for i := range byteText {
		byteLen[i] = uint8(copy(byteText[i][:], ","+strconv.Itoa(i)))
	}
}

// appendWords appends texels as a list of numbers: R, G, B, A of each.
func appendWords(b []byte, words []uint32) []byte {
	b = append(b, '[')
	if len(words) > 0 {
		b = appendBytes(b, words)
	}
	return append(b, ']')
}

// appendBytes is the inside of the list, for one word or more.
func appendBytes(b []byte, words []uint32) []byte {
	at := len(b)
	b = append(b, make([]byte, 16*len(words)+4)...)
	first := at
	for _, w := range words {
		for range 4 {
			v := uint8(w)
			*(*[4]byte)(b[at:]) = byteText[v]
			at += int(byteLen[v])
			w >>= 8
		}
	}
	copy(b[first:], b[first+1:at]) // the comma before the first
	return b[:at-1]
}
