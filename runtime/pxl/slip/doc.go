// Package slip knows what people who come from BASIC, Lua, Python, JavaScript and
// C write where PXL-ε has another form: for a line that cannot be read it says
// what is wrong, at the exact place, and what to write instead.
//
// It judges a line by its words alone, knows nothing of the tree, and is asked
// only about lines that failed; whether a mended line can be read is for the
// caller to find out. A mend keeps the numbers, the names and the texts of its
// line. Start reading at [Find].
package slip
