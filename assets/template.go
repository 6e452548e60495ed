package assets

import _ "embed"

//go:embed template.pxl
var template string

// Template is the text that a new program begins with: it draws something that moves, and
// says where to go on.
func Template() string { return template }
