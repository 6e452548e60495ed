
// core: one invocation runs one machine. It fetches, decodes and executes
// instructions, and appends draw commands for raster.
//
// A dispatch takes at most SLICE steps, and a step is one instruction or one
// character of a text: there is no loop but the one in main. Software drivers
// leave long loops without a word, and hardware ones reset a device that is busy
// for seconds; so a long program is many dispatches, its state carried in
// memory, the middle of a text included.

// The state words an instruction may change, in registers while a slice runs.
var<private> status: u32;
var<private> pc: u32;
var<private> next_pc: u32;
var<private> cycles: u32;
var<private> header: u32;
var<private> arg0: i32;
var<private> arg1: i32;
var<private> arg2: i32;
var<private> arg3: i32;
var<private> arg4: i32;
var<private> arg5: i32;

// The text being typed: see type_character.
var<private> typing: bool;
var<private> text_at: u32;
var<private> text_end: u32;
var<private> text_length: u32;
var<private> text_refers: bool;
var<private> text_number: u32;
var<private> text_scale: u32;

// fault ends the run, unless it has ended already. pc stays at the instruction.
fn fault(code: u32, a: i32, b: i32) {
    if status != STATUS_RUNNING {
        return;
    }
    status = STATUS_FAULTED;
    memory[ST_FAULT] = code;
    memory[ST_FAULT_PC] = pc;
    memory[ST_FAULT_A] = bitcast<u32>(a);
    memory[ST_FAULT_B] = bitcast<u32>(b);
    memory[ST_FAULT_X] = NO_TEXEL;
    memory[ST_FAULT_Y] = NO_TEXEL;
}

// operand resolves operand texel i: a value, the word at an index, or the index
// of a destination, which must be in the data page.
fn operand(i: u32, out_mask: u32) -> i32 {
    let texel = program[pc + 1u + i];
    let reads = ((header >> (16u + i)) & 1u) == 1u;
    let writes = ((out_mask >> i) & 1u) == 1u;
    if (reads || writes) && texel >= job.data_words {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, bitcast<i32>(texel), i32(job.data_words));
        return 0;
    }
    if reads {
        return bitcast<i32>(memory[DATA + texel]);
    }
    return bitcast<i32>(texel);
}

// jump goes on at an address of the code, its end included.
fn jump(address: i32) {
    let a = bitcast<u32>(address);
    if a < HEADER_WORDS || a > job.code_end {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, address, i32(job.code_end));
        return;
    }
    next_pc = a;
}

// element gives the index of word i of an array or table of a page of words
// words; it faults outside the array, then outside the page.
fn element(base: i32, length: i32, i: i32, words: u32) -> u32 {
    let first = bitcast<u32>(base);
    let offset = bitcast<u32>(i);
    if i < 0 || offset >= bitcast<u32>(length) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, i, length);
        return 0u;
    }
    if first >= words || offset >= words - first {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, base + i, i32(words));
        return 0u;
    }
    return first + offset;
}

fn divide(a: i32, b: i32) -> i32 {
    if b == 0 {
        fault(FAULT_DIV_BY_ZERO, a, 0);
        return 0;
    }
    if b == -1 {
        return -a; // wraps for -2³¹; the hardware's answer there is undefined
    }
    return a / b;
}

fn remainder(a: i32, b: i32) -> i32 {
    if b == 0 {
        fault(FAULT_DIV_BY_ZERO, a, 0);
        return 0;
    }
    if b == -1 {
        return 0;
    }
    return a - (a / b) * b;
}

// root_digit is one binary digit of the square root: x holds the rest and the
// root so far, bit the digit's square.
fn root_digit(x: vec2<u32>, bit: u32) -> vec2<u32> {
    let trial = x.y + bit;
    if x.x >= trial {
        return vec2<u32>(x.x - trial, (x.y >> 1u) + bit);
    }
    return vec2<u32>(x.x, x.y >> 1u);
}

