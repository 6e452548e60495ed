// Package sprites is the sprite editor of the window: a dialog in which the sprite of a
// program is drawn on. It knows the sheet that is drawn on and nothing of the text: when
// it is done it hands the sheet back. Start reading at [Dialog].
package sprites
