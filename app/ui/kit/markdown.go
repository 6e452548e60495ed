package kit

import "strings"

// Element is one part of a document: a heading, a paragraph, an item of a list,
// a piece of code, a row of a table, or a rule.
type Element struct {
	Kind  ElementKind
	Level int      // headings: 1…4; items: depth from 0
	Text  string   // with its inline marks; code: as it is
	Lang  string   // code: what it is in, as its fence says
	Cells []string // tables
	Mark  string   // items: "•" or "3."
	Head  bool     // tables: the row of column names
}

// ElementKind says what a Element is.
type ElementKind uint8

const (
	Paragraph ElementKind = iota
	Heading
	Item
	Listing
	TableRow
	Rule
	Quote
)

// ParseMarkdown reads the part of Markdown that the documents use: headings,
// paragraphs, lists, fenced and indented code, tables, quotes and rules.
func ParseMarkdown(src string) []Element {
	var out []Element
	var para []string
	flush := func() {
		if len(para) > 0 {
			out = append(out, Element{Kind: Paragraph, Text: strings.Join(para, " ")})
			para = nil
		}
	}
	lines := strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			flush()
			lang := strings.Trim(trimmed, "` ")
			var body []string
			for i++; i < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[i]), "```"); i++ {
				body = append(body, lines[i])
			}
			out = append(out, Element{Kind: Listing, Text: strings.Join(body, "\n"), Lang: lang})
		case trimmed == "":
			flush()
		case strings.HasPrefix(trimmed, "#"):
			level := len(trimmed) - len(strings.TrimLeft(trimmed, "#"))
			if level > 4 || len(trimmed) == level || trimmed[level] != ' ' {
				para = append(para, trimmed)
				break
			}
			flush()
			out = append(out, Element{Kind: Heading, Level: level, Text: strings.TrimSpace(trimmed[level:])})
		case trimmed == "---" || trimmed == "***":
			flush()
			out = append(out, Element{Kind: Rule})
		case strings.HasPrefix(trimmed, "|"):
			flush()
			cells := tableCells(trimmed)
			if isTableRule(cells) {
				if n := len(out); n > 0 && out[n-1].Kind == TableRow {
					out[n-1].Head = true
				}
				break
			}
			out = append(out, Element{Kind: TableRow, Cells: cells})
		case strings.HasPrefix(trimmed, "> "):
			flush()
			out = append(out, Element{Kind: Quote, Text: trimmed[2:]})
		case len(para) == 0 && strings.HasPrefix(line, "    ") && !continuesItem(out):
			out = appendCode(out, line[4:])
		default:
			if mark, rest, ok := listItem(trimmed); ok {
				flush()
				depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
				out = append(out, Element{Kind: Item, Level: min(depth, 3), Mark: mark, Text: rest})
				break
			}
			if len(para) == 0 && line != trimmed && continuesItem(out) {
				out[len(out)-1].Text += " " + trimmed
				break
			}
			if len(para) == 0 && continuesItem(out) && i > 0 && strings.TrimSpace(lines[i-1]) != "" {
				out[len(out)-1].Text += " " + trimmed
				break
			}
			para = append(para, trimmed)
		}
	}
	flush()
	return out
}

func continuesItem(out []Element) bool { return len(out) > 0 && out[len(out)-1].Kind == Item }

func appendCode(out []Element, line string) []Element {
	if n := len(out); n > 0 && out[n-1].Kind == Listing {
		out[n-1].Text += "\n" + line
		return out
	}
	return append(out, Element{Kind: Listing, Text: line})
}

func listItem(s string) (mark, rest string, ok bool) {
	if len(s) > 2 && (s[0] == '-' || s[0] == '*' || s[0] == '+') && s[1] == ' ' {
		return "•", strings.TrimSpace(s[2:]), true
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i > 0 && i < 4 && i+1 < len(s) && s[i] == '.' && s[i+1] == ' ' {
		return s[:i+1], strings.TrimSpace(s[i+2:]), true
	}
	return "", "", false
}

// tableCells parts a table's line at its bars; a bar in code or after a
// backslash is text.
func tableCells(s string) []string {
	s = strings.TrimPrefix(s, "|")
	var cells []string
	var cell strings.Builder
	inCode := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '|':
			cell.WriteByte('|')
			i++
		case s[i] == '`':
			inCode = !inCode
			cell.WriteByte('`')
		case s[i] == '|' && !inCode:
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(s[i])
		}
	}
	if rest := strings.TrimSpace(cell.String()); rest != "" {
		cells = append(cells, rest)
	}
	return cells
}

func isTableRule(cells []string) bool {
	for _, c := range cells {
		if strings.Trim(c, ":-") != "" || c == "" {
			return false
		}
	}
	return len(cells) > 0
}

// span is a run of inline text in one style.
type span struct {
	text               string
	bold, italic, code bool
}

// parseInline parts a line of text at its inline marks: `code`, **bold**,
// *italic*, [text](address).
func parseInline(s string) []span {
	var out []span
	var run strings.Builder
	style := span{}
	flush := func() {
		if run.Len() > 0 {
			st := style
			st.text = run.String()
			out = append(out, st)
			run.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '`':
			ticks := 1
			for i+ticks < len(s) && s[i+ticks] == '`' {
				ticks++
			}
			fence := s[i : i+ticks]
			end := strings.Index(s[i+ticks:], fence)
			if end < 0 {
				run.WriteString(fence)
				i += ticks - 1
				break
			}
			flush()
			text := s[i+ticks : i+ticks+end]
			if ticks > 1 {
				text = strings.TrimSpace(text)
			}
			out = append(out, span{text: text, code: true})
			i += 2*ticks + end - 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_[]()#|{}", s[i+1]) >= 0:
			i++
			run.WriteByte(s[i])
		case strings.HasPrefix(s[i:], "**"):
			flush()
			style.bold = !style.bold
			i++
		case s[i] == '*' && (style.italic || strings.Contains(s[i+1:], "*") && i+1 < len(s) && s[i+1] != ' '):
			flush()
			style.italic = !style.italic
		case s[i] == '[':
			text, rest, ok := strings.Cut(s[i+1:], "](")
			end := strings.IndexByte(rest, ')')
			if !ok || end < 0 || strings.ContainsAny(text, "[]") {
				run.WriteByte('[')
				break
			}
			run.WriteString(text)
			i += 1 + len(text) + 2 + end
		default:
			run.WriteByte(s[i])
		}
	}
	flush()
	return out
}
