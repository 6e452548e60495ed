
// machines: the life of a machine around its instructions. The variables are
// core.wgsl's.

// invoke reads INVOKE's arguments, which are behind its operands, before anything
// changes. Whatever an assembler would not write is left.
fn invoke() {
    let count = batch[program + next_pc];
    cursor = next_pc + 1u;
    next_pc = cursor + count;
    mode = ARGUMENTS;
    if count > MAX_PROGRAM_WORDS || next_pc > code_end || (count & 1u) != 0u || count / 2u > bitcast<u32>(arg2) {
        mode = LEFT;
    }
}

// kept_at is where the words of an activation are kept at a depth; a machine is left
// whose activation, or what is kept of it, is not whole in the data page, or lies over
// the other.
fn kept_at(first: i32, words: i32, save: i32, stride: i32, depth: u32) -> u32 {
    let act = bitcast<u32>(first);
    let count = bitcast<u32>(words);
    let origin = bitcast<u32>(save) + depth * bitcast<u32>(stride);
    let wild = count > MAX_ACTIVATION || max(max(act, bitcast<u32>(save)), bitcast<u32>(stride)) >= MAX_DATA_WORDS
        || act + count > data_words
        || (save != 0 && (origin + count > data_words || (origin < act + count && act < origin + count)));
    if wild {
        mode = LEFT;
    }
    return origin;
}

// argument takes one argument to the scratch words, or goes on to the call when all
// are there.
fn argument() {
    let first = pc + 7u;
    let end = next_pc;
    if cursor < end {
        let kind = batch[program + cursor];
        var value = batch[program + cursor + 1u];
        if kind > 1u || (kind == 1u && value >= data_words) {
            mode = LEFT;
            return;
        }
        if kind == 1u {
            value = memory[data + value];
        }
        memory[scratch + (cursor - first) / 2u] = value;
        cursor += 2u;
        return;
    }
    let to = bitcast<u32>(arg0);
    if sp == STACK_DEPTH {
        fault(FAULT_STACK_OVERFLOW, i32(STACK_DEPTH), 0);
    }
    if to < HEADER_WORDS || to > code_end {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, arg0, i32(code_end));
    }
    mode = select(RUNNING, CALLING, status == STATUS_RUNNING);
    cursor = 0u;
    if mode == CALLING {
        let kept = kept_at(arg1, arg2, arg3, arg4, sp);
    }
    arg6 = i32((end - first) / 2u);
}

// call keeps a word of the activation and gives it its argument, or makes the call when
// that is done.
fn call() {
    let act = data + bitcast<u32>(arg1) + cursor;
    let count = bitcast<u32>(arg2);
    if cursor < count {
        if arg3 != 0 {
            memory[data + bitcast<u32>(arg3) + sp * bitcast<u32>(arg4) + cursor] = memory[act];
        }
        memory[act] = select(0u, memory[scratch + min(cursor, MAX_ACTIVATION - 1u)], cursor < bitcast<u32>(arg6));
        cursor += 1u;
        return;
    }
    memory[state + ST_STACK + sp] = next_pc | STACK_PROC;
    sp += 1u;
    pc = bitcast<u32>(arg0);
    mode = RUNNING;
}

// leave begins a RETURN; one from within a CALL is left.
fn leave() {
    if sp == 0u {
        fault(FAULT_STACK_UNDERFLOW, 0, 0);
        return;
    }
    mode = LEAVING;
    cursor = 0u;
    let kept = kept_at(arg2, arg3, arg4, arg5, sp - 1u);
    if (memory[state + ST_STACK + sp - 1u] & STACK_PROC) == 0u {
        mode = LEFT;
    }
}

// restore brings a word of the activation back, or goes back when that is done.
fn restore() {
    if arg4 != 0 && cursor < bitcast<u32>(arg3) {
        let kept = bitcast<u32>(arg4) + (sp - 1u) * bitcast<u32>(arg5);
        memory[data + bitcast<u32>(arg2) + cursor] = memory[data + kept + cursor];
        cursor += 1u;
        return;
    }
    memory[data + bitcast<u32>(arg0)] = bitcast<u32>(arg1);
    sp -= 1u;
    pc = memory[state + ST_STACK + sp] & ~STACK_PROC;
    mode = RUNNING;
}

// keep copies texels of the display as the frame begins.
fn keep() {
    let last = u32(size.x * size.y) - 1u;
    let a = min(cursor + 1u, last);
    let b = min(cursor + 2u, last);
    let c = min(cursor + 3u, last);
    memory[began + cursor] = memory[display + cursor];
    memory[began + a] = memory[display + a];
    memory[began + b] = memory[display + b];
    memory[began + c] = memory[display + c];
    cursor += 4u;
    if cursor > last {
        mode = RUNNING;
    }
}

