// Package picture makes programs that draw a picture: a CLS and a shape a line.
//
// All shapes are opaque, so a picture of shapes parts the canvas: a texel belongs to
// the topmost shape over it, and the best colour of a shape is the mean of the target
// over the texels that belong to it. So a set of outlines has one exact error, and the
// search changes outlines and their order alone: first shape by shape, then
// all together by annealing. What a shape covers is what the machine's raster paints,
// texel by texel. Text is written over the shapes, line by line.
//
// The package reads no file and asks no clock: the same target, options and number of
// candidates give the same program on any number of processors. Start reading at [Paint],
// then partition.
package picture
