// Package picture writes pictures as source: as a .sprite with a .palette, or as a
// .table of colours.
//
// Only [Load] reads a file; what it knows is PNG, GIF and JPEG. Start reading at [Sprite].
package picture