// root is the floor of the square root, 0 below 1: digit by digit, no floats,
// and no loop either (see the head of this file).
fn root(a: i32) -> i32 {
    var x = vec2<u32>(u32(max(a, 0)), 0u);
    x = root_digit(x, 1u << 30u);
    x = root_digit(x, 1u << 28u);
    x = root_digit(x, 1u << 26u);
    x = root_digit(x, 1u << 24u);
    x = root_digit(x, 1u << 22u);
    x = root_digit(x, 1u << 20u);
    x = root_digit(x, 1u << 18u);
    x = root_digit(x, 1u << 16u);
    x = root_digit(x, 1u << 14u);
    x = root_digit(x, 1u << 12u);
    x = root_digit(x, 1u << 10u);
    x = root_digit(x, 1u << 8u);
    x = root_digit(x, 1u << 6u);
    x = root_digit(x, 1u << 4u);
    x = root_digit(x, 1u << 2u);
    x = root_digit(x, 1u);
    return i32(x.y);
}

fn sine(t: i32) -> i32 {
    return bitcast<i32>(tables[TABLE_SIN + (bitcast<u32>(t) & 1023u)]);
}

// random steps the PCG32 state and gives 0…n-1, or 0 for n <= 0.
fn random(n: i32) -> i32 {
    let state = memory[ST_RANDOM] * 747796405u + 2891336453u;
    memory[ST_RANDOM] = state;
    var w = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    w = (w >> 22u) ^ w;
    if n <= 0 {
        return 0;
    }
    return i32(w % u32(n));
}

fn peek(x: i32, y: i32) -> i32 {
    if x < 0 || y < 0 || x >= i32(job.width) || y >= i32(job.height) {
        return 0;
    }
    let t = textureLoad(began, vec2<i32>(x, y), 0);
    if job.pixel == 1u {
        return i32((t.r << 16u) | (t.g << 8u) | t.b);
    }
    return i32(t.r | (t.g << 8u) | (t.b << 16u));
}

fn key(c: i32) -> i32 {
    if c < 0 || c > 255 {
        return 0;
    }
    return i32((memory[ST_KEYS + u32(c >> 5u)] >> u32(c & 31)) & 1u);
}

// level rounds a channel to the nearest of the six levels of a colour code.
fn level(channel: u32) -> u32 {
    return ((channel & 0xFFu) * 5u + 127u) / 255u;
}

// canvas_color is a 24-bit colour as a command carries it.
fn canvas_color(rgb: u32) -> u32 {
    if job.pixel == 1u {
        return rgb & 0xFFFFFFu;
    }
    return 1u + 36u * level(rgb >> 16u) + 6u * level(rgb >> 8u) + level(rgb);
}

fn ink() -> u32 {
    let chosen = memory[ST_INK];
    if chosen == 0u {
        return select(0u, 0xFFFFFFu, job.pixel == 1u);
    }
    return canvas_color(chosen);
}

fn paper() -> u32 {
    let chosen = memory[ST_PAPER];
    return canvas_color(select(chosen, DEFAULT_PAPER, chosen == 0u));
}

fn coordinate(v: i32) -> u32 {
    return bitcast<u32>(clamp(v, COORD_MIN, COORD_MAX));
}

// append adds a command with no text whose coordinates are the first count
// arguments.
fn append(flags: u32, color: u32, count: u32, text: u32, length: u32) {
    let n = memory[ST_COMMANDS];
    if n >= MAX_COMMANDS {
        fault(FAULT_COMMAND_LIMIT, i32(MAX_COMMANDS), 0);
        return;
    }
    let at = n * COMMAND_WORDS;
    commands[at + CMD_OP] = (header & 0xFFu) | (flags << 8u);
    commands[at + CMD_PC] = pc;
    commands[at + CMD_CYCLE] = cycles;
    commands[at + CMD_COLOR] = color;
    commands[at + CMD_A] = select(0u, coordinate(arg0), count > 0u);
    commands[at + CMD_B] = select(0u, coordinate(arg1), count > 1u);
    commands[at + CMD_C] = select(0u, coordinate(arg2), count > 2u);
    commands[at + CMD_D] = select(0u, coordinate(arg3), count > 3u);
    commands[at + CMD_E] = select(0u, coordinate(arg4), count > 4u);
    commands[at + CMD_F] = select(0u, coordinate(arg5), count > 5u);
    commands[at + CMD_TEXT] = text;
    commands[at + CMD_LEN] = length;
    memory[ST_COMMANDS] = n + 1u;
}

