package primary

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
)

// compositor answers what is asked with what it has said from the beginning.
type compositor struct {
	io.Reader
	asked bytes.Buffer
}

func (c *compositor) Write(b []byte) (int, error) { return c.asked.Write(b) }

// message is one of Wayland's.
func message(object, opcode uint32, body ...byte) []byte {
	b := binary.NativeEndian.AppendUint32(nil, object)
	b = binary.NativeEndian.AppendUint32(b, uint32(8+len(body))<<16|opcode)
	return append(b, body...)
}

func announce(name string, version uint32) []byte {
	body := binary.NativeEndian.AppendUint32(nil, 7)
	body = binary.NativeEndian.AppendUint32(body, uint32(len(name)+1))
	body = append(append(body, name...), make([]byte, 4-len(name)%4)...)
	return message(registryObject, 0, binary.NativeEndian.AppendUint32(body, version)...)
}

func TestTheVersionOfAGlobalIsFound(t *testing.T) {
	done := message(syncObject, 0, 0, 0, 0, 0)
	said := bytes.Join([][]byte{announce("wl_seat", 8), announce(dataControl+"2", 9), announce(dataControl, 2), announce("wl_output", 4), done}, nil)
	c := &compositor{Reader: bytes.NewReader(said)}
	if v, err := askGlobal(c, dataControl); v != 2 || err != nil {
		t.Errorf("it is there in version %d, %v", v, err)
	}
	want := append(message(displayObject, displayGetRegistry, 2, 0, 0, 0), message(displayObject, displaySync, 3, 0, 0, 0)...)
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 && !bytes.Equal(c.asked.Bytes(), want) {
		t.Errorf("it is asked %x", c.asked.Bytes())
	}
	if v, err := askGlobal(&compositor{Reader: bytes.NewReader(done)}, dataControl); v != 0 || err != nil {
		t.Errorf("it is there in version %d of a compositor without, %v", v, err)
	}
	for _, broken := range [][]byte{nil, said[:40], message(displayObject, 0), make([]byte, 8), announce("", 1)[:20]} {
		if v, err := askGlobal(&compositor{Reader: bytes.NewReader(broken)}, dataControl); err == nil {
			t.Errorf("of an answer that breaks off after %x it takes %d", broken, v)
		}
	}
}
