// Package sprites is the model of the sprite editor, without a toolkit: a .sprite of a
// text as frames that are drawn on, and as text again.
//
// A [Sheet] keeps what belongs to the text alone, its indentation, comments and the
// letters of colours that nobody painted over, and gives all of it back. Start reading
// at [Read].
package sprites
