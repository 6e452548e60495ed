package isa

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestAlu(t *testing.T) {
	const least, most = math.MinInt32, math.MaxInt32
	for _, c := range []struct {
		op      Op
		a, b, c int32
		want    int32
		fault   Fault
	}{
		{op: SET, a: 7, want: 7},
		{op: ADD, a: most, b: 1, want: least},
		{op: SUB, a: least, b: 1, want: most},
		{op: MUL, a: 100000, b: 100000, want: 1410065408},
		{op: DIV, a: 7, b: -2, want: -3},
		{op: DIV, a: -7, b: 2, want: -3},
		{op: DIV, a: least, b: -1, want: least},
		{op: DIV, a: 7, fault: DivByZero},
		{op: MOD, a: 7, b: -2, want: 1},
		{op: MOD, a: -7, b: 2, want: -1},
		{op: MOD, a: least, b: -1, want: 0},
		{op: MOD, a: 7, fault: DivByZero},
		{op: AND, a: 12, b: 10, want: 8},
		{op: OR, a: 12, b: 10, want: 14},
		{op: XOR, a: 12, b: 10, want: 6},
		{op: SHL, a: 1, b: 33, want: 2},
		{op: SHL, a: 1, b: -1, want: least},
		{op: SHR, a: -1, b: 4, want: -1},
		{op: SHR, a: least, b: 31, want: -1},
		{op: USHR, a: -1, b: 4, want: 0x0FFFFFFF},
		{op: USHR, a: -1, b: 32, want: -1},
		{op: EQ, a: 3, b: 3, want: 1},
		{op: NE, a: 3, b: 3, want: 0},
		{op: LT, a: -1, b: 0, want: 1},
		{op: LE, a: 0, b: 0, want: 1},
		{op: GT, a: least, b: most, want: 0},
		{op: GE, a: most, b: least, want: 1},
		{op: NEG, a: least, want: least},
		{op: NOT, a: 5, want: -6},
		{op: ISZ, a: 0, want: 1},
		{op: ISZ, a: 7, want: 0},
		{op: MIN, a: -3, b: 2, want: -3},
		{op: MAX, a: -3, b: 2, want: 2},
		{op: ABS, a: -5, want: 5},
		{op: ABS, a: least, want: least},
		{op: SGN, a: least, want: -1},
		{op: SGN, a: 0, want: 0},
		{op: SGN, a: 9, want: 1},
		{op: CLAMP, a: 50, b: 0, c: 9, want: 9},
		{op: CLAMP, a: -3, b: 0, c: 9, want: 0},
		{op: CLAMP, a: 5, b: 9, c: 0, want: 9}, // max(lo, min(hi, a)) when lo > hi
		{op: SIN, a: 256, want: 1024},
		{op: SIN, a: -256, want: -1024},
		{op: COS, a: 0, want: 1024},
		{op: COS, a: 1024 + 512, want: -1024},
		{op: SQRT, a: 99, want: 9},
	} {
		v, fault, ok := Alu(c.op, c.a, c.b, c.c)
		if !ok || fault != c.fault || v != c.want {
			t.Errorf("%v(%d, %d, %d) = %d %v %v, want %d %v", c.op, c.a, c.b, c.c, v, fault, ok, c.want, c.fault)
		}
	}
	for _, op := range []Op{NOP, JMP, RND, PEEK, KEY, LD, ST, LDT, RECT, 0xFF} {
		if _, _, ok := Alu(op, 1, 2, 3); ok {
			t.Errorf("Alu computes %v, which needs more than its operands", op)
		}
	}
}

func TestSinTable(t *testing.T) {
	var raw []byte
	for _, v := range SinTable {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(v))
	}
	sum := sha256.Sum256(raw)
	const want = "8f64b13104bcc1a790d2e43e5759b37436f2482f2dc0253f8fce5a42be830c15"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the sine table's checksum is %s, want %s", got, want)
	}
	for k := range 1024 {
		if SinTable[k] != -SinTable[(k+512)%1024] || SinTable[k] != SinTable[(1024+512-k)%1024] {
			t.Errorf("the table is not symmetrical at %d", k)
		}
	}
	if SinTable[0] != 0 || SinTable[128] != 724 || SinTable[256] != 1024 {
		t.Errorf("sines of 0, 1/8 and 1/4 of a turn: %d, %d, %d", SinTable[0], SinTable[128], SinTable[256])
	}
}

