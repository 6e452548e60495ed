
// append: how core adds to the command list, and types the texts of TXT and LOG.
// The variables are core.wgsl's.

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

// default_color is the 24-bit colour of a draw that has none of its own: the ink
// for text and on a pixel canvas, else the paper.
fn default_color(text: bool) -> u32 {
    if text || job.pixel == 1u {
        if ink == 0u {
            return select(0u, 0xFFFFFFu, job.pixel == 1u); // code 0, or white
        }
        return canvas_color(ink);
    }
    return canvas_color(select(paper, DEFAULT_PAPER, paper == 0u));
}

fn coordinate(v: i32, i: u32, count: u32) -> u32 {
    return select(0u, bitcast<u32>(clamp(v, COORD_MIN, COORD_MAX)), i < count);
}

// append adds the command of the draw or text being executed.
fn append() {
    let op = header & 0xFFu;
    let given = (header >> 8u) & 0xFFu;
    let required = spec & 7u;
    if command_count >= MAX_COMMANDS {
        fault(FAULT_COMMAND_LIMIT, i32(MAX_COMMANDS), 0);
        return;
    }
    let is_text = op == OP_TXT || op == OP_LOG;
    if is_text && text_refers && payload_count + text_length > MAX_PAYLOAD {
        fault(FAULT_COMMAND_LIMIT, i32(MAX_PAYLOAD), 0);
        return;
    }
    var flags = 0u;
    var color = default_color(is_text);
    if op == OP_LOG || op == OP_BLIT {
        color = 0u;
    } else if given > required {
        var rgb = arg0; // CLS
        if required == 2u { rgb = arg2; }
        if required == 3u { rgb = arg3; }
        if required == 4u { rgb = arg4; }
        color = canvas_color(bitcast<u32>(rgb));
        flags = select(0u, CMD_FLAG_COLOR, op == OP_CLS);
    }
    var text = 0u;
    if is_text {
        text = text_end - text_length;
        if text_refers {
            flags = CMD_FLAG_PAYLOAD;
            text = payload_count;
            payload_count += text_length;
        }
        logs += select(0u, 1u, op == OP_LOG);
    }
    let at = command_count * COMMAND_WORDS;
    commands[at + CMD_OP] = op | (flags << 8u);
    commands[at + CMD_PC] = pc;
    commands[at + CMD_CYCLE] = cycles;
    commands[at + CMD_COLOR] = color;
    commands[at + CMD_A] = coordinate(arg0, 0u, required);
    commands[at + CMD_B] = coordinate(arg1, 1u, required);
    commands[at + CMD_C] = coordinate(arg2, 2u, required);
    commands[at + CMD_D] = coordinate(arg3, 3u, required);
    commands[at + CMD_E] = coordinate(arg4, 4u, required);
    commands[at + CMD_F] = coordinate(arg5, 5u, required);
    commands[at + CMD_TEXT] = text;
    commands[at + CMD_LEN] = select(0u, text_length, is_text);
    command_count += 1u;
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

// type_character takes the text of TXT or LOG one character on, or says that it
// is done. The characters are copied behind the payload as they are met; the copy
// is kept only if a value was among them, for else the text can be read where it
// stands.
fn type_character() {
    var code: u32;
    if text_scale > 0u {
        code = 48u + (text_number / text_scale) % 10u;
        text_scale /= 10u;
    } else {
        if text_at == text_end {
            typing = false;
            return;
        }
        let texel = program[text_at];
        text_at += 1u;
        code = texel & 0xFFu;
        if (texel & TEXT_VALUE) == TEXT_VALUE {
            let index = texel & TEXT_VALUE_INDEX;
            if index >= job.data_words {
                fault(FAULT_ADDRESS_OUT_OF_RANGE, i32(index), i32(job.data_words));
                return;
            }
            text_refers = true;
            text_number = memory[DATA + index];
            let negative = bitcast<i32>(text_number) < 0;
            text_number = select(text_number, 0u - text_number, negative);
            text_scale = leading_scale(text_number);
            if !negative {
                return;
            }
            code = 45u; // '-'
        }
    }
    let at = payload_count + text_length;
    if at < MAX_PAYLOAD {
        payload[at] = code;
    }
    text_length += 1u;
}
