// Package picture writes pictures as source: as a .sprite with a .palette, or as a
// .table of colours.
//
// It reads no files and knows no format of pictures. Start reading at [Sprite].
package picture
