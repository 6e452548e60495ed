package check

import (
	"strconv"
	"strings"

	"gvpie/runtime/pxl/slip"
	"gvpie/runtime/pxl/syntax"
)

// synonyms are what other languages call the names that a program reads here.
var synonyms = map[string]string{
	"width": "W", "screen_w": "W", "screen_width": "W", "screenwidth": "W", "canvas_width": "W",
	"height": "H", "screen_h": "H", "screen_height": "H", "screenheight": "H", "canvas_height": "H",
	"mouse_x": "mx", "mousex": "mx", "mouse_y": "my", "mousey": "my", "mouse_b": "mb", "mouse_down": "mb", "wheel": "mw", "mouse_wheel": "mw", "mousewheel": "mw", "scroll": "mw", "mouse_pressed": "mbp", "mousebutton": "mb", "mouse_button": "mb",
	"time": "frame", "frames": "frame", "frame_count": "frame", "framecount": "frame", "ticks": "frame", "tick": "frame", "itime": "frame", "timer": "frame",
}

// texels are what people call the place of a texel in an EACH.
var texels = map[string]string{"x": "px", "y": "py", "i": "px", "j": "py", "col": "px", "row": "py", "column": "px"}

// truths are words for values.
var truths = map[string][2]string{
	"true": {"1", "1 is true, and so is every value but 0"}, "false": {"0", "0 is false, and every other value is true"},
	"nil": {"0", "a name without a value is 0"}, "null": {"0", "a name without a value is 0"}, "none": {"0", "a name without a value is 0"}, "undefined": {"0", "a name without a value is 0"},
}

// moreColors are colours that have no name here, as the web has them.
var moreColors = map[string]string{
	"pink": "0xFFC0CB", "brown": "0x993300", "violet": "0xEE82EE", "gold": "0xFFD700", "indigo": "0x4B0082", "lime": "0x00FF00", "aqua": "0x00FFFF",
	"crimson": "0xDC143C", "coral": "0xFF7F50", "salmon": "0xFA8072", "khaki": "0xF0E68C", "beige": "0xF5F5DC", "turquoise": "0x40E0D0", "lightblue": "0xADD8E6",
	"skyblue": "0x87CEEB", "darkblue": "0x00008B", "darkred": "0x8B0000", "darkgreen": "0x006400", "lightgreen": "0x90EE90", "darkgray": "0x666666", "lightgray": "0xCCCCCC",
	"dark_blue": "0x00008B", "dark_green": "0x006400", "dark_red": "0x8B0000", "light_gray": "0xCCCCCC", "dark_gray": "0x666666", "peach": "0xFFCCAA", "lavender": "0xE6E6FA", "darkgrey": "0x666666", "lightgrey": "0xCCCCCC",
}

// hint reports a name that means something elsewhere. It is false of any other.
func (c *checker) hint(n *syntax.Expr, s *syntax.Stmt, name string) bool {
	report := func(fix *syntax.Fix, format string, args ...any) bool {
		c.Report(syntax.Error, syntax.CodeUnknownName, n.Pos, n.End, fix, format, args...)
		return true
	}
	low := strings.ToLower(name)
	if v, ok := truths[low]; ok {
		return report(c.Replacing(n.Pos, n.End, v[0]), "there is no %s here: write %s; %s", syntax.Quoted(name), v[0], v[1])
	}
	if c.Text(n.Pos-4, n.Pos) == "key(" {
		if code, ok := slip.KeyCode(name); ok {
			return report(c.declaring(n.Pos, name, strconv.Itoa(code)), "a key is named by its code, and nothing gives %s one: this key's is %d", syntax.Quoted(name), code)
		}
		if len(name) == 1 {
			c := c.Replacing(n.Pos, n.End, "'"+strings.ToUpper(name)+"'")
			return report(c, "the key of a letter is its character in quotes: key('%s')", strings.ToUpper(name))
		}
	}
	if here, ok := synonyms[low]; ok {
		return report(c.Replacing(n.Pos, n.End, here), "there is no %s here: write %s", syntax.Quoted(name), syntax.Quoted(here))
	}
	if rgb, ok := moreColors[low]; ok {
		return report(c.declaring(n.Pos, name, rgb), "%s has no name here: a colour may also be written 0xRRGGBB, this one %s", syntax.Quoted(name), rgb)
	}
	if len(name) == 6 && strings.Trim(low, "0123456789abcdef") == "" {
		return report(c.Replacing(n.Pos, n.End, "0x"+name), "a colour is written 0xRRGGBB: 0x%s", name)
	}
	if texel, ok := texels[low]; ok && s.InEach {
		return report(c.Replacing(n.Pos, n.End, texel), "nothing gives %s a value, and the place of a texel of EACH is px, py: did you mean %s?", syntax.Quoted(name), syntax.Quoted(texel))
	}
	if low == "rnd" {
		return report(nil, "a random number has a range: rnd(n) is from 0 to n-1")
	}
	if low == "pi" {
		return report(nil, "there is no %s here: sin and cos take 1024ths of a turn, so that half a turn is 512", syntax.Quoted(name))
	}
	if c.Text(n.Pos-3, n.Pos) == "-- " {
		if fix := c.Replacing(n.Pos-3, n.Pos, "; "); fix != nil {
			c.Report(syntax.Error, syntax.CodeSyntax, n.Pos-3, n.Pos-1, fix, "a comment starts with `;`")
			return true
		}
	}
	if strings.EqualFold(name, "END") && s.Kind == syntax.OpStmt && c.Text(n.Pos-1, n.Pos) == " " && n.End == s.End {
		if fix := c.Replacing(n.Pos-1, n.End, ""); fix != nil {
			fix.Title = "leave " + name + " out"
			return report(fix, "an IF with its statement on one line has no END")
		}
	}
	return false
}

// declaring is the fix that declares a constant before all else in the file of a place.
func (c *checker) declaring(at syntax.Pos, name, value string) *syntax.Fix {
	line := ".const " + name + " " + value
	return c.AtTop(at, "declare "+line+" at the top", line)
}
