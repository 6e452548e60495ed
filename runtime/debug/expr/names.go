package expr

import (
	"fmt"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// What names mean: those of the procedure, of the program, of every program.

// symbol finds a name of the program that is no label.
func (p *parser) symbol(name string) (pxl.Symbol, bool) {
	for _, s := range p.assembly.Symbols {
		if s.Name == name && s.Kind != pxl.LabelSymbol {
			return s, true
		}
	}
	return pxl.Symbol{}, false
}

// name is a name by itself.
func (p *parser) name(name string) (node, error) {
	if p.in != nil {
		at := slices.Index(p.in.Params, name)
		if k := slices.Index(p.in.Locals, name); at < 0 && k >= 0 {
			at = len(p.in.Params) + k
		}
		if at >= 0 {
			return func(e *Env) (int32, error) { return e.data(e.Locals + at), nil }, nil
		}
	}
	if s, ok := p.symbol(name); ok {
		switch s.Kind {
		case pxl.VarSymbol:
			return func(e *Env) (int32, error) { return e.data(s.Addr), nil }, nil
		case pxl.ConstSymbol:
			return number(int32(s.Addr)), nil
		case pxl.ArraySymbol, pxl.TableSymbol:
			return nil, fmt.Errorf("say which word of %s: %s[i]", name, name)
		}
		return nil, fmt.Errorf("%s has no value", name)
	}
	if b, ok := syntax.LookupBuiltin(name); ok {
		switch {
		case b.Kind == syntax.ColorName:
			return number(b.Value), nil
		case b.Value < 0 && p.texel:
			return func(e *Env) (int32, error) {
				if name == "px" {
					return e.Texel.X, nil
				}
				return e.Texel.Y, nil
			}, nil
		case b.Value < 0:
			return nil, fmt.Errorf("%s is the place of a texel inside EACH: here is none", name)
		}
		return func(e *Env) (int32, error) { return int32(e.Data[b.Value]), nil }, nil
	}
	switch which, ok := syntax.LookupInput(name); {
	case !ok:
		return nil, fmt.Errorf("there is no name %s here", syntax.Quoted(name))
	case which == isa.InputWheel:
		return func(e *Env) (int32, error) { return int32(e.State[isa.StWheel]), nil }, nil
	}
	return func(e *Env) (int32, error) {
		return int32(e.State[isa.StMouseB] &^ e.State[isa.StButtonsBefore]), nil
	}, nil
}

// size is len(name), or width, height or frames of a sprite.
func (p *parser) size(name, of string) (node, error) {
	s, ok := p.symbol(name)
	for i := range p.assembly.Sprites {
		if sprite := &p.assembly.Sprites[i]; sprite.Name == name {
			if n, ok := map[string]int{"width": sprite.W, "height": sprite.H, "frames": sprite.Frames}[of]; ok {
				return number(int32(n)), nil
			}
		}
	}
	if ok && of == "len" && (s.Kind == pxl.ArraySymbol || s.Kind == pxl.TableSymbol || s.Kind == pxl.TextSymbol) {
		return number(int32(s.Len)), nil
	}
	return nil, fmt.Errorf("%s has no %s", syntax.Quoted(name), of)
}

// index is a word of an array or a table.
func (p *parser) index(x *syntax.Expr) (node, error) {
	name := p.text(x.Pos, x.NameEnd)
	s, ok := p.symbol(name)
	if !ok || s.Kind != pxl.ArraySymbol && s.Kind != pxl.TableSymbol {
		return nil, fmt.Errorf("%s is no array and no table", syntax.Quoted(name))
	}
	at, err := p.operands(x.A, x.B)
	if err != nil {
		return nil, err
	}
	if len(at) == 2 && s.Cols == 0 {
		return nil, fmt.Errorf("%s has no rows: %s[i]", name, name)
	}
	limits := []int{s.Len, 0}
	if len(at) == 2 {
		limits = []int{s.Cols, s.Len / s.Cols}
	}
	return func(e *Env) (int32, error) {
		var v [2]int32
		for i, n := range at {
			var err error
			if v[i], err = n(e); err != nil {
				return 0, err
			}
			if v[i] < 0 || int(v[i]) >= limits[i] {
				return 0, fmt.Errorf("index %d is outside %s, which has %d there", v[i], name, limits[i])
			}
		}
		word := s.Addr + int(v[0]) + s.Cols*int(v[1])
		if s.Kind == pxl.TableSymbol {
			return int32(e.Program[word]), nil
		}
		return int32(e.Data[word]), nil
	}, nil
}