// hold takes a word of the keys on.
fn hold() {
    let key = state + ST_KEYS + cursor;
    memory[key + ST_KEYS_BEFORE - ST_KEYS] = memory[key];
    memory[key] = batch[input_at() + INPUT_KEYS + cursor];
    cursor += 1u;
    if cursor == 8u {
        cursor = 0u;
        mode = select(RUNNING, KEEPING, began != 0u);
    }
}

// input_at is where the input of the frame is in batch.
fn input_at() -> u32 {
    let last = max(batch[run_at + RUN_INPUTS], 1u) - 1u;
    return batch[run_at + RUN_INPUT] + min(memory[record + CTL_FRAMES], last) * INPUT_WORDS;
}

// begin begins a frame, as machine.BeginState does.
fn begin() {
    let frames = memory[record + CTL_FRAMES];
    budget = batch[run_at + RUN_BUDGET];
    if frames == 0u {
        pc = HEADER_WORDS;
        random_state = batch[run_at + RUN_SEED];
        memory[state + ST_SEED] = random_state;
    }
    let input = input_at();
    status = STATUS_RUNNING;
    cycles = 0u;
    command_count = 0u;
    memory[state + ST_BUDGET] = budget;
    memory[state + ST_BUTTONS_BEFORE] = memory[state + ST_MOUSE_B];
    memory[state + ST_MOUSE_X] = batch[input];
    memory[state + ST_MOUSE_Y] = batch[input + 1u];
    memory[state + ST_MOUSE_B] = batch[input + 2u];
    memory[state + ST_WHEEL] = batch[input + 3u];
    memory[data + SYS_FRAME] = frame;
    memory[data + SYS_W] = u32(size.x);
    memory[data + SYS_H] = u32(size.y);
    memory[data + SYS_MOUSE_X] = batch[input];
    memory[data + SYS_MOUSE_Y] = batch[input + 1u];
    memory[data + SYS_MOUSE_B] = batch[input + 2u];
    memory[data + SYS_SEED] = batch[run_at + RUN_SEED];
    memory[data + SYS_ZERO] = 0u;
    cursor = 0u;
    mode = HOLDING;
}

// end ends a frame, and the run if it was the last.
fn end() {
    let frames = memory[record + CTL_FRAMES] + 1u;
    let before = memory[record + CTL_CYCLES];
    memory[record + CTL_FRAMES] = frames;
    memory[record + CTL_CYCLES] = before + cycles;
    memory[record + CTL_CYCLES + 1u] += select(0u, 1u, before + cycles < before);
    memory[record + CTL_COMMANDS] += command_count;
    let goes_on = status == STATUS_FRAMED && frames < max(batch[run_at + RUN_FRAMES], 1u);
    mode = select(ENDED, BEGINNING, goes_on);
}

// open finds a machine and takes its registers from memory.
fn open(i: u32) {
    run_at = i * RUN_WORDS;
    program = batch[run_at + RUN_PROGRAM];
    program_words = batch[run_at + RUN_PROGRAM_WORDS];
    let extent = batch[program + HDR_SIZE];
    size = vec2<i32>(i32(extent & 0xFFFFu), i32(extent >> 16u));
    pixel = (batch[program + HDR_FLAGS] & FLAG_PIXEL) != 0u;
    data_words = batch[program + HDR_DATA_WORDS];
    code_end = batch[program + HDR_CODE_END];
    record = batch[run_at + RUN_RECORD];
    state = record + CONTROL_WORDS;
    data = state + STATE_WORDS;
    display = data + data_words;
    began = batch[run_at + RUN_BEGAN];
    scratch = batch[run_at + RUN_SCRATCH];

    mode = memory[record + CTL_MODE];
    cursor = memory[record + CTL_CURSOR];
    header = memory[record + CTL_HEADER];
    spec = tables[TABLE_SPECS + (header & 0xFFu)];
    next_pc = memory[record + CTL_NEXT];
    arg0 = bitcast<i32>(memory[record + CTL_ARGS]);
    arg1 = bitcast<i32>(memory[record + CTL_ARGS + 1u]);
    arg2 = bitcast<i32>(memory[record + CTL_ARGS + 2u]);
    arg3 = bitcast<i32>(memory[record + CTL_ARGS + 3u]);
    arg4 = bitcast<i32>(memory[record + CTL_ARGS + 4u]);
    arg5 = bitcast<i32>(memory[record + CTL_ARGS + 5u]);
    arg6 = bitcast<i32>(memory[record + CTL_ARGS + 6u]);
    at = vec2<i32>(bitcast<i32>(memory[record + CTL_AT]), bitcast<i32>(memory[record + CTL_AT + 1u]));
    box_min = vec2<i32>(bitcast<i32>(memory[record + CTL_LOW]), bitcast<i32>(memory[record + CTL_LOW + 1u]));
    box_max = vec2<i32>(bitcast<i32>(memory[record + CTL_HIGH]), bitcast<i32>(memory[record + CTL_HIGH + 1u]));
    paint = memory[record + CTL_PAINT];
    mask = memory[record + CTL_MASK];

    status = memory[state + ST_STATUS];
    pc = memory[state + ST_PC];
    sp = memory[state + ST_SP];
    cycles = memory[state + ST_CYCLES];
    budget = memory[state + ST_BUDGET];
    frame = memory[state + ST_FRAME];
    ink = memory[state + ST_INK];
    paper = memory[state + ST_PAPER];
    random_state = memory[state + ST_RANDOM];
    command_count = memory[state + ST_COMMANDS];
}