func TestSqrtIsTheFloor(t *testing.T) {
	check := func(a int32) {
		r := int64(Sqrt(a))
		if a < 1 && r != 0 || a >= 1 && (r*r > int64(a) || (r+1)*(r+1) <= int64(a)) {
			t.Errorf("Sqrt(%d) = %d", a, r)
		}
	}
	for a := int32(-3); a < 70000; a++ {
		check(a)
	}
	for r := int32(2); r <= 46340; r += 7 {
		check(r*r - 1)
		check(r * r)
		check(r*r + 1)
	}
	for _, a := range []int32{math.MaxInt32, math.MinInt32, 46340 * 46340} {
		check(a)
	}
}

func TestRandomIsPCG(t *testing.T) {
	// The first numbers from seed 1, as any PCG32 (RXS M XS) gives them.
	state, got := uint32(DefaultSeed), [4]int32{}
	for i := range got {
		var v int32
		state, v = Random(state, 1000)
		if v < 0 || v >= 1000 {
			t.Fatalf("rnd(1000) = %d", v)
		}
		got[i] = v
	}
	if want := [4]int32{92, 520, 910, 2}; got != want {
		t.Errorf("rnd(1000) four times from seed 1: %v, want %v", got, want)
	}
	for _, n := range []int32{0, -1, math.MinInt32} {
		next, v := Random(5, n)
		again, _ := Random(5, 10)
		if v != 0 || next != again {
			t.Errorf("rnd(%d) = %d; it is 0, and steps the state like any other", n, v)
		}
	}
}

func TestColorCodesComeBack(t *testing.T) {
	for code := range 256 {
		rgb := CodeColor(uint8(code), 0xABCDEF)
		if code < 1 || code > 216 {
			if rgb != 0xABCDEF {
				t.Errorf("code %d is %06X, want the default", code, rgb)
			}
			continue
		}
		if back := ColorCode(rgb); back != uint32(code) {
			t.Errorf("code %d is %06X, whose code is %d", code, rgb, back)
		}
	}
	for rgb, want := range map[uint32]uint32{0x000000: 1, 0xFFFFFF: 216, 0x336699: 1 + 36 + 12 + 3, 0x191919: 1, 0x1A1A1A: 1 + 36 + 6 + 1, 0xFF000000: 1} {
		if got := ColorCode(rgb); got != want {
			t.Errorf("the code of %06X is %d, want %d", rgb, got, want)
		}
	}
}

func TestClampCoord(t *testing.T) {
	for v, want := range map[int32]int32{0: 0, -8192: -8192, -8193: -8192, 8191: 8191, 8192: 8191, math.MinInt32: -8192, math.MaxInt32: 8191} {
		if got := ClampCoord(v); got != want {
			t.Errorf("%d is clamped to %d, want %d", v, got, want)
		}
	}
}

