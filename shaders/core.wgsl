
// core: one invocation runs one machine of a batch, from its first frame to its end.
// It fetches, decodes and executes instructions as the reference does, and paints what
// they draw there and then: brush.wgsl does that. What is rare it leaves: a machine that
// is left is run again, from its beginning, by the reference.
//
// A dispatch takes at most SLICE steps of a machine, which lies in memory between
// dispatches: a software driver leaves the loops of a shader without a word when they
// have made some ten thousand turns, and a hardware one resets a device that is busy
// for seconds.
//
// What shapes the code is that a software driver runs several machines at once in the
// lanes of the processor and executes every branch, taken or not; only loops are ever
// left out. So there is one loop, each turn of which takes every machine one step on,
// whatever it is about; what not every turn needs stands in a loop of its own that is
// left at once where no machine is about it. And the words of the state page are
// variables, and each kind of access to a page stands in one place.

// What a machine is about.
const BEGINNING = 0u; // a frame; a machine that was never run, its first
const RUNNING = 1u; // its next instruction
const HEAVY = 2u; // the rest of one
const DRAWING = 3u; // the rest of one that draws
const FILLING = 4u; // a box, in one word
const COVERING = 5u; // a box, texel by texel
const HOLDING = 6u; // the keys of a frame
const KEEPING = 7u; // the display as the frame began
const ARGUMENTS = 8u; // of INVOKE
const CALLING = 9u; // INVOKE's activation
const LEAVING = 10u; // RETURN's
const READING = 11u; // the characters of a text, which must be no values
// ENDED, its last frame, and LEFT, to the reference, are greater.

var<private> mode: u32;
var<private> cursor: u32; // how far it is with that

// Where its run is in batch, its pages are in memory, and its head.
var<private> run_at: u32;
var<private> program: u32;
var<private> program_words: u32;
var<private> data_words: u32;
var<private> code_end: u32;
var<private> size: vec2<i32>;
var<private> pixel: bool;
var<private> record: u32;
var<private> state: u32;
var<private> data: u32;
var<private> display: u32;
var<private> began: u32; // the display as the frame began, 0: nobody asks for it
var<private> scratch: u32; // the arguments of an INVOKE

// The words of the state page that an instruction may change.
var<private> status: u32;
var<private> pc: u32;
var<private> sp: u32;
var<private> cycles: u32;
var<private> frame: u32;
var<private> ink: u32;
var<private> paper: u32;
var<private> random_state: u32;
var<private> command_count: u32;
var<private> fault_code: u32;
var<private> fault_a: i32;
var<private> fault_b: i32;
var<private> budget: u32;

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
var<private> arg6: i32;

// fault ends the run, unless it has ended already. pc stays at the instruction.
fn fault(code: u32, a: i32, b: i32) {
    if status == STATUS_RUNNING {
        status = STATUS_FAULTED;
        fault_code = code;
        fault_a = a;
        fault_b = b;
    }
}

// instruction fetches, decodes and executes one instruction, or begins one that
// is heavy: complete or draw does the rest.
fn instruction() {
    if pc == code_end {
        status = STATUS_HALTED;
        return;
    }
    if cycles == budget {
        fault(FAULT_CYCLE_LIMIT, bitcast<i32>(budget), 0);
        return;
    }
    cycles += 1u;

    // Decode, as isa.Decode does, but for what follows the operands.
    header = batch[program + pc];
    let op = header & 0xFFu;
    let n = (header >> 8u) & 0xFFu;
    spec = tables[TABLE_SPECS + op];
    next_pc = pc + 1u + n;
    let most = (spec >> 3u) & 7u;
    let in_mask = (spec >> 16u) & 0xFFu & ((1u << (n & 31u)) - 1u);
    if (spec & SPEC_IN_CORE) == 0u || n < (spec & 7u) || n > most
        || ((spec & SPEC_WHOLE) != 0u && n != 0u && n != most)
        || next_pc > code_end
        || (header & (0xFF000000u | ((~in_mask & 0xFFu) << 16u))) != 0u {
        fault(FAULT_BAD_OPCODE, bitcast<i32>(header), 0);
        return;
    }
    let heavy = (spec & SPEC_HEAVY) != 0u;
    arg0 = operand(0u);
    arg1 = operand(1u);
    arg2 = operand(2u);
    arg3 = operand(3u);
    if heavy {
        // A text or arguments are decoded before the operands are resolved.
        let tail = ((spec >> 6u) & 3u) != 0u;
        if tail && (status != STATUS_RUNNING || next_pc >= code_end) {
            mode = LEFT;
        } else if status == STATUS_RUNNING {
            mode = select(HEAVY, DRAWING, (spec & SPEC_DRAWS) != 0u);
        }
        return;
    }
    if status != STATUS_RUNNING {
        return;
    }

    // What an instruction does to its surroundings is one jump, one read of a
    // page, one write of a word.
    var target_pc = 0;
    var jumps = false;
    var stack = 0; // return addresses pushed, or popped
    var read = 0u; // 0: nothing is read
    var value = 0;
    var write = data + bitcast<u32>(arg0);
    var writes = ((spec >> 24u) & 1u) == 1u;
    switch op {
        case OP_NOP: {}
        case OP_HALT: { status = STATUS_HALTED; }
        case OP_FRAME: {
            status = STATUS_FRAMED;
            frame += 1u;
            value = bitcast<i32>(frame);
            write = data + SYS_FRAME;
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
            write = state + ST_STACK + sp;
            writes = true;
            stack = 1;
        }
        case OP_RET: {
            if sp == 0u {
                fault(FAULT_STACK_UNDERFLOW, 0, 0);
            }
            read = state + ST_STACK + max(sp, 1u) - 1u;
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
        case OP_SGN: { value = sgn(arg1); }
        case OP_CLAMP: { value = max(arg2, min(arg3, arg1)); }
        case OP_KEY: { read = state + ST_KEYS + ((bitcast<u32>(arg1) >> 5u) & 7u); }
        case OP_LD: { read = data + element(arg1, arg2, arg3, data_words); }
        case OP_ST: {
            write = data + element(arg0, arg1, arg2, data_words);
            writes = true;
            value = arg3;
        }
        default: { mode = LEFT; } // forgotten here
    }
    if read != 0u {
        value = bitcast<i32>(memory[read]);
        if op == OP_KEY {
            value = select(0, (value >> (bitcast<u32>(arg1) & 31u)) & 1, arg1 >= 0 && arg1 <= 255);
        }
        if op == OP_RET {
            if (bitcast<u32>(value) & STACK_PROC) != 0u {
                fault(FAULT_STACK_UNDERFLOW, 0, 0);
            }
            target_pc = value;
        }
    }
    finish(jumps, target_pc, writes, write, value);
    if status != STATUS_FAULTED {
        sp = bitcast<u32>(bitcast<i32>(sp) + stack);
    }
}

// finish writes an instruction's result and goes on to the next, unless there was
// a fault.
fn finish(jumps: bool, target_pc: i32, writes: bool, write: u32, value: i32) {
    let address = bitcast<u32>(target_pc);
    if jumps && (address < HEADER_WORDS || address > code_end) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, target_pc, i32(code_end));
    }
    if status == STATUS_FAULTED || mode == LEFT {
        return;
    }
    if writes {
        memory[write] = bitcast<u32>(value);
    }
    pc = select(next_pc, address, jumps);
}

