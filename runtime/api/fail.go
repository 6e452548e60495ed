package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// A fail is an answer that says no: a status and a sentence.
type fail struct {
	status int
	why    string
	retry  int // seconds, for Retry-After; 0 for none
}

func (f *fail) Error() string { return f.why }

func refuse(status int, format string, args ...any) error {
	return &fail{status: status, why: fmt.Sprintf(format, args...)}
}

// later is a refusal of what may be tried again after so many seconds.
func later(status, seconds int, format string, args ...any) error {
	return &fail{status, fmt.Sprintf(format, args...), seconds}
}

// failure is the body of every answer that says no.
type failure struct {
	Success bool   `json:"success" doc:"false"`
	Error   string `json:"error" doc:"what is wrong, in a sentence"`
}

// answerError answers an error. What is no fail is this program's own doing: the
// caller learns that it happened, the log what it was.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, err error) {
	var f *fail
	if !errors.As(err, &f) {
		s.log.Error("a request failed", "method", r.Method, "path", r.URL.Path, "err", err)
		f = &fail{status: http.StatusInternalServerError, why: "something went wrong here; the log says what"}
	}
	if f.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retry))
	}
	answer(w, f.status, failure{Error: f.why})
}
