package wasm_test

import (
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mnemonics are the names of instructions, by what they are in the binary format.
func mnemonics(tb testing.TB) map[uint64]string {
	tb.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "opcode.go", nil, 0)
	if err != nil {
		tb.Fatal(err)
	}
	names := map[uint64]string{}
	word := regexp.MustCompile(`[A-Z][a-z0-9]*`)
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		code, err := strconv.ParseUint(v.Values[0].(*ast.BasicLit).Value, 0, 16)
		if err != nil {
			tb.Fatal(err)
		}
		words := word.FindAllString(strings.TrimPrefix(v.Names[0].Name, "op"), -1)
		name := strings.ToLower(strings.Join(words, "_"))
		if typed := regexp.MustCompile(`^(i8x16|i32x4|i64x2|f32x4|f64x2|v128|i32|i64|f64|local)_`); typed.MatchString(name) {
			name = strings.Replace(name, "_", ".", 1)
		}
		if old := names[code]; old != "" {
			tb.Errorf("%#x is %s and %s", code, old, name)
		}
		names[code] = name
		return true
	})
	return names
}

// reader reads the binary format; it panics where that ends too early.
type reader []byte

func (r *reader) byte() byte {
	b := (*r)[0]
	*r = (*r)[1:]
	return b
}

func (r *reader) u() uint64 {
	v, n := binary.Uvarint(*r)
	*r = (*r)[n:]
	return v
}

func (r *reader) s() (v int64) {
	for shift := 0; ; shift += 7 {
		b := r.byte()
		v |= int64(b&0x7F) << shift
		if b < 0x80 {
			if shift += 7; shift < 64 && b&0x40 != 0 {
				v |= -1 << shift
			}
			return v
		}
	}
}

func (r *reader) sized() reader {
	n := r.u()
	part := (*r)[:n]
	*r = (*r)[n:]
	return part
}

// text writes the functions of a module as one instruction a line.
func text(tb testing.TB, module []byte) string {
	tb.Helper()
	names := mnemonics(tb)
	var b strings.Builder
	r := reader(module[8:])
	for len(r) > 0 {
		id := r.byte()
		part := r.sized()
		switch id {
		case 5:
			part.u()
			part.u()
			fmt.Fprintf(&b, "memory %d…%d\n", part.u(), part.u())
		case 10:
			for n := part.u(); n > 0; n-- {
				body := part.sized()
				for locals := body.u(); locals > 0; locals-- {
					body.u()
					body.byte()
				}
				fmt.Fprintln(&b, "func")
				disassemble(&b, names, body)
			}
		}
	}
	return b.String()
}

func disassemble(b *strings.Builder, names map[uint64]string, r reader) {
	depth := 1
	for len(r) > 0 {
		code := uint64(r.byte())
		if code == 0xFD {
			code = code<<8 | r.u()
		}
		name := names[code]
		args := ""
		switch {
		case name == "block" || name == "loop" || name == "if":
			r.byte()
		case name == "br" || name == "br_if" || name == "call" || strings.HasPrefix(name, "local."):
			args = fmt.Sprint(" ", r.u())
		case name == "i32.const" || name == "i64.const":
			args = fmt.Sprint(" ", r.s())
		case name == "v128.const":
			for range 4 {
				args += fmt.Sprint(" ", int32(binary.LittleEndian.Uint32(r)))
				r = r[4:]
			}
		case name == "i8x16.shuffle":
			for range 16 {
				args += fmt.Sprint(" ", r.byte())
			}
		case strings.Contains(name, "load") || strings.Contains(name, "store"):
			r.u()
			args = fmt.Sprint(" +", r.u())
			if strings.HasSuffix(name, "_lane") {
				args += fmt.Sprint(" ", r.byte())
			}
		case strings.HasSuffix(name, "_lane"):
			args = fmt.Sprint(" ", r.byte())
		case name == "":
			args = fmt.Sprintf("?%#x", code)
		}
		if name == "end" || name == "else" {
			depth--
		}
		fmt.Fprintf(b, "%s%s%s\n", strings.Repeat("  ", max(0, depth)), name, args)
		if name == "block" || name == "loop" || name == "if" || name == "else" {
			depth++
		}
	}
}
