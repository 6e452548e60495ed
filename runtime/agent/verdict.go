package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gvpie/runtime/store"
)

// A verdict is what was learnt from one run.
type verdict struct {
	success  bool
	slow     bool
	wait     time.Duration // back-off
	parent   int64         // iteration of the row this one comes from; 0 for none
	edited   bool          // the parent had other code
	analysis string
}

// learn takes a run into what is known of its script, and says in words what it
// adds to that.
func (m *scriptHistory) learn(s store.Script, o *outcome, last store.MapRow, interval time.Duration) verdict {
	v := verdict{success: o.success, parent: last.Iteration, edited: last.ID != 0 && last.Code != s.Code}
	if o.cancelled {
		v.analysis = "cancelled before its end; counted neither way"
		return v
	}
	h := m.on(o.backend)
	before := h.median()
	known := len(h.durations)
	runs, successes, failures := s.RunCount+1, s.SuccessCount, s.ConsecutiveFailures+1
	if v.edited {
		failures = 1
	}
	if o.success {
		failures = 0
		successes++
		v.slow = h.slow(o.duration)
		h.add(o.duration)
	}
	v.wait = backoff(failures, interval)
	m.runs++
	m.rate = float64(successes) / float64(runs)

	var words []string
	if v.edited {
		words = append(words, fmt.Sprintf("new version of iteration %d", v.parent))
	}
	words = append(words, ranking(o.success, runs, successes))
	took := milliseconds(o.duration)
	if known > 0 && o.success {
		took += ", median " + milliseconds(before)
	}
	words = append(words, took)
	if v.slow {
		words = append(words, fmt.Sprintf("slow: %.1f times its median", o.duration.Seconds()/max(before.Seconds(), 1e-9)))
	}
	if t := h.trend(); o.success && t != steady {
		words = append(words, "durations are "+t.String())
	}
	if !v.edited && o.success && otherPicture(last.Result, o.result) {
		words = append(words, fmt.Sprintf("another picture than iteration %d", v.parent))
	}
	if v.wait > interval {
		words = append(words, fmt.Sprintf("%s in a row: tried again in %s", plural(int64(failures), "failure"), span(v.wait+interval/2)))
	}
	if o.note != "" {
		words = append(words, o.note)
	}
	v.analysis = strings.Join(words, "; ")
	return v
}

// otherPicture says whether the same code left another picture than last time.
func otherPicture(last string, now result) bool {
	var was result
	return json.Unmarshal([]byte(last), &was) == nil && was.Machine != "" && now.Machine != "" && was.Machine != now.Machine
}

// ranking puts a run among all of its script, itself included.
func ranking(success bool, runs, successes int64) string {
	word, alike := "succeeded", successes
	if !success {
		word, alike = "failed", runs-successes
	}
	switch {
	case runs == 1:
		return word + " in its first run"
	case alike == 1:
		return fmt.Sprintf("%s for the first time in %d runs", word, runs)
	case alike == runs:
		return fmt.Sprintf("%s as in all %d runs", word, runs)
	}
	return fmt.Sprintf("%s as in %d of %d runs", word, alike, runs)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