// draw appends a draw whose coordinates are its required operands and whose
// optional last operand is the colour.
fn draw(op: u32, required: u32, given: u32) {
    var color: u32;
    if given > required {
        var rgb = arg0;
        switch required {
            case 2u: { rgb = arg2; }
            case 3u: { rgb = arg3; }
            case 4u: { rgb = arg4; }
            default: {}
        }
        color = canvas_color(bitcast<u32>(rgb));
    } else if op == OP_BLIT {
        color = 0u;
    } else if job.pixel == 1u {
        color = ink();
    } else {
        color = paper();
    }
    let flags = select(0u, CMD_FLAG_COLOR, op == OP_CLS && given == 1u);
    append(flags, color, required, 0u, 0u);
}

// emit puts one resolved character behind the payload. It counts only once the
// command is appended.
fn emit(code: u32) {
    let at = memory[ST_PAYLOAD] + text_length;
    if at < MAX_PAYLOAD {
        payload[at] = code;
    }
    text_length += 1u;
}

// leading_scale is the power of ten of the first digit of n.
fn leading_scale(n: u32) -> u32 {
    if n >= 1000000000u { return 1000000000u; }
    if n >= 100000000u { return 100000000u; }
    if n >= 10000000u { return 10000000u; }
    if n >= 1000000u { return 1000000u; }
    if n >= 100000u { return 100000u; }
    if n >= 10000u { return 10000u; }
    if n >= 1000u { return 1000u; }
    if n >= 100u { return 100u; }
    if n >= 10u { return 10u; }
    return 1u;
}

// type_character takes the text of TXT or LOG one character on. The characters
// are copied to the payload as they are met; the copy is kept only if a value
// was among them, for else the text can be read where it stands.
fn type_character() {
    if text_scale > 0u {
        emit(48u + (text_number / text_scale) % 10u);
        text_scale /= 10u;
        return;
    }
    if text_at < text_end {
        let texel = program[text_at];
        text_at += 1u;
        if (texel & TEXT_VALUE) != TEXT_VALUE {
            emit(texel & 0xFFu);
            return;
        }
        let index = texel & TEXT_VALUE_INDEX;
        if index >= job.data_words {
            fault(FAULT_ADDRESS_OUT_OF_RANGE, i32(index), i32(job.data_words));
            return;
        }
        let value = bitcast<i32>(memory[DATA + index]);
        text_refers = true;
        text_number = bitcast<u32>(value);
        if value < 0 {
            emit(45u); // '-'
            text_number = 0u - text_number;
        }
        text_scale = leading_scale(text_number);
        return;
    }
    finish_text();
}

// finish_text appends the command of a text that has been typed.
fn finish_text() {
    typing = false;
    let op = header & 0xFFu;
    var color = 0u;
    var count = 0u;
    if op == OP_TXT {
        color = ink();
        count = 2u;
    }
    if text_refers {
        let start = memory[ST_PAYLOAD];
        let room = memory[ST_COMMANDS] < MAX_COMMANDS; // else append says so
        if room && start + text_length > MAX_PAYLOAD {
            fault(FAULT_COMMAND_LIMIT, i32(MAX_PAYLOAD), 0);
            return;
        }
        append(CMD_FLAG_PAYLOAD, color, count, start, text_length);
        if status == STATUS_RUNNING {
            memory[ST_PAYLOAD] = start + text_length;
        }
    } else {
        append(0u, color, count, text_end - text_length, text_length);
    }
    if status == STATUS_RUNNING {
        pc = text_end;
        memory[CTL_LOGS] += select(0u, 1u, op == OP_LOG);
    }
}

