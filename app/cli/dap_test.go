package cli

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-dap"
)

// TestDebuggersConnectToAPort: the command says where, serves who comes, and ends when it
// is interrupted.
func TestDebuggersConnectToAPort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	said, stderr := io.Pipe()
	code := make(chan int)
	go func() {
		code <- Main(ctx, []string{"dap", "--port", "0"}, Env{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: stderr, Getenv: func(string) string { return "" }})
	}()
	lines := bufio.NewReader(said)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, lines)
	_, addr, _ := strings.Cut(strings.TrimSpace(line), "connect to ")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := dap.WriteBaseMessage(conn, []byte(`{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"gvpie"}}`)); err != nil {
		t.Fatal(err)
	}
	m, err := dap.ReadProtocolMessage(bufio.NewReader(conn))
	if r, ok := m.(*dap.InitializeResponse); err != nil || !ok || !r.Body.SupportsStepBack {
		t.Errorf("it is answered %+v, %v", m, err)
	}
	cancel()
	if got := <-code; got != exitCut {
		t.Errorf("it ends with %d", got)
	}
}
