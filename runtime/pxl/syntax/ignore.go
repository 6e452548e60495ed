package syntax

import "strings"

// A warning can be silenced: a comment on the line before, `; ignore CODE`, with
// one code or several. Errors cannot.

// ignores says whether warnings with a code are not reported at a place.
func (r *Reporter) ignores(code string, at Pos) bool {
	if r.ignored == nil {
		r.ignored = make(map[int]string)
		for _, f := range r.files.files {
			if f.of == nil {
				f.findIgnored(r.ignored)
			}
		}
	}
	if len(r.ignored) == 0 {
		return false
	}
	at = r.files.written(at)
	f := r.files.File(at)
	if f == nil {
		return false
	}
	codes := r.ignored[int(f.base)+f.line(f.Offset(at))-1]
	for c := range strings.FieldsFuncSeq(codes, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' }) {
		if c == code {
			return true
		}
	}
	return false
}

// findIgnored notes the codes behind each `; ignore`, at the line after it.
func (f *File) findIgnored(out map[int]string) {
	src := f.src[:f.size]
	for at := 0; ; {
		i := strings.Index(src[at:], "ignore ")
		if i < 0 {
			return
		}
		at += i + len("ignore ")
		line := f.line(at)
		begin := int(f.lines[line-1])
		head := strings.TrimSpace(src[begin : at-len("ignore ")])
		if head != ";" && head != "#" {
			continue
		}
		codes := src[at:]
		if end := strings.IndexByte(codes, '\n'); end >= 0 {
			codes = codes[:end]
		}
		out[int(f.base)+line] = strings.TrimSpace(codes)
	}
}
