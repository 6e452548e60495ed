package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
)

// An example is a command of the document, and what it says of the answer.
type example struct {
	command string
	text    string // the answer
	part    m      // names and values that it has
	first   bool   // … that the first of its list has
}

func examples(t *testing.T) (all []example) {
	t.Helper()
	b, err := os.ReadFile("../../assets/docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, block := range strings.Split(string(b), "```") {
		kind, body, _ := strings.Cut(block, "\n")
		if i%2 == 0 || len(all) == 0 && kind != "sh" {
			continue
		}
		switch kind {
		case "sh":
			all = append(all, example{command: body})
		case "text":
			all[len(all)-1].text = strings.TrimSuffix(body, "\n")
		case "json":
			e := &all[len(all)-1]
			if list := []m{}; json.Unmarshal([]byte(body), &list) == nil {
				e.part, e.first = list[0], true
			} else if err := json.Unmarshal([]byte(body), &e.part); err != nil {
				t.Fatalf("%s: %v", body, err)
			}
		}
	}
	return all
}

// check holds an answer to what the document says of it.
func (e *example) check(t *testing.T, got []byte) {
	t.Helper()
	if e.text != "" && string(got) != e.text {
		t.Errorf("%s\nanswers %q", e.command, got)
	}
	if e.part == nil {
		return
	}
	v := m{}
	list := []m{}
	var into any = &v
	if e.first {
		into = &list
	}
	if err := json.Unmarshal(got, into); err != nil || e.first && len(list) == 0 {
		t.Fatalf("%s\nanswers %.300q: %v", e.command, got, err)
	}
	if e.first {
		v = list[0]
	}
	for key, want := range e.part {
		if !reflect.DeepEqual(v[key], want) {
			t.Errorf("%s\nanswers %s %v, not %v", e.command, key, v[key], want)
		}
	}
}

// words splits a command as a shell does, as far as the document needs.
func words(command string) (all []string) {
	var b strings.Builder
	quoted, some := false, false
	command = strings.ReplaceAll(command, "\\\n", " ")
	for _, r := range strings.TrimSpace(command) {
		switch {
		case r == '\'':
			quoted, some = !quoted, true
		case r == ' ' && !quoted:
			if some {
				all = append(all, b.String())
			}
			b.Reset()
			some = false
		default:
			b.WriteRune(r)
			some = true
		}
	}
	return append(all, b.String())
}

// curl reads a curl command.
func curl(ctx context.Context, t *testing.T, command string) (r *http.Request, streams bool) {
	t.Helper()
	args := words(command)
	if args[0] != "curl" {
		t.Fatalf("%s is not a curl command", command)
	}
	method, url, body := "", "", ""
	header := http.Header{}
	for i := 1; i < len(args); i++ {
		switch a := args[i]; a {
		case "-N":
			streams = true
		case "-X", "-H", "-d", "-o":
			i++
			switch a {
			case "-X":
				method = args[i]
			case "-d":
				body = args[i]
			case "-H":
				name, value, _ := strings.Cut(args[i], ": ")
				header.Set(name, value)
			}
		default:
			if url != "" || strings.HasPrefix(a, "-") {
				t.Fatalf("%s: %s is not understood", command, a)
			}
			url = a
		}
	}
	if method == "" {
		method = "GET"
		if body != "" {
			method = "POST"
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	return r, streams
}

// documented opens an API as the document assumes it.
func documented(t *testing.T) *client {
	t.Helper()
	c := withStore(t)
	script, _ := seed(t, c.Store)
	addOffer(t, c.Store, script, "CLS red\nHALT\n", 20)
	addOffer(t, c.Store, script, "CLS red\nHALT ; shorter\n", 30)
	c.Agent = agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir()}) // it does not run: what it is asked for stays as it is
	return open(t, c)
}

func TestTheExamplesOfTheDocument(t *testing.T) {
	d := documented(t)
	all := examples(t)
	if len(all) < 20 {
		t.Fatalf("%d examples", len(all))
	}
	paths := map[string]bool{}
	for _, e := range all {
		ctx, cancel := context.WithCancel(t.Context())
		r, streams := curl(ctx, t, strings.ReplaceAll(e.command, "127.0.0.1:8081", d.addr))
		paths[r.URL.Path] = true
		res, err := d.client.Do(r)
		if err != nil {
			t.Fatalf("%s\n%v", e.command, err)
		}
		var b []byte
		if streams {
			b = make([]byte, 6)
			_, err = io.ReadFull(res.Body, b)
		} else {
			b, err = io.ReadAll(res.Body)
		}
		cancel()
		res.Body.Close()
		if err != nil || res.StatusCode >= 300 {
			t.Errorf("%s\n%s %v: %.300s", e.command, res.Status, err, b)
			continue
		}
		e.check(t, b)
	}
	for _, rt := range d.routes() {
		path := strings.NewReplacer("/api/runs/{id}/machine.png", "/api/runs/1/human.png", "/api/runs/{id}", "/api/runs/1", "/api/scripts/{id}", "/api/scripts/1", "/api/goals/{id}/target.png", "/api/goals/2/target.png", "/api/goals/{id}", "/api/goals/1", "/api/offers/{id}/reject", "/api/offers/2/reject", "/api/offers/{id}", "/api/offers/1", "/api/map/{id}", "/api/map/1", "{id}", "hello", "/api/openapi.json", "/health").Replace(rt.path)
		if !paths[path] && rt.path != "/" {
			t.Errorf("the document has no example of %s", rt.path)
		}
	}
}

// The commands are what they say, to the program curl itself.
func TestTheExamplesWithCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl here; TestTheExamplesOfTheDocument has run them without")
	}
	d := documented(t)
	folder := t.TempDir()
	for _, e := range examples(t) {
		args := append([]string{"-s", "--noproxy", "*", "--fail-with-body"}, words(strings.ReplaceAll(e.command, "127.0.0.1:8081", d.addr))[1:]...)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		cmd := exec.CommandContext(ctx, curl, args...)
		cmd.Dir = folder
		if strings.Contains(e.command, "-N ") { // it ends when it is told to
			pipe, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(pipe, make([]byte, 6)); err != nil {
				t.Errorf("%s\n%v", e.command, err)
			}
			cancel()
			_ = cmd.Wait()
			continue
		}
		out, err := cmd.Output()
		cancel()
		if err != nil {
			t.Errorf("%s\n%v: %.300s", e.command, err, out)
			continue
		}
		e.check(t, out)
	}
	for _, name := range []string{"human.png", "machine.png", "run.png"} {
		b, err := os.ReadFile(fmt.Sprintf("%s/%s", folder, name))
		if err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
