package plaintext

import "strings"

// Exception is what a Python traceback in a text comes to: the text from the line on
// that names the exception, of the last traceback in it. "" for a text without one.
func Exception(text string) string {
	const head = "Traceback (most recent call last):\n"
	i := strings.LastIndex(text, head)
	if i < 0 {
		return ""
	}
	for rest := text[i+len(head):]; rest != ""; {
		line, after, _ := strings.Cut(rest, "\n")
		if line != "" && line[0] != ' ' && line[0] != '\t' {
			return rest
		}
		rest = after
	}
	return ""
}