// instruction fetches, decodes and executes one instruction.
fn instruction() {
    if pc == job.code_end {
        status = STATUS_HALTED;
        return;
    }
    let budget = memory[ST_BUDGET];
    if cycles == budget {
        fault(FAULT_CYCLE_LIMIT, bitcast<i32>(budget), 0);
        return;
    }
    cycles += 1u;

    // Decode, as isa.Decode does.
    header = program[pc];
    let op = header & 0xFFu;
    let n = (header >> 8u) & 0xFFu;
    let spec = tables[TABLE_SPECS + op];
    let required = spec & 7u;
    let tail = (spec >> 6u) & 3u;
    let in_mask = (spec >> 16u) & 0xFFu & ((1u << (n & 31u)) - 1u);
    var end = pc + 1u + n;
    var ok = pc < job.code_end && (spec & SPEC_IN_CORE) != 0u
        && n >= required && n <= ((spec >> 3u) & 7u) && end <= job.code_end
        && (header & (0xFF000000u | ((~in_mask & 0xFFu) << 16u))) == 0u;
    if ok && tail != 0u {
        ok = end < job.code_end;
        if ok {
            let count = program[end];
            ok = count <= MAX_PROGRAM_WORDS && end + 1u + count <= job.code_end;
            end += 1u + count;
        }
    }
    if !ok {
        fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0);
        return;
    }
    next_pc = end;

    let out_mask = spec >> 24u;
    arg0 = 0;
    arg1 = 0;
    arg2 = 0;
    arg3 = 0;
    arg4 = 0;
    arg5 = 0;
    if n > 0u { arg0 = operand(0u, out_mask); }
    if n > 1u { arg1 = operand(1u, out_mask); }
    if n > 2u { arg2 = operand(2u, out_mask); }
    if n > 3u { arg3 = operand(3u, out_mask); }
    if n > 4u { arg4 = operand(4u, out_mask); }
    if n > 5u { arg5 = operand(5u, out_mask); }
    if status != STATUS_RUNNING {
        return;
    }

    var value = 0;
    switch op {
        case OP_NOP: {}
        case OP_HALT: { status = STATUS_HALTED; }
        case OP_FRAME: {
            status = STATUS_FRAMED;
            let frame = memory[ST_FRAME] + 1u;
            memory[ST_FRAME] = frame;
            memory[DATA + SYS_FRAME] = frame;
        }
        case OP_JMP: { jump(arg0); }
        case OP_JZ: {
            if arg0 == 0 { jump(arg1); }
        }
        case OP_JNZ: {
            if arg0 != 0 { jump(arg1); }
        }
        case OP_CALL: {
            let sp = memory[ST_SP];
            if sp >= STACK_DEPTH {
                fault(FAULT_STACK_OVERFLOW, i32(STACK_DEPTH), 0);
            } else {
                jump(arg0);
                if status == STATUS_RUNNING {
                    memory[ST_STACK + sp] = end;
                    memory[ST_SP] = sp + 1u;
                }
            }
        }
        case OP_RET: {
            let sp = memory[ST_SP];
            if sp == 0u {
                fault(FAULT_STACK_UNDERFLOW, 0, 0);
            } else {
                memory[ST_SP] = sp - 1u;
                next_pc = memory[ST_STACK + min(sp, STACK_DEPTH) - 1u];
            }
        }
        case OP_LOOP: {
            if select(arg0 > arg1, arg0 < arg1, arg2 < 0) { jump(arg3); }
        }
        case OP_ASSERT: {
            if arg0 == 0 { fault(FAULT_ASSERT_FAILED, 0, 0); }
        }
        case OP_SEED: { memory[ST_RANDOM] = bitcast<u32>(arg0); }

        case OP_SET: { value = arg1; }
        case OP_ADD: { value = arg1 + arg2; }
        case OP_SUB: { value = arg1 - arg2; }
        case OP_MUL: { value = arg1 * arg2; }
        case OP_DIV: { value = divide(arg1, arg2); }
        case OP_MOD: { value = remainder(arg1, arg2); }
        case OP_AND: { value = arg1 & arg2; }
        case OP_OR: { value = arg1 | arg2; }
        case OP_XOR: { value = arg1 ^ arg2; }
        case OP_SHL: { value = arg1 << (bitcast<u32>(arg2) & 31u); }
        case OP_SHR: { value = arg1 >> (bitcast<u32>(arg2) & 31u); }
        case OP_USHR: { value = bitcast<i32>(bitcast<u32>(arg1) >> (bitcast<u32>(arg2) & 31u)); }
        case OP_EQ: { value = select(0, 1, arg1 == arg2); }
        case OP_NE: { value = select(0, 1, arg1 != arg2); }
        case OP_LT: { value = select(0, 1, arg1 < arg2); }
        case OP_LE: { value = select(0, 1, arg1 <= arg2); }
        case OP_GT: { value = select(0, 1, arg1 > arg2); }
        case OP_GE: { value = select(0, 1, arg1 >= arg2); }
        case OP_NEG: { value = -arg1; }
        case OP_NOT: { value = ~arg1; }
        case OP_ISZ: { value = select(0, 1, arg1 == 0); }
        case OP_MIN: { value = min(arg1, arg2); }
        case OP_MAX: { value = max(arg1, arg2); }
        case OP_ABS: { value = select(arg1, -arg1, arg1 < 0); }
        case OP_SGN: { value = select(0, 1, arg1 > 0) - select(0, 1, arg1 < 0); }
        case OP_CLAMP: { value = max(arg2, min(arg3, arg1)); }
        case OP_SIN: { value = sine(arg1); }
        case OP_COS: { value = sine(arg1 + 256); }
        case OP_SQRT: { value = root(arg1); }
        case OP_RND: { value = random(arg1); }
        case OP_PEEK: { value = peek(arg1, arg2); }
        case OP_KEY: { value = key(arg1); }
        case OP_LD: { value = bitcast<i32>(memory[DATA + element(arg1, arg2, arg3, job.data_words)]); }
        case OP_LDT: { value = bitcast<i32>(program[element(arg1, arg2, arg3, job.program_words)]); }
        case OP_ST: {
            let at = element(arg0, arg1, arg2, job.data_words);
            if status == STATUS_RUNNING {
                memory[DATA + at] = bitcast<u32>(arg3);
            }
        }

        case OP_COLOR: {
            memory[ST_INK] = COLOR_SET | (bitcast<u32>(arg0) & 0xFFFFFFu);
            if n > 1u {
                memory[ST_PAPER] = COLOR_SET | (bitcast<u32>(arg1) & 0xFFFFFFu);
            }
        }
        case OP_TXT, OP_LOG: {
            typing = true;
            text_at = pc + 2u + n;
            text_end = end;
            text_length = 0u;
            text_refers = false;
            text_scale = 0u;
            return; // pc stays until the text is typed
        }
        default: { draw(op, required, n); }
    }
    if status == STATUS_FAULTED {
        return;
    }
    if (out_mask & 1u) == 1u {
        memory[DATA + bitcast<u32>(arg0)] = bitcast<u32>(value);
    }
    pc = next_pc;
}

