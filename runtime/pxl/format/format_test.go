package format_test

import (
	"slices"
	"testing"

	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/format"
	"gvpie/runtime/pxl/internal/corpus"
)

var layoutCases = []struct{ src, want string }{
	{"txt 1 1  Mixed  Case ", "TXT 1 1 Mixed  Case\n"},
	{"rect x - 1  (a+ b)  4", "RECT x -1 (a + b) 4\n"},
	{"plot x+ 1 2 ,red", "PLOT x+1 2, red\n"},
	{"set x=-1", "SET x = -1\n"},
	{"set x -1", "SET x -1\n"},
	{"set a [ i ]-1", "SET a[i] -1\n"},
	{"set x = a*b  + min ( c ,d )", "SET x = a*b + min(c, d)\n"},
	{"if x jmp y", "IF x JMP y\n"},
	{"for i=1 to 3 step -1\nplot i i\nend", "FOR i = 1 TO 3 STEP -1\n  PLOT i i\nEND\n"},
	{"if a\nnop\nelse if b\nnop\n# last\nelse\nnop\nend\n", "IF a\n  NOP\nELSE IF b\n  NOP\n  # last\nELSE\n  NOP\nEND\n"},
	{"nop\n; the loop\nloop:\nnop\nif x\nnop\nend", "NOP\n; the loop\nloop:\n  NOP\n  IF x\n    NOP\n  END\n"},
	{"for i = 1 to 2\nin:\nnop\nend", "FOR i = 1 TO 2\nin:\n  NOP\nEND\n"},
	{"set a = 1 ; one\nset bcd = 2    ; two\n\nnop ; three", "SET a = 1    ; one\nSET bcd = 2  ; two\n\nNOP  ; three\n"},
	{".CANVAS 8 8 PIXEL\n\n\n.table t 1 - 2,3\n\n", ".canvas 8 8 pixel\n\n\n.table t 1 -2, 3\n"},
	{"x :set y = 1", "x: SET y = 1\n"},
	{"txt 1 1,a,b", "TXT 1 1, a,b\n"},
	{"log \"  a  \"", "LOG \"  a  \"\n"},
	{"x=3,y +=-2 ,  a [ i ]<<=1", "x = 3, y += -2, a[i] <<= 1\n"},
	{"if x>1 y*=2,z=- 1", "IF x>1 y *= 2, z = -1\n"},
	{".Sprite  s  3 , 2\n   1.1   ; one\n\n nop", ".sprite s 3, 2\n   1.1   ; one\n\nNOP\n"},
	{"x:\n.sprite s\n ; above\n\t..F\n  # here\n  f\t\nnop ; a\n", "x:\n.sprite s\n ; above\n\t..F\n  # here\n  f\n  NOP  ; a\n"},
	{".palette red,0x10 ,  3\ntri 1 2,3 4 5 6 red\nspr s [ i+1 ] - 1 2\ncamera\nclip x - 1 2 3", ".palette red, 0x10, 3\nTRI 1 2, 3 4 5 6 red\nSPR s[i+1] -1 2\nCAMERA\nCLIP x -1 2 3\n"},
	{"def  star ( x,y )\nlocal a,b\nif x return x*2\nl: nop\nreturn -y\nend\nstar 1 -x (y)\nstar ( 1 ) - x\nstar( 1,- x )\nif x star x- 1", "DEF star(x, y)\n  LOCAL a, b\n  IF x RETURN x*2\nl: NOP\n  RETURN -y\nEND\nstar 1 -x (y)\nstar (1) -x\nstar(1, -x)\nIF x star x-1\n"},
	{"a:\nnop\n; f\ndef f a b\nend\nb:\nf 1 2", "a:\n  NOP\n; f\nDEF f a b\nEND\nb:\n  f 1 2\n"},
	{"  oops  here\r\n  nop\r\n", "  oops  here\nNOP\n"},
	{"while 1\n   set x = = 2\nend", "WHILE 1\n   set x = = 2\nEND\n"},
	{".TABLE t 2 :1 2,; a\n3 ,\n ; b\n   4 -1\nnop", ".table t 2: 1 2,  ; a\n  3,\n  ; b\n  4 -1\nNOP\n"},
	{".text n \"a  b\"   \"; \\\"\" ,\n\"c\" ; x", ".text n \"a  b\" \"; \\\"\",\n  \"c\"  ; x\n"},
	{".array  g  W  (H -2)\nset g[ 1,2 ]=mul( 1,2 , 3)", ".array g W (H - 2)\nSET g[1, 2] = mul(1, 2, 3)\n"},
	{".table t 1,\n\n  2\nnop", ".table t 1,\n\n  2\nNOP\n"},
	{".table t 1,\n  oops?\nnop", ".table t 1,\n  oops?\nNOP\n"},
	{"", ""},
	{"\x00 nop", "\x00 nop"},
}

func TestFormat(t *testing.T) {
	for _, c := range layoutCases {
		if got := format.Format(c.src); got != c.want {
			t.Errorf("format.Format(%q)\n got %q\nwant %q", c.src, got, c.want)
		}
		if got := format.Format(c.want); got != c.want {
			t.Errorf("format.Format(%q) is %q the second time", c.want, got)
		}
	}
}

func TestFormatKeepsCorpus(t *testing.T) {
	for name, src := range corpus.Programs(t) {
		laid := format.Format(src)
		if format.Format(laid) != laid {
			t.Errorf("%s: not idempotent", name)
		}
		if a, b := codegen.Assemble(name, src, nil), codegen.Assemble(name, laid, nil); !slices.Equal(a.Program, b.Program) {
			t.Errorf("%s: another program", name)
		}
	}
}
