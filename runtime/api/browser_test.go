//go:build unix

package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A browser is a headless Chromium, driven over its DevTools pipe: messages of
// JSON, each ended by a NUL (https://chromedevtools.github.io/devtools-protocol).
type browser struct {
	t    *testing.T
	cmd  *exec.Cmd
	in   *os.File
	done chan struct{} // the reader has ended

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	loaded  chan struct{} // a page has
	said    []string      // by the page's console, and what was blocked
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// A tab is one page of a browser.
type tab struct {
	*browser
	session string
}

func startBrowser(t *testing.T, flags ...string) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("this test needs the browser Chromium: on Debian, apt-get install chromium")
	}
	toRead, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, toWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{
		"--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--no-proxy-server",
		"--window-size=1280,1000", "--user-data-dir=" + t.TempDir(),
	}, flags...)
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // it refuses to be root with one
	}
	b := &browser{t: t, cmd: exec.Command(path, append(args, "about:blank")...), in: in, done: make(chan struct{}), waiting: map[int]chan reply{}, loaded: make(chan struct{}, 1)}
	b.cmd.ExtraFiles = []*os.File{toRead, toWrite} // 3 and 4
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	toRead.Close()
	toWrite.Close()
	go b.read(out)
	t.Cleanup(func() {
		b.in.Close()
		_ = syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL) // its children too: it has saved nothing that matters
		<-b.done
		out.Close()
		_ = b.cmd.Wait()
	})
	return b
}

// read takes in what the browser says.
func (b *browser) read(out io.Reader) {
	defer close(b.done)
	r := bufio.NewReader(out)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var msg struct {
			ID     int
			Method string
			Params json.RawMessage
			reply
		}
		if json.Unmarshal(text[:len(text)-1], &msg) != nil {
			continue
		}
		b.mu.Lock()
		switch msg.Method {
		case "":
			if c := b.waiting[msg.ID]; c != nil {
				c <- msg.reply
				delete(b.waiting, msg.ID)
			}
		case "Page.loadEventFired":
			select {
			case b.loaded <- struct{}{}:
			default:
			}
		case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
			b.said = append(b.said, msg.Method+" "+string(msg.Params))
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, c := range b.waiting {
		close(c)
		delete(b.waiting, id)
	}
}

// call sends a command and waits for its answer.
func (b *browser) call(session, method string, params any, result any) {
	b.t.Helper()
	b.mu.Lock()
	b.last++
	c := make(chan reply, 1)
	b.waiting[b.last] = c
	text, err := json.Marshal(map[string]any{"id": b.last, "sessionId": session, "method": method, "params": params})
	b.mu.Unlock()
	if session == "" {
		text = []byte(strings.Replace(string(text), `"sessionId":"",`, "", 1))
		text = []byte(strings.Replace(string(text), `,"sessionId":""`, "", 1))
	}
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case r, ok := <-c:
		switch {
		case !ok:
			b.t.Fatalf("%s: the browser has ended", method)
		case r.Error != nil:
			b.t.Fatalf("%s: %s", method, r.Error.Message)
		case result != nil:
			if err := json.Unmarshal(r.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(time.Minute):
		b.t.Fatalf("%s: no answer in a minute", method)
	}
}

func (b *browser) open(url string) *tab {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("", "Target.createTarget", m{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("", "Target.attachToTarget", m{"targetId": target.TargetID, "flatten": true}, &attached)
	tb := &tab{b, attached.SessionID}
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		b.call(tb.session, domain+".enable", m{}, nil)
	}
	tb.navigate(url)
	return tb
}

func (tb *tab) navigate(url string) {
	tb.t.Helper()
	select {
	case <-tb.loaded: // what was there before
	default:
	}
	var r struct{ ErrorText string }
	tb.call(tb.session, "Page.navigate", m{"url": url}, &r)
	if r.ErrorText != "" {
		tb.t.Fatalf("%s: %s", url, r.ErrorText)
	}
	select {
	case <-tb.loaded:
	case <-time.After(time.Minute):
		tb.t.Fatalf("%s is not loaded in a minute", url)
	}
}

// eval gives the value of an expression, after its promise if it is one.
func (tb *tab) eval(expression string) (any, error) {
	tb.t.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	tb.call(tb.session, "Runtime.evaluate", m{"expression": expression, "awaitPromise": true, "returnByValue": true, "allowUnsafeEvalBlockedByCSP": false}, &r)
	if e := r.ExceptionDetails; e != nil {
		return nil, errors.New(e.Text + " " + e.Exception.Description)
	}
	return r.Result.Value, nil
}

// becomes waits, in the page and for at most thirty seconds, until a condition
// holds.
func (tb *tab) becomes(what, condition string) {
	tb.t.Helper()
	v, err := tb.eval(fmt.Sprintf(`new Promise(done => {
		const began = performance.now();
		const look = () => {
			if (%s) done("");
			else if (performance.now() - began > 30000) done(document.body.innerText);
			else requestAnimationFrame(look);
		};
		look();
	})`, condition))
	if err != nil || v != "" {
		tb.t.Fatalf("the page never comes to %s: %v\n%v", what, err, v)
	}
}

// quiet fails when the page's console had anything to say.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.said {
		b.t.Errorf("the browser says: %.400s", text)
	}
}
