package worker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// ends are both ends of a link that shares memory, within one process.
func ends(t testing.TB, pipe io.ReadWriter) (parent, child *link) {
	t.Helper()
	parent, child = newLink(pipe, pipe), newLink(pipe, pipe)
	files, err := parent.shareNew()
	if err != nil {
		t.Fatal(err)
	}
	again := func(f *os.File) *os.File {
		g, err := os.OpenFile("/proc/self/fd/"+itoa(f.Fd()), os.O_RDWR, 0)
		if err != nil {
			t.Skipf("no second handle of shared memory here: %v", err)
		}
		return g
	}
	child.share(newAllocator(again(files[1])), newMapping(again(files[0])))
	t.Cleanup(func() {
		parent.close()
		child.close()
	})
	return parent, child
}

func itoa(n uintptr) string {
	var b []byte
	for ; n > 0 || b == nil; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

func TestFramesArriveAsTheyWereSent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var pipe bytes.Buffer
		from, to := newLink(&pipe, &pipe), newLink(&pipe, &pipe)
		if rapid.Bool().Draw(rt, "shared") {
			from, to = ends(t, &pipe)
		}
		for i := range rapid.IntRange(1, 5).Draw(rt, "frames") {
			m := &message{
				kind: kind(rapid.IntRange(1, int(kindEnd)-1).Draw(rt, "kind")), code: code(rapid.IntRange(0, int(codeEnd)-1).Draw(rt, "code")),
				request: rapid.Uint32().Draw(rt, "request"), machine: rapid.Uint32().Draw(rt, "machine"),
				body: rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(rt, "body"),
			}
			var err error
			if m.payload, err = from.newPayload(rapid.OneOf(rapid.IntRange(0, 2*maxInline), rapid.IntRange(0, 9<<20)).Draw(rt, "payload")); err != nil {
				rt.Fatal(err)
			}
			for j := 0; j < len(m.payload.b); j += 997 {
				m.payload.b[j] = byte(i + j)
			}
			if err := from.send(m); err != nil {
				rt.Fatal(err)
			}
			got, err := to.receive()
			if err != nil {
				rt.Fatal(err)
			}
			if got.kind != m.kind || got.code != m.code || got.request != m.request || got.machine != m.machine ||
				!bytes.Equal(got.body, m.body) || !bytes.Equal(got.payload.b, m.payload.b) {
				rt.Fatalf("%v frame of %d + %d bytes arrived as %v of %d + %d", m.kind, len(m.body), len(m.payload.b), got.kind, len(got.body), len(got.payload.b))
			}
			if rapid.Bool().Draw(rt, "release") {
				from.release(m.payload)
			}
		}
	})
}

// frame is a header with fields as given, and no more than it.
func frame(n uint32, k kind, p transport, body uint32, off, size uint64) []byte {
	b := binary.LittleEndian.AppendUint32(nil, n)
	b = append(b, byte(k), 0, byte(p), 0)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint32(b, body)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint64(b, off)
	return binary.LittleEndian.AppendUint64(b, size)
}

func TestFramesThatLieAreProtocolErrors(t *testing.T) {
	for name, b := range map[string][]byte{
		"text":                  []byte("thread 'main' panicked at src/lib.rs:42: no adapter was found by anyone"),
		"4 GB":                  frame(1<<32-1, kindReply, transportNone, 0, 0, 0),
		"too short":             frame(headerSize-1, kindReply, transportNone, 0, 0, 0),
		"no kind":               frame(headerSize, 0, transportNone, 0, 0, 0),
		"unknown kind":          frame(headerSize, kindEnd, transportNone, 0, 0, 0),
		"unknown transport":     frame(headerSize, kindReply, transportShared+1, 0, 0, 0),
		"body beyond frame":     frame(headerSize+10, kindReply, transportNone, 11, 0, 0),
		"body too long":         frame(headerSize+maxBody+1, kindReply, transportNone, maxBody+1, 0, 0),
		"payload from nowhere":  frame(headerSize+5, kindReply, transportNone, 0, 0, 0),
		"payload of other size": frame(headerSize+5, kindReply, transportInline, 0, 0, 6),
		"payload of nothing":    frame(headerSize, kindReply, transportShared, 0, 0, 0),
		"beyond the file":       frame(headerSize, kindReply, transportShared, 0, sharedStart, 1),
		"around the end":        frame(headerSize, kindReply, transportShared, 0, 1<<64-1, 2),
		"too much":              frame(headerSize, kindReply, transportShared, 0, 0, maxPayload+1),
	} {
		t.Run(name, func(t *testing.T) {
			var pipe bytes.Buffer
			parent, _ := ends(t, &pipe)
			pipe.Write(b)
			if _, err := parent.receive(); !errors.Is(err, errProtocol) {
				t.Fatalf("error %v", err)
			}
		})
	}
}

