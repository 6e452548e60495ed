package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Shape is how an endpoint is spoken to.
type Shape string

const (
	Ollama Shape = "ollama" // POST /api/chat
	OpenAI Shape = "openai" // POST /v1/chat/completions; llama.cpp's server speaks it too
)

// Endpoint is where a model is asked.
type Endpoint struct {
	URL   string // its root, as http://127.0.0.1:11434
	Shape Shape  // "": by the URL's port
	Model string
	Key   string // sent as a bearer token; "": none. It is told to nobody else.

	Deadline time.Duration // for a whole answer; 0: two minutes
	Tokens   int           // that an answer may have; 0: 4096
}

const (
	deadline   = 2 * time.Minute
	tokensMost = 4096
	bytesMost  = 1 << 20 // of an answer
)

// ollamaPort is where Ollama listens unless it is told otherwise.
const ollamaPort = "11434"

// Check fills in what is left open, and says what cannot be.
func (e *Endpoint) Check() error {
	u, err := url.Parse(e.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is no address of a model's server: it is one as http://127.0.0.1:11434", e.URL)
	}
	if u.User != nil {
		return errors.New("a key does not belong into the address of a model's server: set GVPIE_LLM_KEY")
	}
	if e.Model == "" {
		return errors.New("which model? the server may have several")
	}
	switch e.Shape {
	case "":
		if e.Shape = OpenAI; u.Port() == ollamaPort {
			e.Shape = Ollama
		}
	case Ollama, OpenAI:
	default:
		return fmt.Errorf("there is no shape %q: it is ollama or openai", e.Shape)
	}
	e.URL = strings.TrimSuffix(strings.TrimSuffix(e.URL, "/"), "/v1")
	if e.Deadline <= 0 {
		e.Deadline = deadline
	}
	if e.Tokens <= 0 {
		e.Tokens = tokensMost
	}
	return nil
}

// A message is one of a conversation.
type message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// An answer is what a model said.
type answer struct {
	Text   string `json:"text"`
	Tokens int    `json:"tokens"` // of the question and the answer, as the server counts them
}

// answerSchema is the JSON that is asked for.
var answerSchema = json.RawMessage(`{"type":"object","properties":{"what":{"type":"string"},"program":{"type":"string"}},"required":["what","program"],"additionalProperties":false}`)

// body is what is sent, and path where to. Ollama is not told whether to think: with
// that set to false it ignores the schema.
func (e *Endpoint) body(messages []message, seed uint64) (path string, body any) {
	small := seed % (1 << 31) // servers take 32 bits
	if e.Shape == Ollama {
		return "/api/chat", map[string]any{
			"model": e.Model, "messages": messages, "stream": false, "format": answerSchema,
			"options": map[string]any{"seed": small, "num_predict": e.Tokens},
		}
	}
	return "/v1/chat/completions", map[string]any{
		"model": e.Model, "messages": messages, "stream": false, "seed": small, "max_tokens": e.Tokens,
		"response_format": map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "program", "strict": true, "schema": answerSchema}},
	}
}

// ask has the model answer. Its error is a sentence, in which no key is.
func (e *Endpoint) ask(ctx context.Context, client *http.Client, messages []message, seed uint64) (a answer, err error) {
	path, body := e.body(messages, seed)
	text, err := json.Marshal(body)
	if err != nil {
		return a, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.Deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", e.URL+path, bytes.NewReader(text))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	if e.Key != "" {
		req.Header.Set("Authorization", "Bearer "+e.Key)
	}
	res, err := client.Do(req)
	if err != nil {
		return a, e.late(ctx, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, bytesMost+1))
	switch {
	case err != nil:
		return a, e.late(ctx, err)
	case len(b) > bytesMost:
		return a, fmt.Errorf("%s answered with more than %d bytes", e.URL, bytesMost)
	case res.StatusCode != http.StatusOK:
		return a, fmt.Errorf("%s answered %s: %s", e.URL, res.Status, excerpt(b))
	}
	return e.read(b)
}

// late says of an error of the network that it was the deadline.
func (e *Endpoint) late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s did not answer within %v", e.URL, e.Deadline)
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address twice
	}
	return fmt.Errorf("%s: %w", e.URL, err)
}

// read takes the text out of what a server answers.
func (e *Endpoint) read(b []byte) (a answer, err error) {
	var r struct {
		Message *message `json:"message"` // Ollama
		Asked   int      `json:"prompt_eval_count"`
		Said    int      `json:"eval_count"`
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
		Usage struct {
			Total int `json:"total_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(b, &r); err != nil {
		what := "what is no JSON"
		if bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
			what = "a web page: is it a model's server"
		}
		return a, fmt.Errorf("%s answered with %s: %s", e.URL, what, excerpt(b))
	}
	switch {
	case e.Shape == Ollama && r.Message != nil:
		a = answer{r.Message.Content, r.Asked + r.Said}
	case e.Shape == OpenAI && len(r.Choices) > 0:
		a = answer{r.Choices[0].Message.Content, r.Usage.Total}
	default:
		return a, fmt.Errorf("%s answered with JSON of another shape than %s's: %s", e.URL, e.Shape, excerpt(b))
	}
	a.Tokens = max(a.Tokens, 0)
	return a, nil
}

// excerpt is the beginning of what came, on one line.
func excerpt(b []byte) string {
	const most = 120
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(b[:min(len(b), 4*most)]), "?")), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	if s == "" {
		return "nothing"
	}
	return s
}
