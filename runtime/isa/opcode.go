package isa

// Op is an opcode: the R channel of an instruction's header texel.
type Op uint8

// The opcodes. A number, once released, keeps its meaning for ever, because
// recorded programs are pixels.
const (
	NOP    Op = 0x00
	HALT   Op = 0x01
	FRAME  Op = 0x02
	JMP    Op = 0x03
	JZ     Op = 0x04
	JNZ    Op = 0x05
	CALL   Op = 0x06
	RET    Op = 0x07
	LOOP   Op = 0x08
	ASSERT Op = 0x09
	LOG    Op = 0x0A
	EACH   Op = 0x0B
	PUT    Op = 0x0C
	DONE   Op = 0x0D
	SEED   Op = 0x0E

	SET   Op = 0x10
	ADD   Op = 0x11
	SUB   Op = 0x12
	MUL   Op = 0x13
	DIV   Op = 0x14
	MOD   Op = 0x15
	AND   Op = 0x16
	OR    Op = 0x17
	XOR   Op = 0x18
	SHL   Op = 0x19
	SHR   Op = 0x1A
	USHR  Op = 0x1B
	EQ    Op = 0x1C
	NE    Op = 0x1D
	LT    Op = 0x1E
	LE    Op = 0x1F
	GT    Op = 0x20
	GE    Op = 0x21
	NEG   Op = 0x22
	NOT   Op = 0x23
	ISZ   Op = 0x24
	MIN   Op = 0x25
	MAX   Op = 0x26
	ABS   Op = 0x27
	SGN   Op = 0x28
	CLAMP Op = 0x29
	SIN   Op = 0x2A
	COS   Op = 0x2B
	SQRT  Op = 0x2C
	RND   Op = 0x2D
	PEEK  Op = 0x2E
	KEY   Op = 0x2F
	LD    Op = 0x30
	ST    Op = 0x31
	LDT   Op = 0x32
	FMUL  Op = 0x33
	FDIV  Op = 0x34
	HASH  Op = 0x35
	ATAN2 Op = 0x36
	HYPOT Op = 0x37
	NOISE Op = 0x38
	RGBOF Op = 0x39
	HSVOF Op = 0x3A
	MIX   Op = 0x3B
	KEYP  Op = 0x3C
	INPUT Op = 0x3D
	LD2   Op = 0x3E
	ST2   Op = 0x3F

	CLS    Op = 0x40
	TXT    Op = 0x41
	RECT   Op = 0x42
	BOX    Op = 0x43
	FILL   Op = 0x44
	PLOT   Op = 0x45
	LINE   Op = 0x46
	CIRC   Op = 0x47
	RING   Op = 0x48
	SPR    Op = 0x49
	BLIT   Op = 0x4A
	COLOR  Op = 0x4B
	TRI    Op = 0x4C
	CLIP   Op = 0x4D
	CAMERA Op = 0x4E

	LDT2   Op = 0x50
	INVOKE Op = 0x51
	RETURN Op = 0x52
)

// Kind says what an operand texel means.
type Kind uint8

const (
	In   Kind = iota // a value, or (mask bit set) the index of a word to read
	Out              // the index of the word the result is written to; mask bit clear
	Addr             // an absolute program address; mask bit clear
	Base             // the first word of an array or an activation (data page), of a table or sprite (program page); mask bit clear
	Len              // a length or another plain number, such as that of an array in words; mask bit clear
)

// Tail says what follows an instruction's operand texels inline: a count texel,
// then that many texels.
type Tail uint8

const (
	NoTail      Tail = iota
	TextTail         // characters, and value references (see [TextValue])
	CaptureTail      // data indices whose words an EACH block's lanes start with
	ArgTail          // arguments, two texels each: 0 and a value, or 1 and the index of a data word to read
)

// Group is the heading an opcode is listed under in the language reference.
type Group string

const (
	GroupDraw  Group = "draw"
	GroupData  Group = "data"
	GroupFlow  Group = "flow"
	GroupTime  Group = "time"
	GroupTexel Group = "per texel"
	GroupTell  Group = "tell"
)

// Operand is one operand texel of an instruction.
type Operand struct {
	Name string
	Kind Kind
}

// InProgram says whether a Base is in the program page; else it is in the data page.
func (o Operand) InProgram() bool {
	return o.Kind == Base && (o.Name == "table" || o.Name == "sprite")
}

