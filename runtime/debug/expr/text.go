package expr

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// Text is a line with values in it, as LOG writes one: x is {x}.
type Text struct{ parts []part }

// part is characters, or a value.
type part struct {
	chars  string
	value  node // nil: chars
	format isa.Format
}

// ParseText reads a text as LOG would in a procedure, nil outside of all.
func ParseText(a *pxl.Assembly, in *pxl.Procedure, text string) (*Text, error) {
	p := parser{assembly: a, in: in}
	s, err := p.read(isa.LOG, strings.NewReplacer("\r", " ", "\n", " ").Replace(text))
	if err != nil {
		return nil, err
	}
	t := &Text{}
	for _, x := range p.tree.Parts[s.Part:s.PartEnd] {
		if x.Expr == syntax.None {
			t.parts = append(t.parts, part{chars: unescape(p.text(x.Pos, x.End))})
			continue
		}
		n, err := p.node(x.Expr)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, part{value: n, format: x.Format})
	}
	return t, nil
}

// unescape takes the backslashes of literal characters away.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\{`, "{", `\}`, "}", `\"`, `"`).Replace(s)
}

// Eval gives the line. The error is that of a value.
func (t *Text) Eval(env Env) (string, error) {
	env.random = env.State[isa.StRandom]
	var out strings.Builder
	for _, p := range t.parts {
		if p.value == nil {
			out.WriteString(p.chars)
			continue
		}
		v, err := p.value(&env)
		if err != nil {
			return "", err
		}
		for _, c := range p.format.AppendCode(nil, v) {
			out.WriteByte(byte(c))
		}
	}
	return out.String(), nil
}