@compute @workgroup_size(1)
fn main() {
    status = memory[ST_STATUS];
    if status != STATUS_RUNNING {
        return;
    }
    pc = memory[ST_PC];
    cycles = memory[ST_CYCLES];
    typing = memory[CTL_TYPING] == 1u;
    if typing {
        header = program[pc];
        arg0 = bitcast<i32>(memory[CTL_X]);
        arg1 = bitcast<i32>(memory[CTL_Y]);
        text_at = memory[CTL_TEXT_AT];
        text_end = memory[CTL_TEXT_END];
        text_length = memory[CTL_TEXT_LENGTH];
        text_refers = memory[CTL_TEXT_REFERS] == 1u;
        text_number = memory[CTL_TEXT_NUMBER];
        text_scale = memory[CTL_TEXT_SCALE];
    }

    for (var step = 0u; step < SLICE && status == STATUS_RUNNING; step += 1u) {
        if typing {
            type_character();
        } else {
            instruction();
        }
    }

    memory[ST_STATUS] = status;
    memory[ST_PC] = pc;
    memory[ST_CYCLES] = cycles;
    memory[CTL_TYPING] = select(0u, 1u, typing && status == STATUS_RUNNING);
    memory[CTL_X] = bitcast<u32>(arg0);
    memory[CTL_Y] = bitcast<u32>(arg1);
    memory[CTL_TEXT_AT] = text_at;
    memory[CTL_TEXT_END] = text_end;
    memory[CTL_TEXT_LENGTH] = text_length;
    memory[CTL_TEXT_REFERS] = select(0u, 1u, text_refers);
    memory[CTL_TEXT_NUMBER] = text_number;
    memory[CTL_TEXT_SCALE] = text_scale;
}