func TestTableIsConsistent(t *testing.T) {
	mnemonics := map[string]bool{}
	last := -1
	for i := range Specs {
		s := &Specs[i]
		if int(s.Op) <= last {
			t.Errorf("%s stands out of order", s.Mnemonic)
		}
		last = int(s.Op)
		switch {
		case Table[s.Op] != s || Lookup(s.Mnemonic) != s || s.Op.String() != s.Mnemonic:
			t.Errorf("%s is not found by its number and its name", s.Mnemonic)
		case mnemonics[s.Mnemonic] || s.Mnemonic != strings.ToUpper(s.Mnemonic):
			t.Errorf("%s is there twice, or in small letters", s.Mnemonic)
		case s.Min > len(s.Operands) || len(s.Operands) > 8:
			t.Errorf("%s: %d to %d operands; a mask has 8 bits", s.Mnemonic, s.Min, len(s.Operands))
		case s.Doc == "" || strings.Contains(s.Doc, "\n") || s.Group == "":
			t.Errorf("%s has no line of documentation, or no group", s.Mnemonic)
		case s.Source != (s.Syntax != "") || s.Source && !strings.HasPrefix(s.Syntax, s.Mnemonic):
			t.Errorf("%s: syntax %q", s.Mnemonic, s.Syntax)
		case !s.InCore && !s.InEach:
			t.Errorf("%s may stand nowhere", s.Mnemonic)
		case s.Group == GroupDraw && s.InEach:
			t.Errorf("%s draws inside EACH", s.Mnemonic)
		}
		mnemonics[s.Mnemonic] = true
		for k, o := range s.Operands {
			if o.Kind == Out && k != 0 {
				t.Errorf("%s: the result is operand %d, not the first", s.Mnemonic, k)
			}
			if k < s.Min && o.Kind != In && o.Name == "" {
				t.Errorf("%s: operand %d has no name", s.Mnemonic, k)
			}
		}
	}
	if got := Op(0xF3).String(); got != "op 0xF3" {
		t.Errorf("a number without an opcode is %q", got)
	}
}

func TestDecodeRejectsWhatIsNoInstruction(t *testing.T) {
	add := InstrHeader(ADD, 3, 0b110)
	for name, words := range map[string][]uint32{
		"no opcode":                 {InstrHeader(0xEE, 0, 0)},
		"too few operands":          {InstrHeader(ADD, 2, 0), 8, 1},
		"too many operands":         {InstrHeader(HALT, 1, 0), 1},
		"A is not 0":                {Word(uint8(HALT), 0, 0, 1)},
		"a mask bit on a result":    {InstrHeader(ADD, 3, 0b001), 8, 1, 2},
		"a mask bit beyond the end": {InstrHeader(ADD, 3, 0b1000), 8, 1, 2},
		"a mask bit on an address":  {InstrHeader(JMP, 1, 1), 8},
		"it runs past the end":      {add, 8, 1},
		"text without a count":      {InstrHeader(LOG, 0, 0)},
		"text past the end":         {InstrHeader(LOG, 0, 0), 2, 'a'},
		"a count beyond any page":   {InstrHeader(LOG, 0, 0), 0xFFFFFFFF, 'a'},
		"some of all or none":       {InstrHeader(CLIP, 2, 0), 1, 2},
		"nothing":                   {},
	} {
		if in, ok := Decode(words, 0, len(words)); ok {
			t.Errorf("%s: decoded as %+v", name, in)
		}
	}
	in, ok := Decode([]uint32{0, add, 8, 1, 2, 0}, 1, 6)
	if !ok || in.Spec.Op != ADD || in.Size != 4 || in.Mask != 0b110 || len(in.Args) != 3 || in.Addr != 1 {
		t.Errorf("ADD d8 d1 d2 is %+v %v", in, ok)
	}
	in, ok = Decode([]uint32{InstrHeader(TXT, 2, 0), 1, 2, 3, 'a', 'b', 'c'}, 0, 7)
	if !ok || in.Size != 7 || len(in.Tail) != 3 {
		t.Errorf("TXT 1 2 abc is %+v %v", in, ok)
	}
	for _, at := range []int{-1, 7, 100} {
		if _, ok := Decode([]uint32{InstrHeader(NOP, 0, 0)}, at, 7); ok {
			t.Errorf("an instruction at %d", at)
		}
	}
}

func TestHeaderComesBack(t *testing.T) {
	for _, h := range []Header{
		{W: 128, H: 64, DataWords: SysWords, CodeEnd: HeaderWords},
		{W: 1024, H: 1, Pixel: true, DataWords: MaxDataWords, CodeEnd: 9},
	} {
		w := NewHeader(h)
		got, err := append(Program(w[:]), 0).Header()
		if err != nil || got != h {
			t.Errorf("%+v came back as %+v (%v)", h, got, err)
		}
	}
}