// complete executes the rest of a heavy instruction that does not draw.
fn complete() {
    let op = header & 0xFFu;
    mode = RUNNING;
    arg4 = operand(4u);
    arg5 = operand(5u);
    if status != STATUS_RUNNING {
        mode = select(mode, LEFT, op == OP_INVOKE);
        return;
    }
    var value = 0;
    var write = data + bitcast<u32>(arg0);
    switch op {
        case OP_SIN: { value = sine(arg1); }
        case OP_COS: { value = cosine(arg1); }
        case OP_SQRT: { value = root(arg1); }
        case OP_RND: { value = random(arg1); }
        case OP_FMUL: { value = mul_shift(arg1, arg2, arg3); }
        case OP_FDIV: {
            if arg2 == 0 { fault(FAULT_DIV_BY_ZERO, arg1, 0); }
            value = div_shift(arg1, arg2, arg3);
        }
        case OP_HASH: { value = hash(arg1); }
        case OP_ATAN2: { value = angle(arg1, arg2); }
        case OP_HYPOT: { value = hypot(arg1, arg2); }
        case OP_NOISE: { value = noise(arg1, arg2); }
        case OP_RGB: { value = rgb(arg1, arg2, arg3); }
        case OP_HSV: { value = hsv(arg1, arg2, arg3); }
        case OP_MIX: { value = mix_colors(arg1, arg2, arg3); }
        case OP_KEYP: {
            let at = state + ((bitcast<u32>(arg1) >> 5u) & 7u);
            let went = memory[at + ST_KEYS] & ~memory[at + ST_KEYS_BEFORE];
            value = select(0, i32((went >> (bitcast<u32>(arg1) & 31u)) & 1u), arg1 >= 0 && arg1 <= 255);
        }
        case OP_INPUT: {
            let pressed = memory[state + ST_MOUSE_B] & ~memory[state + ST_BUTTONS_BEFORE];
            value = select(0, bitcast<i32>(pressed), arg1 == INPUT_PRESSED);
            value = select(value, bitcast<i32>(memory[state + ST_WHEEL]), arg1 == INPUT_WHEEL);
        }
        case OP_PEEK: { value = peek(arg1, arg2); }
        case OP_LDT: { value = bitcast<i32>(batch[program + element(arg1, arg2, arg3, program_words)]); }
        case OP_LD2: { value = bitcast<i32>(memory[data + element2(arg1, arg2, arg3, arg4, arg5, data_words)]); }
        case OP_LDT2: { value = bitcast<i32>(batch[program + element2(arg1, arg2, arg3, arg4, arg5, program_words)]); }
        case OP_ST2: {
            write = data + element2(arg0, arg1, arg2, arg3, arg4, data_words);
            value = arg5;
        }
        case OP_INVOKE: { invoke(); }
        case OP_RETURN: { leave(); }
        case OP_CLIP: { set_clip(); }
        case OP_CAMERA: {
            memory[state + ST_CAMERA_X] = bitcast<u32>(arg0);
            memory[state + ST_CAMERA_Y] = bitcast<u32>(arg1);
        }
        default: { mode = LEFT; } // forgotten here
    }
    if mode == RUNNING {
        finish(false, 0, ((spec >> 24u) & 1u) == 1u || op == OP_ST2, write, value);
    }
}
