package sprites

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/pxl/service"
	"gvpie/runtime/pxl/syntax"
)

// Read takes a sprite out of the lines of its text: from its directive, line of.Line,
// to its last row. A last frame that lacks rows gets them.
func Read(of service.Sprite, line func(i int) string) (*Sheet, error) {
	if len(of.Lines) == 0 || of.W < 1 || of.H < 1 || len(of.Palette) == 0 {
		return nil, fmt.Errorf("%s has a problem that has to be mended in the text first", syntax.Quoted(of.Name))
	}
	s := &Sheet{Name: of.Name, W: of.W, H: of.H, Palette: of.Palette, head: line(of.Line)}
	if err := s.readHead(); err != nil {
		return nil, err
	}
	var rows []row
	from := of.Line + 1
	for _, at := range of.Lines {
		r, err := s.readRow(line(at))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", at+1, err)
		}
		for ; from < at; from++ {
			r.before = append(r.before, line(from))
		}
		from = at + 1
		rows = append(rows, r)
	}
	for len(rows)%s.H != 0 {
		rows = append(rows, row{indent: rows[0].indent, texels: strings.Repeat(string(Clear), s.W)})
	}
	for f := range slices.Chunk(rows, s.H) {
		s.frames = append(s.frames, f)
	}
	s.first = s.frames
	for i := of.Line; i <= of.Lines[len(of.Lines)-1]; i++ {
		s.written = append(s.written, line(i))
	}
	return s, nil
}

// readHead finds where the directive has its size, or would have it.
func (s *Sheet) readHead() error {
	tree := syntax.NewLineParser().Parse(s.head)
	for i := range tree.Stmts {
		if st := &tree.Stmts[i]; st.Kind == syntax.SpriteStmt && st.NameEnd > st.Name {
			s.sized, s.sizeAt = st.ArgEnd-st.Arg == 2, tree.Files.Offset(st.NameEnd)
			return nil
		}
	}
	return errors.New("the directive has a problem that has to be mended in the text first")
}

func (s *Sheet) readRow(line string) (r row, err error) {
	texels := strings.TrimLeft(line, " \t")
	r.indent = line[:len(line)-len(texels)]
	end := 0
	for end < len(texels) && (texels[end] == Clear || syntax.Digit(texels[end]) >= 0) {
		end++
	}
	texels, r.tail = texels[:end], texels[end:]
	if len(texels) > s.W {
		return r, fmt.Errorf("this row has %s, and %s is %d wide: mend that in the text first", syntax.Plural(len(texels), "texel"), syntax.Quoted(s.Name), s.W)
	}
	s.lower = s.lower || strings.ContainsAny(texels, "abcdef") && !strings.ContainsAny(texels, "ABCDEF")
	if len(texels) < s.W {
		r.short = texels
	}
	r.texels = texels + strings.Repeat(string(Clear), s.W-len(texels))
	return r, nil
}

// Lines gives the sprite as lines of text: its directive, which names the size once
// there is more than one frame, and its rows, each with what belonged to it.
func (s *Sheet) Lines() []string {
	out := []string{s.head}
	if !s.sized && len(s.frames) > 1 {
		out[0] = s.head[:s.sizeAt] + fmt.Sprintf(" %d %d", s.W, s.H) + s.head[s.sizeAt:]
	}
	for _, f := range s.frames {
		for _, r := range f {
			out = append(out, r.before...)
			texels := r.texels
			if r.short != "" && strings.TrimRight(r.texels, string(Clear)) == strings.TrimRight(r.short, string(Clear)) {
				texels = r.short
			}
			out = append(out, r.indent+texels+r.tail)
		}
	}
	return out
}

// Rewrite puts what was drawn into a text: in the place of the lines that the sprite was
// read from, which begin at line at, or have gone elsewhere meanwhile. It fails where
// they are not in the text any more.
func (s *Sheet) Rewrite(text string, at int) (string, bool) {
	lines, was := strings.Split(text, "\n"), s.written
	is := func(at int) bool {
		return at >= 0 && at+len(was) <= len(lines) && slices.Equal(lines[at:at+len(was)], was)
	}
	for i := 0; !is(at) && i <= len(lines); i++ {
		at = i
	}
	if !is(at) {
		return "", false
	}
	return strings.Join(slices.Replace(lines, at, at+len(was), s.Lines()...), "\n"), true
}
