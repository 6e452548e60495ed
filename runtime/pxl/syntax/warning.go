package syntax

// WarningDoc describes a warning: of what can be read, and is hardly meant.
type WarningDoc struct {
	Code    string // stable
	Example string // a line or lines that bring it out
	Doc     string // one line
}

// Warnings lists the warnings in the order of the language reference.
var Warnings = []WarningDoc{
	{CodeSplitOperand, "PLOT x - 1 y", "A space ends an operand, so that `x - 1` is two: write `(x - 1)`."},
	{CodeTextQuotes, `TXT 1 1 "Score: " + score`, "The text of a TXT or LOG goes up to the end of the line; quotes that are not around all of it, and what follows them, are written too."},
	{CodeElseInText, "IF c TXT 1 1 yes ELSE TXT 1 1 no", "So is an ELSE."},
	{CodeLookalike, "TXT 1 1 “hi”", "A character in a text that only looks like another, or like a space, shows as a box."},
	{CodeComment, "SET x = 1; SET y = 2", "A semicolon begins a comment, and so does `#` at the start of a line, as in `#define`."},
	{CodeKeywordLabel, "ELSE:", "In a block, this is a label and not the ELSE or END."},
	{CodeShift, "a + b << 2", "A shift goes before `+` and `-`, and from the left with `*`, `/` and `%`, other than in C."},
	{CodeChained, "IF 0 < x < 9", "A comparison gives 1 or 0, which the next one compares."},
	{CodeEmptyLoop, "FOR i = 10 TO 0", "The loop never runs: counting down needs a negative STEP."},
	{CodeZeroStep, "FOR i = 0 TO 9 STEP 0", "The loop never ends."},
	{CodeNoFrame, "loop: … JMP loop", "A loop without an end, and without a FRAME, HALT or way out: nothing of it is ever shown."},
	{CodeNoPut, "EACH … END", "A block without a PUT, which alone gives a texel a colour, or a shader's `gl_FragColor` in its place."},
	{CodeFallsInto, "CALL a … a: … RET", "The main part runs on into a subroutine, whose RET then has no CALL to go back to."},
	{CodeUnreachable, "HALT … PLOT 1 1", "No run comes to the statement."},
	{CodeLoopVariable, "FOR i … CALL a", "The subroutine changes the name that the FOR around its CALL counts with."},
	{CodeRowOrCall, ".sprite s … fade", "A line of hexadecimal letters below a .sprite is a row of it, also where a procedure has that name: an empty line ends the rows."},
	{CodeUnused, "SET speed = 2", "The name is given a value and never read, while things are drawn or logged after it."},
	{CodeConstantRandom, "rnd(1)", "The number is always 0."},
	{CodeKeyCase, "key('a')", "The key of a letter has the code of its capital."},
	{CodeIndexRange, "a[4]", "An index that is known to be out of range: the program ends there."},
	{CodeDivByZero, "x / 0", "A division by what is known to be 0: the program ends there."},
}