// Spec describes one opcode. The first Min operands must be there; operands may
// only be left out from the end, down to Min.
type Spec struct {
	Op       Op
	Mnemonic string // upper case
	Operands []Operand
	Min      int
	Whole    bool // if there are operands, all of them are
	Tail     Tail
	Group    Group
	InEach   bool   // allowed inside an EACH block
	InCore   bool   // allowed outside EACH blocks
	Source   bool   // a statement a person may write under this mnemonic
	Syntax   string // as written in source, for signature help; "" when not Source
	Doc      string // one line
}

func in(names ...string) []Operand {
	out := make([]Operand, len(names))
	for i, n := range names {
		out[i] = Operand{n, In}
	}
	return out
}

func dst(names ...string) []Operand {
	return append([]Operand{{"dst", Out}}, in(names...)...)
}

// activation is where the words of a procedure's call are, and where those of the call
// before are kept meanwhile: at save + stride for each entry of the stack; nowhere if
// save is 0, of a procedure that no call of itself comes to.
var activation = []Operand{{"act", Base}, {"len", Len}, {"save", Base}, {"stride", Len}}

// Specs lists every opcode, in order of its number.
var Specs = []Spec{
	{Op: NOP, Mnemonic: "NOP", Group: GroupFlow, InEach: true, InCore: true, Source: true, Syntax: "NOP", Doc: "Does nothing, in one cycle."},
	{Op: HALT, Mnemonic: "HALT", Group: GroupFlow, InCore: true, Source: true, Syntax: "HALT", Doc: "Ends the program; the picture stays."},
	{Op: FRAME, Mnemonic: "FRAME", Group: GroupTime, InCore: true, Source: true, Syntax: "FRAME", Doc: "Ends the frame: the picture is shown, and the program goes on from here in the next one."},
	{Op: JMP, Mnemonic: "JMP", Operands: []Operand{{"label", Addr}}, Min: 1, Group: GroupFlow, InEach: true, InCore: true, Source: true, Syntax: "JMP label", Doc: "Goes on at the label."},
	{Op: JZ, Mnemonic: "JZ", Operands: []Operand{{"cond", In}, {"label", Addr}}, Min: 2, Group: GroupFlow, InEach: true, InCore: true, Doc: "Goes on at the address if cond is 0."},
	{Op: JNZ, Mnemonic: "JNZ", Operands: []Operand{{"cond", In}, {"label", Addr}}, Min: 2, Group: GroupFlow, InEach: true, InCore: true, Doc: "Goes on at the address if cond is not 0."},
	{Op: CALL, Mnemonic: "CALL", Operands: []Operand{{"label", Addr}}, Min: 1, Group: GroupFlow, InCore: true, Source: true, Syntax: "CALL label", Doc: "Goes on at the label; RET comes back. At most 128 deep."},
	{Op: RET, Mnemonic: "RET", Group: GroupFlow, InCore: true, Source: true, Syntax: "RET", Doc: "Goes back to the statement after the CALL."},
	{Op: LOOP, Mnemonic: "LOOP", Operands: []Operand{{"i", In}, {"limit", In}, {"step", In}, {"label", Addr}}, Min: 4, Group: GroupFlow, InEach: true, InCore: true, Doc: "Leaves a FOR loop for the address once i has passed the limit in the step's direction."},
	{Op: ASSERT, Mnemonic: "ASSERT", Operands: in("cond"), Min: 1, Group: GroupTell, InEach: true, InCore: true, Source: true, Syntax: "ASSERT cond", Doc: "Ends the run with assert_failed if cond is 0."},
	{Op: LOG, Mnemonic: "LOG", Tail: TextTail, Group: GroupTell, InEach: true, InCore: true, Source: true, Syntax: "LOG text…", Doc: "Writes a line to the run's log; {expression} is replaced by its value."},
	{Op: EACH, Mnemonic: "EACH", Operands: []Operand{{"x", In}, {"y", In}, {"w", In}, {"h", In}, {"end", Addr}, {"still", Len}}, Min: 5, Tail: CaptureTail, Group: GroupTexel, InCore: true, Source: true, Syntax: "EACH [x y w h] … END", Doc: "Runs the block once for every texel of the rectangle, in parallel, with px and py set."},
	{Op: PUT, Mnemonic: "PUT", Operands: in("color"), Min: 1, Group: GroupTexel, InEach: true, Source: true, Syntax: "PUT color", Doc: "Inside EACH: gives this texel a colour."},
	{Op: DONE, Mnemonic: "DONE", Group: GroupTexel, InEach: true, Doc: "Ends an EACH block for this texel."},
	{Op: SEED, Mnemonic: "SEED", Operands: in("n"), Min: 1, Group: GroupData, InCore: true, Source: true, Syntax: "SEED n", Doc: "Starts the random numbers again from n."},

	{Op: SET, Mnemonic: "SET", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Source: true, Syntax: "SET name = expr", Doc: "Gives a variable or an array element a value; SET may be left out."},
	{Op: ADD, Mnemonic: "ADD", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a + b, wrapping."},
	{Op: SUB, Mnemonic: "SUB", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a - b, wrapping."},
	{Op: MUL, Mnemonic: "MUL", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a * b, wrapping."},
	{Op: DIV, Mnemonic: "DIV", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a / b, toward zero; by zero is div_by_zero."},
	{Op: MOD, Mnemonic: "MOD", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a % b, with a's sign; by zero is div_by_zero."},
	{Op: AND, Mnemonic: "AND", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a & b."},
	{Op: OR, Mnemonic: "OR", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a | b."},
	{Op: XOR, Mnemonic: "XOR", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a ^ b."},
	{Op: SHL, Mnemonic: "SHL", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a << (b & 31)."},
	{Op: SHR, Mnemonic: "SHR", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a >> (b & 31), arithmetic."},
	{Op: USHR, Mnemonic: "USHR", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a >>> (b & 31), logical."},
	{Op: EQ, Mnemonic: "EQ", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a == b, else 0."},
	{Op: NE, Mnemonic: "NE", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a != b, else 0."},
	{Op: LT, Mnemonic: "LT", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a < b, else 0."},
	{Op: LE, Mnemonic: "LE", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a <= b, else 0."},
	{Op: GT, Mnemonic: "GT", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a > b, else 0."},
	{Op: GE, Mnemonic: "GE", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 if a >= b, else 0."},
	{Op: NEG, Mnemonic: "NEG", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = -a."},
	{Op: NOT, Mnemonic: "NOT", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = ~a."},
	{Op: ISZ, Mnemonic: "ISZ", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = !a: 1 if a is 0, else 0."},
	{Op: MIN, Mnemonic: "MIN", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the smaller of a and b."},
	{Op: MAX, Mnemonic: "MAX", Operands: dst("a", "b"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the larger of a and b."},
	{Op: ABS, Mnemonic: "ABS", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = |a|."},
	{Op: SGN, Mnemonic: "SGN", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = -1, 0 or 1, a's sign."},
	{Op: CLAMP, Mnemonic: "CLAMP", Operands: dst("a", "lo", "hi"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = max(lo, min(hi, a))."},
	{Op: SIN, Mnemonic: "SIN", Operands: dst("t"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1024 sin(t/1024 of a turn)."},
	{Op: COS, Mnemonic: "COS", Operands: dst("t"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1024 cos(t/1024 of a turn)."},
	{Op: SQRT, Mnemonic: "SQRT", Operands: dst("a"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the floor of the square root of a; 0 below 1."},
	{Op: RND, Mnemonic: "RND", Operands: dst("n"), Min: 2, Group: GroupData, InCore: true, Doc: "dst = a random number from 0 to n-1; 0 for n <= 0."},
	{Op: PEEK, Mnemonic: "PEEK", Operands: dst("x", "y"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the texel as the frame began; 0 off the canvas."},
	{Op: KEY, Mnemonic: "KEY", Operands: dst("c"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 while the key with code c is held, else 0."},
	{Op: LD, Mnemonic: "LD", Operands: []Operand{{"dst", Out}, {"array", Base}, {"len", Len}, {"i", In}}, Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = array[i]; outside it is address_out_of_range."},
	{Op: ST, Mnemonic: "ST", Operands: []Operand{{"array", Base}, {"len", Len}, {"i", In}, {"a", In}}, Min: 4, Group: GroupData, InCore: true, Doc: "array[i] = a; outside it is address_out_of_range."},
	{Op: LDT, Mnemonic: "LDT", Operands: []Operand{{"dst", Out}, {"table", Base}, {"len", Len}, {"i", In}}, Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = table[i]; outside it is address_out_of_range."},
	{Op: FMUL, Mnemonic: "FMUL", Operands: dst("a", "b", "s"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = a * b >> (s & 63), the product in 64 bits."},
	{Op: FDIV, Mnemonic: "FDIV", Operands: dst("a", "b", "s"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = (a << (s & 31)) / b in 64 bits, toward zero; by zero is div_by_zero."},
	{Op: HASH, Mnemonic: "HASH", Operands: dst("n"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = n with its bits mixed."},
	{Op: ATAN2, Mnemonic: "ATAN2", Operands: dst("y", "x"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the angle of (x, y) in 1024ths of a turn."},
	{Op: HYPOT, Mnemonic: "HYPOT", Operands: dst("x", "y"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the length of (x, y)."},
	{Op: NOISE, Mnemonic: "NOISE", Operands: dst("x", "y"), Min: 3, Group: GroupData, InEach: true, InCore: true, Doc: "dst = value noise, 0 to 255, at (x, y) in 256ths."},
	{Op: RGBOF, Mnemonic: "RGB", Operands: dst("r", "g", "b"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the colour of three channels."},
	{Op: HSVOF, Mnemonic: "HSV", Operands: dst("h", "s", "v"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the colour of a hue in 1024ths of a turn, a saturation and a brightness."},
	{Op: MIX, Mnemonic: "MIX", Operands: dst("c", "d", "t"), Min: 4, Group: GroupData, InEach: true, InCore: true, Doc: "dst = the colour t 256ths of the way from c to d."},
	{Op: KEYP, Mnemonic: "KEYP", Operands: dst("c"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = 1 in the frame in which the key with code c went down, else 0."},
	{Op: INPUT, Mnemonic: "INPUT", Operands: dst("which"), Min: 2, Group: GroupData, InEach: true, InCore: true, Doc: "dst = notches of the wheel for 0, buttons that went down in this frame for 1, else 0."},
	{Op: LD2, Mnemonic: "LD2", Operands: []Operand{{"dst", Out}, {"array", Base}, {"w", Len}, {"h", Len}, {"x", In}, {"y", In}}, Min: 6, Group: GroupData, InEach: true, InCore: true, Doc: "dst = array[x, y]; outside it is address_out_of_range."},
	{Op: ST2, Mnemonic: "ST2", Operands: []Operand{{"array", Base}, {"w", Len}, {"h", Len}, {"x", In}, {"y", In}, {"a", In}}, Min: 6, Group: GroupData, InCore: true, Doc: "array[x, y] = a; outside it is address_out_of_range."},

	{Op: CLS, Mnemonic: "CLS", Operands: in("color"), Min: 0, Group: GroupDraw, InCore: true, Source: true, Syntax: "CLS [color]", Doc: "Clears the canvas, to black or to the colour."},
	{Op: TXT, Mnemonic: "TXT", Operands: in("x", "y"), Min: 2, Tail: TextTail, Group: GroupDraw, InCore: true, Source: true, Syntax: "TXT x y text…", Doc: "Writes text in the ink; {expression} is replaced by its value."},
	{Op: RECT, Mnemonic: "RECT", Operands: in("x", "y", "w", "h", "color"), Min: 4, Group: GroupDraw, InCore: true, Source: true, Syntax: "RECT x y w h [color]", Doc: "Fills a rectangle; on a cell canvas the glyphs on it stay."},
	{Op: BOX, Mnemonic: "BOX", Operands: in("x", "y", "w", "h", "color"), Min: 4, Group: GroupDraw, InCore: true, Source: true, Syntax: "BOX x y w h [color]", Doc: "Draws the outline of a rectangle, one texel wide."},
	{Op: FILL, Mnemonic: "FILL", Operands: in("x", "y", "w", "h", "color"), Min: 4, Group: GroupDraw, InCore: true, Source: true, Syntax: "FILL x y w h [color]", Doc: "Fills a rectangle and clears the glyphs on it."},
	{Op: PLOT, Mnemonic: "PLOT", Operands: in("x", "y", "color"), Min: 2, Group: GroupDraw, InCore: true, Source: true, Syntax: "PLOT x y [color]", Doc: "Colours one texel."},
	{Op: LINE, Mnemonic: "LINE", Operands: in("x0", "y0", "x1", "y1", "color"), Min: 4, Group: GroupDraw, InCore: true, Source: true, Syntax: "LINE x0 y0 x1 y1 [color]", Doc: "Draws a line, both ends included."},
	{Op: CIRC, Mnemonic: "CIRC", Operands: in("x", "y", "r", "color"), Min: 3, Group: GroupDraw, InCore: true, Source: true, Syntax: "CIRC x y r [color]", Doc: "Fills a circle of radius r."},
	{Op: RING, Mnemonic: "RING", Operands: in("x", "y", "r", "color"), Min: 3, Group: GroupDraw, InCore: true, Source: true, Syntax: "RING x y r [color]", Doc: "Draws the outline of a circle of radius r."},
	{Op: SPR, Mnemonic: "SPR", Operands: append([]Operand{{"sprite", Base}, {"size", Len}, {"frames", Len}}, in("frame", "x", "y", "flags")...), Min: 6, Group: GroupDraw, InCore: true, Source: true, Syntax: "SPR name x y [flags]", Doc: "Draws a sprite, or its frame name[i]; flags: 1 mirrored, 2 upside down, 4 turned a quarter, 256 × (scale - 1)."},
	{Op: BLIT, Mnemonic: "BLIT", Operands: in("sx", "sy", "w", "h", "dx", "dy"), Min: 6, Group: GroupDraw, InCore: true, Source: true, Syntax: "BLIT sx sy w h dx dy", Doc: "Copies a rectangle from the display as the frame began."},
	{Op: COLOR, Mnemonic: "COLOR", Operands: in("ink", "paper"), Min: 1, Group: GroupDraw, InCore: true, Source: true, Syntax: "COLOR ink [paper]", Doc: "Sets the ink, and the paper if given, for later draws."},
	{Op: TRI, Mnemonic: "TRI", Operands: in("x0", "y0", "x1", "y1", "x2", "y2", "color"), Min: 6, Group: GroupDraw, InCore: true, Source: true, Syntax: "TRI x0 y0 x1 y1 x2 y2 [color]", Doc: "Fills a triangle, its edges included."},
	{Op: CLIP, Mnemonic: "CLIP", Operands: in("x", "y", "w", "h"), Whole: true, Group: GroupDraw, InCore: true, Source: true, Syntax: "CLIP [x y w h]", Doc: "Keeps later draws inside a rectangle; alone, on all of the canvas."},
	{Op: CAMERA, Mnemonic: "CAMERA", Operands: in("x", "y"), Whole: true, Group: GroupDraw, InCore: true, Source: true, Syntax: "CAMERA [x y]", Doc: "Moves later draws by -x, -y; alone, no more."},

	{Op: LDT2, Mnemonic: "LDT2", Operands: []Operand{{"dst", Out}, {"table", Base}, {"w", Len}, {"h", Len}, {"x", In}, {"y", In}}, Min: 6, Group: GroupData, InEach: true, InCore: true, Doc: "dst = table[x, y]; outside it is address_out_of_range."},
	{Op: INVOKE, Mnemonic: "INVOKE", Operands: append([]Operand{{"proc", Addr}}, activation...), Min: 5, Tail: ArgTail, Group: GroupFlow, InCore: true, Doc: "Calls a procedure: keeps its activation if save is not 0, makes it the arguments and zeros, and goes on at proc. At most 128 deep, with CALL."},
	{Op: RETURN, Mnemonic: "RETURN", Operands: append([]Operand{{"dst", Out}, {"value", In}}, activation...), Min: 6, Group: GroupFlow, InCore: true, Doc: "Leaves the procedure, and the CALLs that it made: brings the activation back if it was kept, and dst = value."},
}

// Table holds each opcode's Spec at its number; nil where there is none.
var Table [256]*Spec

// byMnemonic finds a Spec by its upper-case mnemonic.
var byMnemonic = map[string]*Spec{}

func init() {
	for i := range Specs {
		s := &Specs[i]
		Table[s.Op] = s
		byMnemonic[s.Mnemonic] = s
	}
}

// Lookup finds an opcode by its upper-case mnemonic, or nil.
func Lookup(mnemonic string) *Spec { return byMnemonic[mnemonic] }

// String gives the mnemonic, or "op 0x.." for a number without one.
func (o Op) String() string {
	if s := Table[o]; s != nil {
		return s.Mnemonic
	}
	const hex = "0123456789ABCDEF"
	return "op 0x" + string([]byte{hex[o>>4], hex[o&15]})
}
