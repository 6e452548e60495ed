package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gvpie/runtime/agent"
)

// A Client steers and follows the loop of another process by its API. Its methods
// wait for the answer, may be called from any goroutine, and their errors are
// sentences for a person.
type Client struct {
	base  string // "http://127.0.0.1:8081"
	dir   string
	calls *http.Client
}

// clientPatience is how long a call may take, and clientSilence how long the stream
// of events may bring nothing, not even the sign of life that a Server gives each
// heartbeat.
const (
	clientPatience = 10 * time.Second
	clientSilence  = 3 * 15 * time.Second
)

// NewClient gives the client of the API at addr, host:port, whose token, if it asks
// for one, is in the data folder dir. It connects to nothing yet.
func NewClient(dir, addr string) *Client {
	if a, err := netip.ParseAddrPort(addr); err == nil && a.Addr().IsUnspecified() { // it listens everywhere
		host := "127.0.0.1"
		if a.Addr().Is6() {
			host = "::1"
		}
		addr = net.JoinHostPort(host, fmt.Sprint(a.Port()))
	}
	transport := &http.Transport{ResponseHeaderTimeout: clientPatience, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 2}
	return &Client{"http://" + addr, dir, &http.Client{Transport: transport}}
}

// Close gives up idle connections.
func (c *Client) Close() { c.calls.CloseIdleConnections() }

// Pause keeps further cycles from beginning; the one that runs is finished.
func (c *Client) Pause(ctx context.Context) error {
	return c.call(ctx, "POST", "/api/loop/pause", nil, nil)
}

// Resume lets cycles begin again, the next at once.
func (c *Client) Resume(ctx context.Context) error {
	return c.call(ctx, "POST", "/api/loop/resume", nil, nil)
}

// RunCycle begins a cycle as soon as what runs is finished.
func (c *Client) RunCycle(ctx context.Context) error {
	return c.call(ctx, "POST", "/api/loop/run", nil, nil)
}

// Input tells the loop that somebody uses a window: what it does in idle time stands still
// for a while.
func (c *Client) Input(ctx context.Context) error {
	return c.call(ctx, "POST", "/api/loop/input", nil, nil)
}

// RunScript runs a script as soon as what runs is finished.
func (c *Client) RunScript(ctx context.Context, id int64) error {
	return c.call(ctx, "POST", fmt.Sprintf("/api/scripts/%d/run", id), nil, nil)
}

// EnableScript lets the loop run a script, or not.
func (c *Client) EnableScript(ctx context.Context, id int64, on bool) error {
	return c.call(ctx, "PATCH", fmt.Sprintf("/api/scripts/%d", id), scriptEdit{Enabled: &on}, nil)
}

// AddGoal adds a goal; the priority is from 1 to 10.
func (c *Client) AddGoal(ctx context.Context, text string, priority int64) error {
	return c.call(ctx, "POST", "/api/goals", map[string]any{"goal": text, "priority": priority}, nil)
}

// FinishGoal marks a goal as reached.
func (c *Client) FinishGoal(ctx context.Context, id int64) error {
	return c.call(ctx, "POST", fmt.Sprintf("/api/goals/%d/done", id), nil, nil)
}

// DecideOffer approves, rejects or rolls back an offer: what is the end of its path.
func (c *Client) DecideOffer(ctx context.Context, id int64, what string) error {
	var body any
	if what == "reject" {
		body = rejectRequest{}
	}
	return c.call(ctx, "POST", fmt.Sprintf("/api/offers/%d/%s", id, what), body, nil)
}

// errNoLoop is the answer of an API without a loop.
var errNoLoop = errors.New("no loop runs there")

// Follow calls tell with the loop's status, and then with each of its events, until
// ctx ends or the connection does; the error is never nil.
func (c *Client) Follow(ctx context.Context, tell func(agent.Event)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(clientSilence, cancel)
	defer silence.Stop()
	stream, err := c.do(ctx, "GET", "/api/events?kinds=cycle,run", nil)
	if err != nil {
		return err
	}
	defer stream.Body.Close()
	var now statusAnswer // as it is once no event is missed
	if err := c.call(ctx, "GET", "/status", nil, &now); err != nil {
		return err
	}
	if now.Loop == nil {
		return errNoLoop
	}
	tell(agent.Event{Kind: agent.StatusChanged, Status: statusOf(*now.Loop)})
	lines := bufio.NewReader(stream.Body)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("the events of the API have ended: %w", err)
		}
		silence.Reset(clientSilence)
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		var e event
		if ok && json.Unmarshal(data, &e) == nil && e.Loop != nil {
			tell(agent.Event{Kind: loopEvents[e.Kind], At: e.At, Status: statusOf(*e.Loop)})
		}
	}
}

// call makes a call and reads its answer into out, if that is not nil.
func (c *Client) call(ctx context.Context, method, path string, body, out any) error {
	ctx, cancel := context.WithTimeout(ctx, clientPatience)
	defer cancel()
	res, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if err == nil && out != nil {
		err = json.Unmarshal(b, out)
	}
	if err != nil {
		return fmt.Errorf("the API's answer cannot be read: %w", err)
	}
	return nil
}

// answerMost is how much of an answer is read: what is asked for here is short.
const answerMost = 1 << 20

// Ready says why the loop does not do its work; "" when it does.
func (c *Client) Ready(ctx context.Context) (reason string, err error) {
	ctx, cancel := context.WithTimeout(ctx, clientPatience)
	defer cancel()
	res, err := c.send(ctx, "GET", "/ready", nil)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var out readyAnswer
	b, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err == nil && out.Ready != (out.Reason == "") {
		err = errors.New("it does not say whether the loop is ready")
	}
	if err != nil {
		return "", fmt.Errorf("the API's answer cannot be read: %w", err)
	}
	return out.Reason, nil
}

// do sends a request. A refusal is an error; else the body is to be closed.
func (c *Client) do(ctx context.Context, method, path string, body any) (*http.Response, error) {
	res, err := c.send(ctx, method, path, body)
	if err != nil || res.StatusCode < 300 {
		return res, err
	}
	defer res.Body.Close()
	var f failure
	if b, err := io.ReadAll(io.LimitReader(res.Body, answerMost)); err != nil || json.Unmarshal(b, &f) != nil || f.Error == "" {
		f.Error = res.Status
	}
	return nil, fmt.Errorf("the API refuses it: %s", f.Error)
}

// send sends a request and gives what it is answered with.
func (c *Client) send(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var sent io.Reader
	if body != nil {
		b, err := marshal(body)
		if err != nil {
			return nil, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, sent)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token, err := os.ReadFile(filepath.Join(c.dir, tokenName)); err == nil {
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	}
	res, err := c.calls.Do(r)
	if err != nil {
		return nil, fmt.Errorf("the API does not answer: %w", err)
	}
	return res, nil
}

// statusOf is the loop's status as it was before it was put on the wire, without what
// is said there of the database beside the loop.
func statusOf(s loopStatus) agent.Status {
	out := agent.Status{
		Cycle: s.Cycle, Script: s.Script, Paused: s.Paused, Health: s.Health, Healthy: s.Healthy, Unready: s.Reason, LastError: s.LastError,
		Runs: s.Runs, Failures: s.Failures, Unsaved: s.Unsaved, DeadLetters: s.DeadLetters, LogHeld: s.LogHeld, OddSettings: s.OddSettings, Skipped: s.Skipped,
	}
	for p := agent.Starting; p <= agent.Stopped; p++ {
		if p.String() == s.Phase {
			out.Phase = p
		}
	}
	if s.NextAt != nil {
		out.NextAt = *s.NextAt
	}
	return out
}
