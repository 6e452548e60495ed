package wasm

// opcode is an instruction of WebAssembly: its byte, or 0xFD00 and the number of a
// vector instruction.
type opcode uint16

// Those that are used, by the names of the specification.
const (
	opBlock  opcode = 0x02
	opLoop   opcode = 0x03
	opIf     opcode = 0x04
	opElse   opcode = 0x05
	opEnd    opcode = 0x0B
	opBr     opcode = 0x0C
	opBrIf   opcode = 0x0D
	opReturn opcode = 0x0F
	opCall   opcode = 0x10
	opSelect opcode = 0x1B

	opLocalGet opcode = 0x20
	opLocalSet opcode = 0x21
	opLocalTee opcode = 0x22

	opI32Load    opcode = 0x28
	opI64Load    opcode = 0x29
	opI32Load16S opcode = 0x2E
	opI32Store   opcode = 0x36
	opI64Store   opcode = 0x37
	opI32Const   opcode = 0x41
	opI64Const   opcode = 0x42

	opI32Eqz  opcode = 0x45
	opI32Eq   opcode = 0x46
	opI32Ne   opcode = 0x47
	opI32LtS  opcode = 0x48
	opI32LtU  opcode = 0x49
	opI32GtS  opcode = 0x4A
	opI32LeS  opcode = 0x4C
	opI32GeS  opcode = 0x4E
	opI32GeU  opcode = 0x4F
	opI64LtS  opcode = 0x53
	opI32Clz  opcode = 0x67
	opI32Add  opcode = 0x6A
	opI32Sub  opcode = 0x6B
	opI32Mul  opcode = 0x6C
	opI32DivS opcode = 0x6D
	opI32DivU opcode = 0x6E
	opI32RemS opcode = 0x6F
	opI32RemU opcode = 0x70
	opI32And  opcode = 0x71
	opI32Or   opcode = 0x72
	opI32Xor  opcode = 0x73
	opI32Shl  opcode = 0x74
	opI32ShrS opcode = 0x75
	opI32ShrU opcode = 0x76
	opI64Mul  opcode = 0x7E
	opI64DivS opcode = 0x7F
	opI64Shl  opcode = 0x86
	opI64ShrS opcode = 0x87

	opF64Sqrt        opcode = 0x9F
	opI32WrapI64     opcode = 0xA7
	opI32TruncF64S   opcode = 0xAA
	opI64ExtendI32S  opcode = 0xAC
	opI64ExtendI32U  opcode = 0xAD
	opF64ConvertI32S opcode = 0xB7

	opV128Load           opcode = 0xFD00
	opV128Store          opcode = 0xFD0B
	opV128Const          opcode = 0xFD0C
	opI8x16Shuffle       opcode = 0xFD0D
	opI8x16Swizzle       opcode = 0xFD0E
	opI32x4Splat         opcode = 0xFD11
	opI32x4ExtractLane   opcode = 0xFD1B
	opI32x4ReplaceLane   opcode = 0xFD1C
	opI32x4Eq            opcode = 0xFD37
	opI32x4Ne            opcode = 0xFD38
	opI32x4LtS           opcode = 0xFD39
	opI32x4LtU           opcode = 0xFD3A
	opI32x4GtS           opcode = 0xFD3B
	opI32x4GtU           opcode = 0xFD3C
	opI32x4LeS           opcode = 0xFD3D
	opI32x4GeS           opcode = 0xFD3F
	opI32x4GeU           opcode = 0xFD40
	opV128Not            opcode = 0xFD4D
	opV128And            opcode = 0xFD4E
	opV128Andnot         opcode = 0xFD4F
	opV128Or             opcode = 0xFD50
	opV128Xor            opcode = 0xFD51
	opV128Bitselect      opcode = 0xFD52
	opV128AnyTrue        opcode = 0xFD53
	opV128Load32Lane     opcode = 0xFD56
	opV128Load32Zero     opcode = 0xFD5C
	opF32x4Trunc         opcode = 0xFD69
	opF64x2Trunc         opcode = 0xFD7A
	opI8x16Sub           opcode = 0xFD71
	opI32x4Abs           opcode = 0xFDA0
	opI32x4Neg           opcode = 0xFDA1
	opI32x4AllTrue       opcode = 0xFDA3
	opI32x4Shl           opcode = 0xFDAB
	opI32x4ShrS          opcode = 0xFDAC
	opI32x4ShrU          opcode = 0xFDAD
	opI32x4Add           opcode = 0xFDAE
	opI32x4Sub           opcode = 0xFDB1
	opI32x4Mul           opcode = 0xFDB5
	opI32x4MinS          opcode = 0xFDB6
	opI32x4MinU          opcode = 0xFDB7
	opI32x4MaxS          opcode = 0xFDB8
	opI32x4MaxU          opcode = 0xFDB9
	opI64x2ExtendHighS   opcode = 0xFDC8
	opI64x2ShrU          opcode = 0xFDCD
	opI64x2Add           opcode = 0xFDCE
	opI64x2ExtmulLowS    opcode = 0xFDDC
	opI64x2ExtmulHighS   opcode = 0xFDDD
	opF32x4Sqrt          opcode = 0xFDE3
	opF32x4Add           opcode = 0xFDE4
	opF32x4Sub           opcode = 0xFDE5
	opF32x4Mul           opcode = 0xFDE6
	opF64x2Add           opcode = 0xFDF0
	opF32x4Div           opcode = 0xFDE7
	opF64x2Sub           opcode = 0xFDF1
	opF64x2Mul           opcode = 0xFDF2
	opF64x2Div           opcode = 0xFDF3
	opF32x4ConvertI32x4S opcode = 0xFDFA
	opF64x2ConvertLowS   opcode = 0xFDFE
)