func TestFrameCutShortIsNotAnEnd(t *testing.T) {
	whole := append(frame(headerSize+3, kindReply, transportNone, 3, 0, 0), 1, 2, 3)
	for n := 1; n < len(whole); n++ {
		if _, err := newLink(bytes.NewReader(whole[:n]), nil).receive(); err != io.ErrUnexpectedEOF {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := newLink(strings.NewReader(""), nil).receive(); err != io.EOF {
		t.Fatal(err)
	}
}

// plain is a stand-in without accidents.
type plain struct{}

func (plain) Adapter() string    { return "plain" }
func (plain) New() engine.Engine { return engine.NewCPU() }
func (plain) Close()             {}

// FuzzChild: whatever comes through the pipe, the child ends in order and the
// parent's decoders read its answers.
func FuzzChild(f *testing.F) {
	var hello encoder
	hello.u32(helloMagic)
	hello.u32(helloVersion)
	hello.bool(false)
	hello.i64(1e9)
	requests := func(ms ...*message) []byte {
		var b bytes.Buffer
		l := newLink(nil, &b)
		for _, m := range append([]*message{{kind: kindHello, body: hello}}, ms...) {
			if err := l.send(m); err != nil {
				f.Fatal(err)
			}
		}
		return b.Bytes()
	}
	p := assemble(f, "TXT 1 1 hi\nHALT")
	load := &message{kind: kindLoad, request: 1, machine: 1, body: make([]byte, 4), payload: payload{b: wordBytes(p), transport: transportInline}}
	f.Add(requests(load))
	f.Add(requests(&message{kind: kindFrame, request: 1, machine: 1, body: make([]byte, 48)}))
	f.Add(requests(&message{kind: kindRestore, request: 2, machine: 1, body: make([]byte, 20)}))
	f.Add(requests(load, &message{kind: kindCancel, request: 1}, &message{kind: kindDrop, machine: 1}))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		none := func(int, string) *os.File { return nil }
		_ = serve(newLink(bytes.NewReader(in), &out), none, func() (Device, error) { return plain{}, nil })
		l := newLink(&out, nil)
		for {
			m, err := l.receive()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.kind != kindReady && m.kind != kindReply && m.kind != kindProgress {
				t.Fatalf("the child sent a %v frame", m.kind)
			}
			_, _ = decodeSnapshot(m)
			_, _ = decodeReport(&decoder{b: m.body}, m.payload.b)
		}
	})
}

func TestReportCrossesWhole(t *testing.T) {
	want := machine.Report{Status: 3, Cycles: 4, Frame: 5, Commands: 6,
		Fault: &machine.Fault{Code: 2, PC: 77, A: -5, B: 6, X: -1, Y: -1},
		Log:   []machine.LogLine{{PC: 9, Cycle: 2, Text: "one"}, {PC: 10, Cycle: 3, Text: strings.Repeat("ü", 70000)}}}
	var e encoder
	lines := encodeReport(&e, want)
	got, err := decodeReport(&decoder{b: e}, lines)
	if err != nil || *got.Fault != *want.Fault || got.Commands != 6 {
		t.Fatalf("%+v, %v", got, err)
	}
	wantReports(t, []machine.Report{got}, []machine.Report{want})
	for n := range e {
		if _, err := decodeReport(&decoder{b: e[:n]}, lines); !errors.Is(err, errProtocol) {
			t.Fatalf("%d of %d bytes: %v", n, len(e), err)
		}
	}
	if _, err := decodeReport(&decoder{b: e}, lines[:len(lines)-1]); !errors.Is(err, errProtocol) {
		t.Fatal(err)
	}
}