// close puts them back.
fn close() {
    memory[record + CTL_MODE] = mode;
    memory[record + CTL_CURSOR] = cursor;
    memory[record + CTL_HEADER] = header;
    memory[record + CTL_NEXT] = next_pc;
    memory[record + CTL_ARGS] = bitcast<u32>(arg0);
    memory[record + CTL_ARGS + 1u] = bitcast<u32>(arg1);
    memory[record + CTL_ARGS + 2u] = bitcast<u32>(arg2);
    memory[record + CTL_ARGS + 3u] = bitcast<u32>(arg3);
    memory[record + CTL_ARGS + 4u] = bitcast<u32>(arg4);
    memory[record + CTL_ARGS + 5u] = bitcast<u32>(arg5);
    memory[record + CTL_ARGS + 6u] = bitcast<u32>(arg6);
    memory[record + CTL_AT] = bitcast<u32>(at.x);
    memory[record + CTL_AT + 1u] = bitcast<u32>(at.y);
    memory[record + CTL_LOW] = bitcast<u32>(box_min.x);
    memory[record + CTL_LOW + 1u] = bitcast<u32>(box_min.y);
    memory[record + CTL_HIGH] = bitcast<u32>(box_max.x);
    memory[record + CTL_HIGH + 1u] = bitcast<u32>(box_max.y);
    memory[record + CTL_PAINT] = paint;
    memory[record + CTL_MASK] = mask;

    memory[state + ST_STATUS] = status;
    memory[state + ST_PC] = pc;
    memory[state + ST_SP] = sp;
    memory[state + ST_CYCLES] = cycles;
    memory[state + ST_FRAME] = frame;
    memory[state + ST_INK] = ink;
    memory[state + ST_PAPER] = paper;
    memory[state + ST_RANDOM] = random_state;
    memory[state + ST_COMMANDS] = command_count;
    let failed = status == STATUS_FAULTED;
    memory[state + ST_FAULT] = select(0u, fault_code, failed);
    memory[state + ST_FAULT_PC] = select(0u, pc, failed);
    memory[state + ST_FAULT_A] = select(0u, bitcast<u32>(fault_a), failed);
    memory[state + ST_FAULT_B] = select(0u, bitcast<u32>(fault_b), failed);
    memory[state + ST_FAULT_X] = NO_TEXEL;
    memory[state + ST_FAULT_Y] = NO_TEXEL;
}

@compute @workgroup_size(TOGETHER)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if job.first + id.x >= job.end {
        return;
    }
    open(job.first + id.x);
    if mode >= ENDED {
        return;
    }
    var steps = SLICE;
    loop {
        if mode >= ENDED || steps == 0u {
            break;
        }
        steps -= 1u;
        loop {
            if mode != RUNNING || status != STATUS_RUNNING { break; }
            instruction();
            break;
        }
        loop {
            if mode != HEAVY { break; }
            complete();
            break;
        }
        loop {
            if mode != DRAWING { break; }
            draw();
            break;
        }
        loop {
            if mode != FILLING { break; }
            fill();
            break;
        }
        loop {
            if mode != COVERING { break; }
            cover();
            break;
        }
        loop {
            if (mode == RUNNING && status == STATUS_RUNNING) || (mode > RUNNING && mode < HOLDING) || mode >= ENDED { break; }
            switch mode {
                case RUNNING: { end(); }
                case BEGINNING: { begin(); }
                case HOLDING: { hold(); }
                case KEEPING: { keep(); }
                case ARGUMENTS: { argument(); }
                case CALLING: { call(); }
                case LEAVING: { restore(); }
                case READING: { read_character(); }
                default: {}
            }
            break;
        }
    }
    close();
    if mode < ENDED {
        atomicAdd(&running[0], 1u);
    }
}
