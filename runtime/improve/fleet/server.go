//go:build !nofleet

package fleet

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/nats-io/nats-server/v2/server"

	"gvpie/runtime/token"
)

// TokenFile is where a data folder keeps the token of its fleet.
func TokenFile(data string) string { return filepath.Join(data, "fleet.token") }

// Server is an embedded NATS server with JetStream on the disk.
type Server struct {
	of  *server.Server
	URL string
}

// What the server takes and keeps.
const (
	mostPayload = 8 << 20
	mostDisk    = 4 << 30
	mostMemory  = 64 << 20
)

// Serve starts a server on an address of this machine, which lets in whoever shows the
// token of the data folder. What is put on its queue is on the disk before that is said.
func Serve(data, addr string) (*Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%q is no address: it is HOST:PORT, as 127.0.0.1:4222", addr)
	}
	n, err := strconv.Atoi(port)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%q is not of this machine: the server listens on 127.0.0.1 alone, and other machines reach it through a tunnel, as ssh -L makes one", addr)
	}
	if n == 0 {
		n = server.RANDOM_PORT
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	secret, err := token.Load(TokenFile(data))
	if err != nil {
		return nil, fmt.Errorf("the token of the fleet: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "gvpie", Host: host, Port: n, Authorization: secret, NoSigs: true, NoLog: true, MaxPayload: mostPayload,
		JetStream: true, StoreDir: filepath.Join(data, "fleet"), SyncAlways: true, JetStreamMaxStore: mostDisk, JetStreamMaxMemory: mostMemory,
	})
	if err != nil {
		return nil, err
	}
	go s.Start()
	if !s.ReadyForConnections(patience) {
		s.Shutdown()
		return nil, errors.New("the server of the fleet does not listen at " + addr + ": is the port in use?")
	}
	return &Server{s, s.ClientURL()}, nil
}

// Close ends the server. What is on the queue stays on the disk.
func (s *Server) Close() {
	s.of.Shutdown()
	s.of.WaitForShutdown()
}