func TestHeaderRejectsBadPrograms(t *testing.T) {
	good := Header{W: 8, H: 8, DataWords: SysWords, CodeEnd: HeaderWords}
	page := func(change func(*Header)) Program {
		h := good
		change(&h)
		w := NewHeader(h)
		return w[:]
	}
	for name, p := range map[string]Program{
		"empty":               nil,
		"short":               {HeaderMagic},
		"no magic":            page(func(*Header) {})[1:],
		"other magic":         {0, 8 | 8<<16, 0, SysWords, HeaderWords, 0, 0, 0},
		"too long":            append(page(func(*Header) {}), (&[MaxProgramWords]uint32{})[:]...),
		"width 0":             page(func(h *Header) { h.W = 0 }),
		"height too large":    page(func(h *Header) { h.H = MaxCanvas + 1 }),
		"too few data words":  page(func(h *Header) { h.DataWords = SysWords - 1 }),
		"too many data words": page(func(h *Header) { h.DataWords = MaxDataWords + 1 }),
		"code in the header":  page(func(h *Header) { h.CodeEnd = HeaderWords - 1 }),
		"code past the end":   page(func(h *Header) { h.CodeEnd = HeaderWords + 1 }),
	} {
		if _, err := p.Header(); !errors.Is(err, ErrProgram) {
			t.Errorf("%s: %v, want ErrProgram", name, err)
		}
	}
}

func TestHasEach(t *testing.T) {
	program := func(code ...uint32) Program {
		w := NewHeader(Header{W: 8, H: 8, DataWords: SysWords, CodeEnd: HeaderWords + len(code)})
		return append(Program(w[:]), code...)
	}
	each := InstrHeader(EACH, 5, 0)
	for name, c := range map[string]struct {
		p    Program
		want bool
	}{
		"none":                 {program(InstrHeader(NOP, 0, 0)), false},
		"behind a statement":   {program(InstrHeader(NOP, 0, 0), each, 0, 0, 1, 1, 16, 0), true},
		"only a word like one": {program(InstrHeader(CLS, 1, 0), each), false},
		"behind what is none":  {program(0xFFFFFFFF, each, 0, 0, 1, 1, 16, 0), false},
		"no program":           {nil, false},
	} {
		if got := c.p.HasEach(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestFieldsAreWhole: every word of a command, and no word of the state page twice.
func TestFieldsAreWhole(t *testing.T) {
	for name, c := range map[string]struct {
		fields []Field
		words  int
		gaps   bool
	}{"the state page": {StateFields, StateWords, true}, "a command": {CommandFields, CommandWords, false}} {
		end := 0
		names := map[string]bool{}
		for _, f := range c.fields {
			if f.At < end || f.At > end && !c.gaps || f.Words < 1 || f.Doc == "" || names[f.Name] {
				t.Errorf("%s: %+v", name, f)
			}
			end, names[f.Name] = f.At+f.Words, true
		}
		if end != c.words {
			t.Errorf("%s ends at word %d, not %d", name, end, c.words)
		}
	}
}

func TestNamesOfCodes(t *testing.T) {
	for f, want := range map[Fault]string{BadOpcode: "bad_opcode", DivByZero: "div_by_zero", AddressOutOfRange: "address_out_of_range", StackOverflow: "stack_overflow",
		StackUnderflow: "stack_underflow", CycleLimit: "cycle_limit", CommandLimit: "command_limit", AssertFailed: "assert_failed", FaultNone: "", 99: "fault"} {
		if f.String() != want {
			t.Errorf("fault %d is %q, want %q", f, f, want)
		}
	}
	for s, want := range map[Status]string{Running: "running", Framed: "framed", Halted: "halted", Faulted: "error", 9: "unknown"} {
		if s.String() != want {
			t.Errorf("status %d is %q, want %q", s, s, want)
		}
	}
	var c Command
	c[CmdOp], c[CmdPC] = uint32(CLS)|CmdFlagColor<<8, 42
	if c.Op() != CLS || c.Flags() != CmdFlagColor || c.PC() != 42 {
		t.Errorf("a command is %v %d %d", c.Op(), c.Flags(), c.PC())
	}
}
