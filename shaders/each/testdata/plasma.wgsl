
// The block of the EACH at work, from the kernel.
const WIDTH = 240u;
const HEIGHT = 136u;
const TABLE_60_4 = array<i32, 4>(0i, 0x3366FFi, 0xFF6633i, 0xFFFFFFi);

        var frame = job.captures[0].x;
        var color = 0i;
        var put = 0u;
        var table_60_4 = TABLE_60_4;
        let v3 = py * py;
        let v9 = frame * 3i;
        let v1 = px * px;
        let v4 = v1 + v3;
        let v5 = v4 >> 4u;
        let v6 = px ^ py;
        let v7 = v5 + v6;
        let v10 = v7 + v9;
        let v11 = v10 & 3i;
        let v12 = table_60_4[u32(v11)];
        color = v12;
        put = 58u;
        made = Put(u32(color), put, false);
