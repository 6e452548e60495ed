package syntax

import "gvpie/runtime/isa"

// FunctionDoc describes a function that expressions may call.
type FunctionDoc struct {
	Name   string
	Params []string
	Doc    string // one line
	Op     isa.Op // what computes it; 0 of what is known before the program runs
}

// Functions lists the functions in the order of the language reference.
var Functions = []FunctionDoc{
	{"min", []string{"a", "b"}, "The smaller of a and b.", isa.MIN},
	{"max", []string{"a", "b"}, "The larger of a and b.", isa.MAX},
	{"abs", []string{"a"}, "a without its sign.", isa.ABS},
	{"sgn", []string{"a"}, "-1, 0 or 1: a's sign.", isa.SGN},
	{"clamp", []string{"a", "lo", "hi"}, "a held between lo and hi: max(lo, min(hi, a)).", isa.CLAMP},
	{"sin", []string{"t"}, "1024 times the sine of t/1024 of a turn, rounded.", isa.SIN},
	{"cos", []string{"t"}, "1024 times the cosine of t/1024 of a turn, rounded.", isa.COS},
	{"sqrt", []string{"a"}, "The floor of the square root of a; 0 below 1.", isa.SQRT},
	{"rnd", []string{"n"}, "A random number from 0 to n-1; 0 for n <= 0.", isa.RND},
	{"peek", []string{"x", "y"}, "The texel at x, y as the frame began; 0 off the canvas.", isa.PEEK},
	{"key", []string{"c"}, "1 while the key with code c is held, else 0.", isa.KEY},
	{"keyp", []string{"c"}, "1 in the frame in which the key with code c went down, else 0.", isa.KEYP},
	{"mul", []string{"a", "b", "s"}, "a * b in 64 bits, shifted right by s: the product of fixed-point numbers.", isa.FMUL},
	{"div", []string{"a", "b", "s"}, "a shifted left by s, in 64 bits, divided by b toward zero.", isa.FDIV},
	{"hash", []string{"n"}, "n with its bits mixed: near numbers give unlike ones.", isa.HASH},
	{"atan2", []string{"y", "x"}, "The angle of (x, y) in 1024ths of a turn, 0 to 1023.", isa.ATAN2},
	{"hypot", []string{"x", "y"}, "The length of (x, y).", isa.HYPOT},
	{"noise", []string{"x", "y"}, "Smooth noise, 0 to 255, with a new value every 256 steps.", isa.NOISE},
	{"rgb", []string{"r", "g", "b"}, "The colour of three channels, each held within 0 to 255.", isa.RGBOF},
	{"hsv", []string{"h", "s", "v"}, "The colour of a hue in 1024ths of a turn, a saturation and a brightness, 0 to 255.", isa.HSVOF},
	{"mix", []string{"c", "d", "t"}, "The colour t 256ths of the way from c to d.", isa.MIX},
	{"len", []string{"name"}, "How many words an array or table has, or how many texts a .text.", 0},
	{"width", []string{"name"}, "The width of a sprite, texels.", 0},
	{"height", []string{"name"}, "The height of a sprite, texels.", 0},
	{"frames", []string{"name"}, "How many frames a sprite has.", 0},
}

// firstFunctions is how many functions the language began with. Their names are
// reserved; those of the others are not, and mean the function only where a
// parenthesis follows at once.
const firstFunctions = 11

// Color is a colour's name and its value 0xRRGGBB.
type Color struct {
	Name string
	RGB  uint32
}

// Colors lists the named colours in the order of the language reference.
var Colors = []Color{
	{"black", 0x000000}, {"white", 0xFFFFFF}, {"red", 0xFF0000}, {"green", 0x00FF00},
	{"blue", 0x0000FF}, {"yellow", 0xFFFF00}, {"cyan", 0x00FFFF}, {"magenta", 0xFF00FF},
	{"orange", 0xFF9900}, {"gray", 0x999999}, {"silver", 0xCCCCCC}, {"maroon", 0x990000},
	{"navy", 0x000099}, {"teal", 0x009999}, {"olive", 0x999900}, {"purple", 0x990099},
}

// NameDoc describes a read-only name.
type NameDoc struct {
	Name string
	Doc  string // one line
}

// ReadOnlyNames lists the names a program reads and never sets. The last two,
// px and py, exist inside EACH alone.
var ReadOnlyNames = []NameDoc{
	{"frame", "Frames ended so far, from 0."},
	{"W", "Width of the canvas, texels."},
	{"H", "Height of the canvas, texels."},
	{"mx", "Column of the mouse, texels."},
	{"my", "Row of the mouse, texels."},
	{"mb", "Mouse buttons held: 1 left, 2 right, 4 middle, added up."},
	{"mbp", "Mouse buttons that went down in this frame, likewise."},
	{"mw", "Notches that the mouse wheel was turned in this frame, up positive."},
	{"seed", "The seed the run started with."},
	{"px", "Inside EACH: the texel's column."},
	{"py", "Inside EACH: the texel's row."},
}

// Builtin is what a name means in every program.
type Builtin struct {
	Kind  TokenKind // Function, ColorName or ReadOnly
	Value int32     // index in Functions, colour, or data word (LaneX, LaneY of px, py)
}

// px and py have no data word: they are lanes 0 and 1 of a texel.
const (
	LaneX int32 = -1
	LaneY int32 = -2
)

var builtins = makeBuiltins()

func makeBuiltins() map[string]Builtin {
	m := make(map[string]Builtin)
	for i, f := range Functions[:firstFunctions] {
		m[f.Name] = Builtin{Function, int32(i)}
	}
	for _, c := range Colors {
		m[c.Name] = Builtin{ColorName, int32(c.RGB)}
	}
	for i, n := range isa.SysNames {
		m[n] = Builtin{ReadOnly, int32(i)}
	}
	m["px"] = Builtin{ReadOnly, LaneX}
	m["py"] = Builtin{ReadOnly, LaneY}
	return m
}

var functions = makeFunctions()

func makeFunctions() map[string]int32 {
	m := make(map[string]int32)
	for i, f := range Functions {
		m[f.Name] = int32(i)
	}
	return m
}

// LookupFunction finds a function by its name, as an index in Functions. Where no
// parenthesis follows at once the name may be the program's own.
func LookupFunction(name string) (int32, bool) {
	f, ok := functions[name]
	return f, ok
}

// LookupInput finds a read-only name that is not reserved: it is the program's own
// where that gives it a meaning. which is what INPUT is asked for.
func LookupInput(name string) (which int32, ok bool) {
	switch name {
	case "mw":
		return isa.InputWheel, true
	case "mbp":
		return isa.InputPressed, true
	}
	return 0, false
}

// LookupBuiltin finds what a name means in every program.
func LookupBuiltin(name string) (Builtin, bool) {
	b, ok := builtins[name]
	return b, ok
}
