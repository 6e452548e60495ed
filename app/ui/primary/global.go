package primary

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// global gives the version in which the compositor has a global object, 0 for none. It
// asks with the two requests of Wayland that every program begins with.
func global(name string) (version uint32, err error) {
	socket := os.Getenv("WAYLAND_DISPLAY")
	if !filepath.IsAbs(socket) {
		socket = filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), socket)
	}
	conn, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		return 0, fmt.Errorf("the compositor cannot be asked what it has: %w", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	version, err = askGlobal(conn, name)
	if err != nil {
		return 0, fmt.Errorf("the compositor does not say what it has: %w", err)
	}
	return version, nil
}

// Objects and their messages, as the core protocol numbers them.
const (
	displayObject  = 1
	registryObject = 2
	syncObject     = 3

	displaySync        = 0
	displayGetRegistry = 1
)

// askGlobal asks for all globals, and to be told when that was all.
func askGlobal(conn io.ReadWriter, name string) (version uint32, err error) {
	order := binary.NativeEndian
	var ask []byte
	for _, r := range [][2]uint32{{displayGetRegistry, registryObject}, {displaySync, syncObject}} {
		const length = 12
		ask = order.AppendUint32(ask, displayObject)
		ask = order.AppendUint32(ask, length<<16|r[0])
		ask = order.AppendUint32(ask, r[1])
	}
	if _, err := conn.Write(ask); err != nil {
		return 0, err
	}
	for {
		var head [8]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return 0, err
		}
		object, length := order.Uint32(head[:]), order.Uint32(head[4:])>>16
		if length < 8 {
			return 0, fmt.Errorf("a message of %d bytes", length)
		}
		body := make([]byte, length-8)
		if _, err := io.ReadFull(conn, body); err != nil {
			return 0, err
		}
		switch object {
		case syncObject:
			return version, nil
		case displayObject:
			return 0, errors.New("it refuses the question")
		case registryObject: // number, name with its length and a zero, padded, version
			if n := len(body); n >= 12+len(name)+1 && order.Uint32(body[4:]) == uint32(len(name)+1) && string(body[8:8+len(name)]) == name {
				version = order.Uint32(body[n-4:])
			}
		}
	}
}
