
// core: one invocation runs one machine. It fetches, decodes and executes
// instructions, and appends draw commands for raster.
//
// A dispatch takes at most SLICE steps, each an instruction or a character of a
// text. Software drivers leave long loops without a word, and hardware ones reset
// a device that is busy for seconds; so a long program is many dispatches, its
// state carried in memory, the middle of a text included.
//
// What shapes the code is that a software driver executes every branch, taken or
// not, and only loops are ever left out. So the registers of the state page are
// variables, each kind of access to a page stands in one place, and instructions
// that need more (draws, texts, square roots) wait in an outer loop for the inner
// one, which runs all others, to come to them.

// The state words an instruction may change, while a slice runs.
var<private> status: u32;
var<private> pc: u32;
var<private> sp: u32;
var<private> cycles: u32;
var<private> budget: u32;
var<private> frame: u32;
var<private> ink: u32;
var<private> paper: u32;
var<private> random_state: u32;
var<private> command_count: u32;
var<private> payload_count: u32;
var<private> fault_code: u32;
var<private> fault_a: i32;
var<private> fault_b: i32;

// The instruction being executed.
var<private> header: u32;
var<private> spec: u32;
var<private> next_pc: u32;
var<private> arg0: i32;
var<private> arg1: i32;
var<private> arg2: i32;
var<private> arg3: i32;
var<private> arg4: i32;
var<private> arg5: i32;

// The text being typed: see type_character.
var<private> typing: bool;
var<private> draws: bool; // a command is to be appended
var<private> text_at: u32;
var<private> text_end: u32;
var<private> text_length: u32;
var<private> text_refers: bool;
var<private> text_number: u32;
var<private> text_scale: u32;
var<private> logs: u32;

// fault ends the run, unless it has ended already. pc stays at the instruction.
fn fault(code: u32, a: i32, b: i32) {
    if status == STATUS_RUNNING {
        status = STATUS_FAULTED;
        fault_code = code;
        fault_a = a;
        fault_b = b;
    }
}

// operand resolves operand texel i: a value, the word at an index, or the index
// of a destination, which must be in the data page. It is 0 where the instruction
// has none.
fn operand(i: u32) -> i32 {
    if i >= ((header >> 8u) & 0xFFu) {
        return 0;
    }
    let texel = program[pc + 1u + i];
    let reads = ((header >> (16u + i)) & 1u) == 1u;
    let writes = ((spec >> (24u + i)) & 1u) == 1u;
    if (reads || writes) && texel >= job.data_words {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, bitcast<i32>(texel), i32(job.data_words));
        return 0;
    }
    if reads {
        return bitcast<i32>(memory[DATA + texel]);
    }
    return bitcast<i32>(texel);
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

