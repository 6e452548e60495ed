
// What bin and raster share. What they are bound to, the machine's pages and
// the job of a dispatch, stands in bindings.go.

// The layers of a texel. On a cell canvas one is glyph and ink, the other the
// paper; what draws on a pixel canvas writes both.
const SETTLED_TEXT = 1u;
const SETTLED_PAPER = 2u;
const SETTLED = 3u;

// For each tile of 8 × 8 texels, bins holds the commands of the job that may be
// seen in it. BIN_HIDDEN: the layers that older commands cannot be seen in.
// BIN_OLDEST: the first word that was made. From BIN_WORDS on, two words for each
// 32 commands: a bit for each that may write text there, a bit for each that may
// write paper.

// tiles_across is how many tiles a row of the canvas has.
fn tiles_across() -> u32 {
    return (job.width + TILE - 1u) / TILE;
}

// bin_words is how many words of bins a tile has.
fn bin_words() -> u32 {
    return BIN_WORDS + (job.last - job.first) / 16u;
}

// argument is a coordinate of the command at word at.
fn argument(at: u32, word: u32) -> i32 {
    return bitcast<i32>(commands[at + word]);
}

// floor_div is a / b toward minus infinity, for b > 0.
fn floor_div(a: i32, b: i32) -> i32 {
    return a / b - select(0, 1, a % b < 0);
}
