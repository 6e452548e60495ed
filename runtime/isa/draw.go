package isa

// Geometry says what the operands of draws before their colour are: x and y are
// places that the camera moves, X and Y those that may also be far away; what has
// a dot stays, such as a size. TXT and SPR have none.
var Geometry = [256]string{
	RECT: "xy..", BOX: "xy..", FILL: "xy..", PLOT: "xy", LINE: "XYXY", TRI: "XYXYXY",
	CIRC: "xy.", RING: "xy.", BLIT: "....xy", EACH: "xy..",
}