// instruction fetches, decodes and executes one instruction, or begins one that
// is heavy: then it gives true, and complete does the rest.
fn instruction() -> bool {
    if pc == job.code_end {
        status = STATUS_HALTED;
        return false;
    }
    if cycles == budget {
        fault(FAULT_CYCLE_LIMIT, bitcast<i32>(budget), 0);
        return false;
    }
    cycles += 1u;

    // Decode, as isa.Decode does, but for the texels of a text.
    header = program[pc];
    let op = header & 0xFFu;
    let n = (header >> 8u) & 0xFFu;
    spec = tables[TABLE_SPECS + op];
    next_pc = pc + 1u + n;
    let in_mask = (spec >> 16u) & 0xFFu & ((1u << (n & 31u)) - 1u);
    if (spec & SPEC_IN_CORE) == 0u || n < (spec & 7u) || n > ((spec >> 3u) & 7u)
        || next_pc > job.code_end
        || (header & (0xFF000000u | ((~in_mask & 0xFFu) << 16u))) != 0u {
        fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0);
        return false;
    }
    let heavy = (spec & SPEC_HEAVY) != 0u;
    if heavy && ((spec >> 6u) & 3u) != 0u {
        return true; // a text is decoded before its operands are resolved
    }
    arg0 = operand(0u);
    arg1 = operand(1u);
    arg2 = operand(2u);
    arg3 = operand(3u);
    if status != STATUS_RUNNING || heavy {
        return heavy;
    }

    // What an instruction does to its surroundings is one jump, one read of a
    // page, one write of a word.
    var target_pc = 0;
    var jumps = false;
    var stack = 0; // return addresses pushed, or popped
    var read = 0u; // 0: nothing is read
    var value = 0;
    var write = DATA + bitcast<u32>(arg0);
    var writes = ((spec >> 24u) & 1u) == 1u;
    switch op {
        case OP_NOP: {}
        case OP_HALT: { status = STATUS_HALTED; }
        case OP_FRAME: {
            status = STATUS_FRAMED;
            frame += 1u;
            value = bitcast<i32>(frame);
            write = DATA + SYS_FRAME;
            writes = true;
        }
        case OP_JMP: {
            target_pc = arg0;
            jumps = true;
        }
        case OP_JZ: {
            target_pc = arg1;
            jumps = arg0 == 0;
        }
        case OP_JNZ: {
            target_pc = arg1;
            jumps = arg0 != 0;
        }
        case OP_LOOP: {
            target_pc = arg3;
            jumps = select(arg0 > arg1, arg0 < arg1, arg2 < 0);
        }
        case OP_CALL: {
            if sp >= STACK_DEPTH {
                fault(FAULT_STACK_OVERFLOW, i32(STACK_DEPTH), 0);
            }
            target_pc = arg0;
            jumps = true;
            value = bitcast<i32>(next_pc);
            write = ST_STACK + sp;
            writes = true;
            stack = 1;
        }
        case OP_RET: {
            if sp == 0u {
                fault(FAULT_STACK_UNDERFLOW, 0, 0);
            }
            read = ST_STACK + max(sp, 1u) - 1u;
            jumps = true;
            stack = -1;
        }
        case OP_ASSERT: {
            if arg0 == 0 { fault(FAULT_ASSERT_FAILED, 0, 0); }
        }
        // What is kept in registers must not change on a fault.
        case OP_SEED: { if status != STATUS_FAULTED { random_state = bitcast<u32>(arg0); } }
        case OP_COLOR: {
            let ok = status != STATUS_FAULTED;
            if ok { ink = COLOR_SET | (bitcast<u32>(arg0) & 0xFFFFFFu); }
            if ok && n > 1u { paper = COLOR_SET | (bitcast<u32>(arg1) & 0xFFFFFFu); }
        }

        case OP_SET: { value = arg1; }
        case OP_ADD: { value = arg1 + arg2; }
        case OP_SUB: { value = arg1 - arg2; }
        case OP_MUL: { value = arg1 * arg2; }
        case OP_DIV, OP_MOD: {
            if arg2 == 0 {
                fault(FAULT_DIV_BY_ZERO, arg1, 0);
            }
            // -2³¹ / -1 is undefined in hardware: divide by 1 and negate.
            let quotient = arg1 / select(arg2, 1, arg2 == 0 || arg2 == -1);
            value = select(quotient, -quotient, arg2 == -1);
            if op == OP_MOD { value = arg1 - value * arg2; }
        }
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
        case OP_KEY: { read = ST_KEYS + ((bitcast<u32>(arg1) >> 5u) & 7u); }
        case OP_LD: { read = DATA + element(arg1, arg2, arg3, job.data_words); }
        case OP_ST: {
            write = DATA + element(arg0, arg1, arg2, job.data_words);
            writes = true;
            value = arg3;
        }
        default: { fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0); } // forgotten here
    }
    if read != 0u {
        value = bitcast<i32>(memory[read]);
        if op == OP_KEY {
            value = select(0, (value >> (bitcast<u32>(arg1) & 31u)) & 1, arg1 >= 0 && arg1 <= 255);
        }
        if op == OP_RET { target_pc = value; }
    }
    finish(jumps, target_pc, writes, write, value);
    if status != STATUS_FAULTED {
        sp = bitcast<u32>(bitcast<i32>(sp) + stack);
    }
    return false;
}

// finish writes an instruction's result and goes on to the next, unless there was
// a fault.
fn finish(jumps: bool, target_pc: i32, writes: bool, write: u32, value: i32) {
    let address = bitcast<u32>(target_pc);
    if jumps && (address < HEADER_WORDS || address > job.code_end) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, target_pc, i32(job.code_end));
    }
    if status == STATUS_FAULTED {
        return;
    }
    if writes {
        memory[write] = bitcast<u32>(value);
    }
    pc = select(next_pc, address, jumps);
}

