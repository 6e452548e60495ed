package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"testing"
)

// Over standard input and output, as a client starts it, until its input ends.
func TestMCPOverStandardStreams(t *testing.T) {
	in, say := io.Pipe()
	hear, out := io.Pipe()
	ended := make(chan int, 1)
	var stderr bytes.Buffer
	go func() {
		defer out.Close()
		c := &invocation{Env: Env{Stdin: in, Stdout: out, Stderr: &stderr, Getenv: func(string) string { return "" }}, ctx: context.Background()}
		run := mcpCommand.setup(flag.NewFlagSet("mcp", flag.ContinueOnError))
		code := exitOK
		if err := run(c); err != nil {
			t.Errorf("gvpie mcp: %v", err)
			code = exitFailed
		}
		ended <- code
	}()
	if _, err := io.WriteString(say, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`+"\n"); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		ID     int
		Result struct{ ServerInfo struct{ Name string } }
	}
	if err := json.NewDecoder(hear).Decode(&answer); err != nil || answer.ID != 1 || answer.Result.ServerInfo.Name != "gvpie" {
		t.Errorf("%+v %v", answer, err)
	}
	say.Close()
	if _, err := io.Copy(io.Discard, hear); err != nil {
		t.Error(err)
	}
	if code := <-ended; code != exitOK {
		t.Errorf("exit code %d", code)
	}
}
