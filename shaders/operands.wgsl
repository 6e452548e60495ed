
// operands: what an instruction of a machine of a batch is given. The variables are
// core.wgsl's.

// operand resolves operand texel i: a value, the word at an index, or the index
// of a destination, which must be in the data page. It is 0 where the instruction
// has none.
fn operand(i: u32) -> i32 {
    if i >= ((header >> 8u) & 0xFFu) {
        return 0;
    }
    let texel = batch[program + pc + 1u + i];
    let reads = ((header >> (16u + i)) & 1u) == 1u;
    let writes = ((spec >> (24u + i)) & 1u) == 1u;
    if (reads || writes) && texel >= data_words {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, bitcast<i32>(texel), i32(data_words));
        return 0;
    }
    if reads {
        return bitcast<i32>(memory[data + texel]);
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

// element2 is element for rows of w words; a machine whose row is longer than a page
// is left.
fn element2(base: i32, w: i32, h: i32, x: i32, y: i32, words: u32) -> u32 {
    if x < 0 || bitcast<u32>(x) >= bitcast<u32>(w) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, x, w);
        return 0u;
    }
    if y < 0 || bitcast<u32>(y) >= bitcast<u32>(h) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, y, h);
        return 0u;
    }
    if max(max(bitcast<u32>(w), bitcast<u32>(y)), bitcast<u32>(base)) > 0x7FFFu {
        mode = LEFT;
        return 0u;
    }
    let at = bitcast<u32>(base) + bitcast<u32>(x) + bitcast<u32>(w) * bitcast<u32>(y);
    if at >= words {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, bitcast<i32>(at), i32(words));
        return 0u;
    }
    return at;
}

// random steps the PCG32 state and gives 0…n-1, or 0 for n <= 0.
fn random(n: i32) -> i32 {
    random_state = random_state * 747796405u + 2891336453u;
    var w = ((random_state >> ((random_state >> 28u) + 4u)) ^ random_state) * 277803737u;
    w = (w >> 22u) ^ w;
    if n <= 0 {
        return 0;
    }
    return i32(w % u32(n));
}