// complete executes the rest of a heavy instruction.
fn complete() {
    let op = header & 0xFFu;
    if ((spec >> 6u) & 3u) != 0u {
        // A text: find its end, then resolve the operands left out.
        var ok = next_pc < job.code_end;
        if ok {
            text_at = next_pc + 1u;
            let count = program[next_pc];
            ok = count <= MAX_PROGRAM_WORDS && text_at + count <= job.code_end;
            text_end = text_at + count;
        }
        if !ok {
            fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0);
            return;
        }
        arg0 = operand(0u);
        arg1 = operand(1u);
        next_pc = text_end;
        text_length = 0u;
        text_refers = false;
        text_scale = 0u;
        typing = status == STATUS_RUNNING;
        draws = true;
        return;
    }
    var value = 0;
    switch op {
        case OP_SIN, OP_COS: {
            let turn = bitcast<u32>(arg1) + select(0u, 256u, op == OP_COS);
            value = bitcast<i32>(tables[TABLE_SIN + (turn & 1023u)]);
        }
        case OP_LDT: {
            let at = element(arg1, arg2, arg3, job.program_words);
            value = bitcast<i32>(program[at]);
        }
        case OP_SQRT: { value = root(arg1); }
        case OP_RND: { if status != STATUS_FAULTED { value = random(arg1); } }
        case OP_PEEK: { value = peek(arg1, arg2); }
        case OP_CLS, OP_RECT, OP_BOX, OP_FILL, OP_PLOT, OP_LINE, OP_CIRC, OP_RING, OP_BLIT: {
            arg4 = operand(4u);
            arg5 = operand(5u);
        }
        default: { fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0); } // forgotten here
    }
    draws = (spec & SPEC_DRAWS) != 0u;
    if !draws {
        finish(false, 0, true, DATA + bitcast<u32>(arg0), value);
    }
}

@compute @workgroup_size(1)
fn main() {
    status = memory[ST_STATUS];
    if status != STATUS_RUNNING {
        return;
    }
    pc = memory[ST_PC];
    sp = memory[ST_SP];
    cycles = memory[ST_CYCLES];
    budget = memory[ST_BUDGET];
    frame = memory[ST_FRAME];
    ink = memory[ST_INK];
    paper = memory[ST_PAPER];
    random_state = memory[ST_RANDOM];
    command_count = memory[ST_COMMANDS];
    payload_count = memory[ST_PAYLOAD];
    logs = memory[CTL_LOGS];
    typing = memory[CTL_TYPING] == 1u;
    if typing {
        header = program[pc];
        spec = tables[TABLE_SPECS + (header & 0xFFu)];
        arg0 = bitcast<i32>(memory[CTL_X]);
        arg1 = bitcast<i32>(memory[CTL_Y]);
        text_at = memory[CTL_TEXT_AT];
        text_end = memory[CTL_TEXT_END];
        text_length = memory[CTL_TEXT_LENGTH];
        text_refers = memory[CTL_TEXT_REFERS] == 1u;
        text_number = memory[CTL_TEXT_NUMBER];
        text_scale = memory[CTL_TEXT_SCALE];
        next_pc = text_end;
    }

    // Every turn of a loop is paid for, the outer one's and its inner loops' last
    // ones when the turn begins with a heavy instruction.
    var steps = SLICE;
    loop {
        draws = typing;
        var heavy = false;
        loop {
            if typing || heavy || status != STATUS_RUNNING || steps == 0u {
                break;
            }
            steps -= 1u;
            heavy = instruction();
        }
        if heavy {
            complete();
            steps -= min(steps, 3u);
        }
        loop {
            if !typing || status != STATUS_RUNNING || steps == 0u {
                break;
            }
            steps -= 1u;
            type_character();
        }
        if draws && !typing && status == STATUS_RUNNING {
            append();
            if status == STATUS_RUNNING {
                pc = next_pc;
            }
        }
        if status != STATUS_RUNNING || steps == 0u {
            break;
        }
    }

    memory[ST_STATUS] = status;
    memory[ST_PC] = pc;
    memory[ST_SP] = sp;
    memory[ST_CYCLES] = cycles;
    memory[ST_FRAME] = frame;
    memory[ST_INK] = ink;
    memory[ST_PAPER] = paper;
    memory[ST_RANDOM] = random_state;
    memory[ST_COMMANDS] = command_count;
    memory[ST_PAYLOAD] = payload_count;
    memory[CTL_LOGS] = logs;
    memory[CTL_SLICES] += 1u;
    memory[CTL_TYPING] = select(0u, 1u, typing);
    memory[CTL_X] = bitcast<u32>(arg0);
    memory[CTL_Y] = bitcast<u32>(arg1);
    memory[CTL_TEXT_AT] = text_at;
    memory[CTL_TEXT_END] = text_end;
    memory[CTL_TEXT_LENGTH] = text_length;
    memory[CTL_TEXT_REFERS] = select(0u, 1u, text_refers);
    memory[CTL_TEXT_NUMBER] = text_number;
    memory[CTL_TEXT_SCALE] = text_scale;
    if status == STATUS_FAULTED {
        memory[ST_FAULT] = fault_code;
        memory[ST_FAULT_PC] = pc;
        memory[ST_FAULT_A] = bitcast<u32>(fault_a);
        memory[ST_FAULT_B] = bitcast<u32>(fault_b);
        memory[ST_FAULT_X] = NO_TEXEL;
        memory[ST_FAULT_Y] = NO_TEXEL;
    }
}
