
// What core, bin and raster share: the machine's pages, and the job of a dispatch.

// Job says what a dispatch works on. first and last bound the commands that bin
// and raster look at, top and rows the rows of tiles; a light job does nothing
// when the frame has more commands than last.
struct Job {
    program_words: u32,
    data_words: u32,
    code_end: u32,
    width: u32,
    height: u32,
    pixel: u32,
    first: u32,
    last: u32,
    light: u32,
    top: u32,
    rows: u32,
}

// The layers of a texel. On a cell canvas one is glyph and ink, the other the
// paper; what draws on a pixel canvas writes both.
const SETTLED_TEXT = 1u;
const SETTLED_PAPER = 2u;
const SETTLED = 3u;

@group(0) @binding(0) var<storage, read> program: array<u32>;
// The state page, then the control words, then the data page.
@group(0) @binding(1) var<storage, read_write> memory: array<u32>;
@group(0) @binding(2) var<storage, read_write> commands: array<u32>;
@group(0) @binding(3) var<storage, read_write> payload: array<u32>;
// Opcode specs, sines, glyph ROM, palettes: the same for every machine.
@group(0) @binding(4) var<storage, read> tables: array<u32>;
@group(0) @binding(5) var<uniform> job: Job;
// The display as the frame began, and the one the frame makes.
@group(0) @binding(6) var began: texture_2d<u32>;
@group(0) @binding(7) var drawn: texture_storage_2d<rgba8uint, write>;
// For each texel, the address of the instruction that wrote it.
@group(0) @binding(8) var<storage, read_write> writer: array<u32>;
// For each texel, what a raster dispatch hands to the next one.
@group(0) @binding(9) var<storage, read_write> carry: array<u32>;
// For each tile of 8 × 8 texels, the commands of the job that may be seen in it.
// BIN_HIDDEN: the layers that older commands cannot be seen in. BIN_OLDEST: the
// first word that was made. From BIN_WORDS on, two words for each 32 commands: a
// bit for each that may write text there, a bit for each that may write paper.
@group(0) @binding(10) var<storage, read_write> bins: array<u32>;

const BIN_HIDDEN = 0u;
const BIN_OLDEST = 1u;
const BIN_WORDS = 2u;

// tiles_across is how many tiles a row of the canvas has.
fn tiles_across() -> u32 {
    return (job.width + TILE - 1u) / TILE;
}

// bin_words is how many words of bins a tile has.
fn bin_words() -> u32 {
    return BIN_WORDS + (job.last - job.first) / 16u;
}

// idle says whether there is nothing to draw for this job: the core has not come
// to the frame's end, or the frame has too many commands for a light job.
fn idle() -> bool {
    return memory[ST_STATUS] == STATUS_RUNNING
        || (job.light == 1u && memory[ST_COMMANDS] > job.last);
}

// argument is a coordinate of the command at word at.
fn argument(at: u32, word: u32) -> i32 {
    return bitcast<i32>(commands[at + word]);
}
