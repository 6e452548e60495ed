// Package service answers what an editor asks of the language: completion,
// hover, signatures, definitions, matching blocks.
//
// A [Document] follows a text line by line: an edit costs the lines it touched,
// and what depends on the whole program is worked out when it is asked for and
// kept until an edit changes it. All it knows comes from the parser and the
// checker that the assembler uses. It makes no code and keeps no text. A Document
// is for one goroutine; the functions are for any. Start reading at [Document].
//
// A [Cursor] says where: a line from 0, and a byte of that line.
package service
