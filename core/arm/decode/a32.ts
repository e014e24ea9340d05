/**
 * The A32 encodings: one row an encoding. Decoder, translator and disassembler read the same row.
 *
 * Columns: the 32 bits from bit 31 down; the handler's name; the first architecture version that
 * has the encoding; the group, i.e. the file of translate/ that holds the handler; the UAL syntax.
 *
 * In the bits, `0` and `1` are fixed, `-` is ignored, and a letter is a field; bits of one letter
 * that do not touch are put together, high bits first. Rows that start with `cccc` are conditional
 * and do not match when the condition is 1111. Where rows overlap, the one with more fixed bits
 * wins, and it must be a special case of the other (a test checks it). Braces in the syntax name a
 * printer of disasm/operands.ts.
 *
 * VFP and Advanced SIMD rows are not here: those encodings are UNDEFINED while the extension is off.
 * @module
 */

// deno-fmt-ignore
/** All rows. */
export const A32_ROWS = [

  // Data processing: immediate, register shifted by a constant, register shifted by a register
  ["cccc0010000Snnnnddddvvvvvvvvvvvv", "and_imm",      "v4",   "data_processing",     "and{S}{c} {d}, {n}, {const}"],
  ["cccc0000000Snnnnddddzzzzzyy0mmmm", "and_reg",      "v4",   "data_processing",     "and{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000000Snnnnddddssss0yy1mmmm", "and_rsr",      "v4",   "data_processing",     "and{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010001Snnnnddddvvvvvvvvvvvv", "eor_imm",      "v4",   "data_processing",     "eor{S}{c} {d}, {n}, {const}"],
  ["cccc0000001Snnnnddddzzzzzyy0mmmm", "eor_reg",      "v4",   "data_processing",     "eor{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000001Snnnnddddssss0yy1mmmm", "eor_rsr",      "v4",   "data_processing",     "eor{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010010Snnnnddddvvvvvvvvvvvv", "sub_imm",      "v4",   "data_processing",     "sub{S}{c} {d}, {n}, {const}"],
  ["cccc0000010Snnnnddddzzzzzyy0mmmm", "sub_reg",      "v4",   "data_processing",     "sub{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000010Snnnnddddssss0yy1mmmm", "sub_rsr",      "v4",   "data_processing",     "sub{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010011Snnnnddddvvvvvvvvvvvv", "rsb_imm",      "v4",   "data_processing",     "rsb{S}{c} {d}, {n}, {const}"],
  ["cccc0000011Snnnnddddzzzzzyy0mmmm", "rsb_reg",      "v4",   "data_processing",     "rsb{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000011Snnnnddddssss0yy1mmmm", "rsb_rsr",      "v4",   "data_processing",     "rsb{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010100Snnnnddddvvvvvvvvvvvv", "add_imm",      "v4",   "data_processing",     "add{S}{c} {d}, {n}, {const}"],
  ["cccc0000100Snnnnddddzzzzzyy0mmmm", "add_reg",      "v4",   "data_processing",     "add{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000100Snnnnddddssss0yy1mmmm", "add_rsr",      "v4",   "data_processing",     "add{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010101Snnnnddddvvvvvvvvvvvv", "adc_imm",      "v4",   "data_processing",     "adc{S}{c} {d}, {n}, {const}"],
  ["cccc0000101Snnnnddddzzzzzyy0mmmm", "adc_reg",      "v4",   "data_processing",     "adc{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000101Snnnnddddssss0yy1mmmm", "adc_rsr",      "v4",   "data_processing",     "adc{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010110Snnnnddddvvvvvvvvvvvv", "sbc_imm",      "v4",   "data_processing",     "sbc{S}{c} {d}, {n}, {const}"],
  ["cccc0000110Snnnnddddzzzzzyy0mmmm", "sbc_reg",      "v4",   "data_processing",     "sbc{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000110Snnnnddddssss0yy1mmmm", "sbc_rsr",      "v4",   "data_processing",     "sbc{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0010111Snnnnddddvvvvvvvvvvvv", "rsc_imm",      "v4",   "data_processing",     "rsc{S}{c} {d}, {n}, {const}"],
  ["cccc0000111Snnnnddddzzzzzyy0mmmm", "rsc_reg",      "v4",   "data_processing",     "rsc{S}{c} {d}, {n}, {shifted}"],
  ["cccc0000111Snnnnddddssss0yy1mmmm", "rsc_rsr",      "v4",   "data_processing",     "rsc{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc00110001nnnn0000vvvvvvvvvvvv", "tst_imm",      "v4",   "data_processing",     "tst{c} {n}, {const}"],
  ["cccc00010001nnnn0000zzzzzyy0mmmm", "tst_reg",      "v4",   "data_processing",     "tst{c} {n}, {shifted}"],
  ["cccc00010001nnnn0000ssss0yy1mmmm", "tst_rsr",      "v4",   "data_processing",     "tst{c} {n}, {m}, {y} {s}"],
  ["cccc00110011nnnn0000vvvvvvvvvvvv", "teq_imm",      "v4",   "data_processing",     "teq{c} {n}, {const}"],
  ["cccc00010011nnnn0000zzzzzyy0mmmm", "teq_reg",      "v4",   "data_processing",     "teq{c} {n}, {shifted}"],
  ["cccc00010011nnnn0000ssss0yy1mmmm", "teq_rsr",      "v4",   "data_processing",     "teq{c} {n}, {m}, {y} {s}"],
  ["cccc00110101nnnn0000vvvvvvvvvvvv", "cmp_imm",      "v4",   "data_processing",     "cmp{c} {n}, {const}"],
  ["cccc00010101nnnn0000zzzzzyy0mmmm", "cmp_reg",      "v4",   "data_processing",     "cmp{c} {n}, {shifted}"],
  ["cccc00010101nnnn0000ssss0yy1mmmm", "cmp_rsr",      "v4",   "data_processing",     "cmp{c} {n}, {m}, {y} {s}"],
  ["cccc00110111nnnn0000vvvvvvvvvvvv", "cmn_imm",      "v4",   "data_processing",     "cmn{c} {n}, {const}"],
  ["cccc00010111nnnn0000zzzzzyy0mmmm", "cmn_reg",      "v4",   "data_processing",     "cmn{c} {n}, {shifted}"],
  ["cccc00010111nnnn0000ssss0yy1mmmm", "cmn_rsr",      "v4",   "data_processing",     "cmn{c} {n}, {m}, {y} {s}"],
  ["cccc0011100Snnnnddddvvvvvvvvvvvv", "orr_imm",      "v4",   "data_processing",     "orr{S}{c} {d}, {n}, {const}"],
  ["cccc0001100Snnnnddddzzzzzyy0mmmm", "orr_reg",      "v4",   "data_processing",     "orr{S}{c} {d}, {n}, {shifted}"],
  ["cccc0001100Snnnnddddssss0yy1mmmm", "orr_rsr",      "v4",   "data_processing",     "orr{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0011101S0000ddddvvvvvvvvvvvv", "mov_imm",      "v4",   "data_processing",     "mov{S}{c} {d}, {const}"],
  ["cccc0001101S0000ddddzzzzzyy0mmmm", "mov_reg",      "v4",   "data_processing",     "{shiftmov}"],
  ["cccc0001101S0000ddddssss0yy1mmmm", "mov_rsr",      "v4",   "data_processing",     "{y}{S}{c} {d}, {m}, {s}"],
  ["cccc0011110Snnnnddddvvvvvvvvvvvv", "bic_imm",      "v4",   "data_processing",     "bic{S}{c} {d}, {n}, {const}"],
  ["cccc0001110Snnnnddddzzzzzyy0mmmm", "bic_reg",      "v4",   "data_processing",     "bic{S}{c} {d}, {n}, {shifted}"],
  ["cccc0001110Snnnnddddssss0yy1mmmm", "bic_rsr",      "v4",   "data_processing",     "bic{S}{c} {d}, {n}, {m}, {y} {s}"],
  ["cccc0011111S0000ddddvvvvvvvvvvvv", "mvn_imm",      "v4",   "data_processing",     "mvn{S}{c} {d}, {const}"],
  ["cccc0001111S0000ddddzzzzzyy0mmmm", "mvn_reg",      "v4",   "data_processing",     "mvn{S}{c} {d}, {shifted}"],
  ["cccc0001111S0000ddddssss0yy1mmmm", "mvn_rsr",      "v4",   "data_processing",     "mvn{S}{c} {d}, {m}, {y} {s}"],
  ["cccc00110000vvvvddddvvvvvvvvvvvv", "movw",         "v6T2", "data_processing",     "movw{c} {d}, {#v}"],
  ["cccc00110100vvvvddddvvvvvvvvvvvv", "movt",         "v6T2", "data_processing",     "movt{c} {d}, {#v}"],

  // Hints; they share the space of MSR (immediate) with an empty mask
  ["cccc0011001000001111000000000000", "nop",          "v6K",  "hints",               "nop{c}"],
  ["cccc0011001000001111000000000001", "yield",        "v6K",  "hints",               "yield{c}"],
  ["cccc0011001000001111000000000010", "wfe",          "v6K",  "hints",               "wfe{c}"],
  ["cccc0011001000001111000000000011", "wfi",          "v6K",  "hints",               "wfi{c}"],
  ["cccc0011001000001111000000000100", "sev",          "v6K",  "hints",               "sev{c}"],
  ["cccc001100100000111100001111vvvv", "dbg",          "v7",   "hints",               "dbg{c} {#v}"],
  ["cccc0011001000001111vvvvvvvvvvvv", "hint",         "v6K",  "hints",               "hint{c} {#v}"],

  // Multiply
  ["cccc0000000Sdddd0000mmmm1001nnnn", "mul",          "v4",   "multiply",            "mul{S}{c} {d}, {n}, {m}"],
  ["cccc0000001Sddddaaaammmm1001nnnn", "mla",          "v4",   "multiply",            "mla{S}{c} {d}, {n}, {m}, {a}"],
  ["cccc00000100hhhhllllmmmm1001nnnn", "umaal",        "v6",   "multiply",            "umaal{c} {l}, {h}, {n}, {m}"],
  ["cccc00000110ddddaaaammmm1001nnnn", "mls",          "v6T2", "multiply",            "mls{c} {d}, {n}, {m}, {a}"],
  ["cccc0000100Shhhhllllmmmm1001nnnn", "umull",        "v4",   "multiply",            "umull{S}{c} {l}, {h}, {n}, {m}"],
  ["cccc0000101Shhhhllllmmmm1001nnnn", "umlal",        "v4",   "multiply",            "umlal{S}{c} {l}, {h}, {n}, {m}"],
  ["cccc0000110Shhhhllllmmmm1001nnnn", "smull",        "v4",   "multiply",            "smull{S}{c} {l}, {h}, {n}, {m}"],
  ["cccc0000111Shhhhllllmmmm1001nnnn", "smlal",        "v4",   "multiply",            "smlal{S}{c} {l}, {h}, {n}, {m}"],
  ["cccc00010000ddddaaaammmm1MN0nnnn", "smlaxy",       "v5TE", "multiply",            "smla{N}{M}{c} {d}, {n}, {m}, {a}"],
  ["cccc00010010ddddaaaammmm1M00nnnn", "smlawy",       "v5TE", "multiply",            "smlaw{M}{c} {d}, {n}, {m}, {a}"],
  ["cccc00010010dddd0000mmmm1M10nnnn", "smulwy",       "v5TE", "multiply",            "smulw{M}{c} {d}, {n}, {m}"],
  ["cccc00010100hhhhllllmmmm1MN0nnnn", "smlalxy",      "v5TE", "multiply",            "smlal{N}{M}{c} {l}, {h}, {n}, {m}"],
  ["cccc00010110dddd0000mmmm1MN0nnnn", "smulxy",       "v5TE", "multiply",            "smul{N}{M}{c} {d}, {n}, {m}"],
  ["cccc01110000ddddaaaammmm00x1nnnn", "smlad",        "v6",   "multiply",            "smlad{x}{c} {d}, {n}, {m}, {a}"],
  ["cccc01110000dddd1111mmmm00x1nnnn", "smuad",        "v6",   "multiply",            "smuad{x}{c} {d}, {n}, {m}"],
  ["cccc01110000ddddaaaammmm01x1nnnn", "smlsd",        "v6",   "multiply",            "smlsd{x}{c} {d}, {n}, {m}, {a}"],
  ["cccc01110000dddd1111mmmm01x1nnnn", "smusd",        "v6",   "multiply",            "smusd{x}{c} {d}, {n}, {m}"],
  ["cccc01110100hhhhllllmmmm00x1nnnn", "smlald",       "v6",   "multiply",            "smlald{x}{c} {l}, {h}, {n}, {m}"],
  ["cccc01110100hhhhllllmmmm01x1nnnn", "smlsld",       "v6",   "multiply",            "smlsld{x}{c} {l}, {h}, {n}, {m}"],
  ["cccc01110101ddddaaaammmm00R1nnnn", "smmla",        "v6",   "multiply",            "smmla{R}{c} {d}, {n}, {m}, {a}"],
  ["cccc01110101dddd1111mmmm00R1nnnn", "smmul",        "v6",   "multiply",            "smmul{R}{c} {d}, {n}, {m}"],
  ["cccc01110101ddddaaaammmm11R1nnnn", "smmls",        "v6",   "multiply",            "smmls{R}{c} {d}, {n}, {m}, {a}"],

  // Divide
  ["cccc01110001dddd1111mmmm0001nnnn", "sdiv",         "v7VE", "divide",              "sdiv{c} {d}, {n}, {m}"],
  ["cccc01110011dddd1111mmmm0001nnnn", "udiv",         "v7VE", "divide",              "udiv{c} {d}, {n}, {m}"],

  // Saturating
  ["cccc00010000nnnndddd00000101mmmm", "qadd",         "v5TE", "saturating",          "qadd{c} {d}, {m}, {n}"],
  ["cccc00010010nnnndddd00000101mmmm", "qsub",         "v5TE", "saturating",          "qsub{c} {d}, {m}, {n}"],
  ["cccc00010100nnnndddd00000101mmmm", "qdadd",        "v5TE", "saturating",          "qdadd{c} {d}, {m}, {n}"],
  ["cccc00010110nnnndddd00000101mmmm", "qdsub",        "v5TE", "saturating",          "qdsub{c} {d}, {m}, {n}"],
  ["cccc0110101vvvvvddddzzzzzx01nnnn", "ssat",         "v6",   "saturating",          "ssat{c} {d}, {#v+1}, {satshift}"],
  ["cccc0110111vvvvvddddzzzzzx01nnnn", "usat",         "v6",   "saturating",          "usat{c} {d}, {#v}, {satshift}"],
  ["cccc01101010vvvvdddd11110011nnnn", "ssat16",       "v6",   "saturating",          "ssat16{c} {d}, {#v+1}, {n}"],
  ["cccc01101110vvvvdddd11110011nnnn", "usat16",       "v6",   "saturating",          "usat16{c} {d}, {#v}, {n}"],

  // Parallel addition and subtraction, SEL, sums of absolute differences
  ["cccc01100001nnnndddd11110001mmmm", "sadd16",       "v6",   "parallel",            "sadd16{c} {d}, {n}, {m}"],
  ["cccc01100001nnnndddd11110011mmmm", "sasx",         "v6",   "parallel",            "sasx{c} {d}, {n}, {m}"],
  ["cccc01100001nnnndddd11110101mmmm", "ssax",         "v6",   "parallel",            "ssax{c} {d}, {n}, {m}"],
  ["cccc01100001nnnndddd11110111mmmm", "ssub16",       "v6",   "parallel",            "ssub16{c} {d}, {n}, {m}"],
  ["cccc01100001nnnndddd11111001mmmm", "sadd8",        "v6",   "parallel",            "sadd8{c} {d}, {n}, {m}"],
  ["cccc01100001nnnndddd11111111mmmm", "ssub8",        "v6",   "parallel",            "ssub8{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11110001mmmm", "qadd16",       "v6",   "parallel",            "qadd16{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11110011mmmm", "qasx",         "v6",   "parallel",            "qasx{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11110101mmmm", "qsax",         "v6",   "parallel",            "qsax{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11110111mmmm", "qsub16",       "v6",   "parallel",            "qsub16{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11111001mmmm", "qadd8",        "v6",   "parallel",            "qadd8{c} {d}, {n}, {m}"],
  ["cccc01100010nnnndddd11111111mmmm", "qsub8",        "v6",   "parallel",            "qsub8{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11110001mmmm", "shadd16",      "v6",   "parallel",            "shadd16{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11110011mmmm", "shasx",        "v6",   "parallel",            "shasx{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11110101mmmm", "shsax",        "v6",   "parallel",            "shsax{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11110111mmmm", "shsub16",      "v6",   "parallel",            "shsub16{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11111001mmmm", "shadd8",       "v6",   "parallel",            "shadd8{c} {d}, {n}, {m}"],
  ["cccc01100011nnnndddd11111111mmmm", "shsub8",       "v6",   "parallel",            "shsub8{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11110001mmmm", "uadd16",       "v6",   "parallel",            "uadd16{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11110011mmmm", "uasx",         "v6",   "parallel",            "uasx{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11110101mmmm", "usax",         "v6",   "parallel",            "usax{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11110111mmmm", "usub16",       "v6",   "parallel",            "usub16{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11111001mmmm", "uadd8",        "v6",   "parallel",            "uadd8{c} {d}, {n}, {m}"],
  ["cccc01100101nnnndddd11111111mmmm", "usub8",        "v6",   "parallel",            "usub8{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11110001mmmm", "uqadd16",      "v6",   "parallel",            "uqadd16{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11110011mmmm", "uqasx",        "v6",   "parallel",            "uqasx{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11110101mmmm", "uqsax",        "v6",   "parallel",            "uqsax{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11110111mmmm", "uqsub16",      "v6",   "parallel",            "uqsub16{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11111001mmmm", "uqadd8",       "v6",   "parallel",            "uqadd8{c} {d}, {n}, {m}"],
  ["cccc01100110nnnndddd11111111mmmm", "uqsub8",       "v6",   "parallel",            "uqsub8{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11110001mmmm", "uhadd16",      "v6",   "parallel",            "uhadd16{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11110011mmmm", "uhasx",        "v6",   "parallel",            "uhasx{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11110101mmmm", "uhsax",        "v6",   "parallel",            "uhsax{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11110111mmmm", "uhsub16",      "v6",   "parallel",            "uhsub16{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11111001mmmm", "uhadd8",       "v6",   "parallel",            "uhadd8{c} {d}, {n}, {m}"],
  ["cccc01100111nnnndddd11111111mmmm", "uhsub8",       "v6",   "parallel",            "uhsub8{c} {d}, {n}, {m}"],
  ["cccc01101000nnnndddd11111011mmmm", "sel",          "v6",   "parallel",            "sel{c} {d}, {n}, {m}"],
  ["cccc01111000ddddaaaammmm0001nnnn", "usada8",       "v6",   "parallel",            "usada8{c} {d}, {n}, {m}, {a}"],
  ["cccc01111000dddd1111mmmm0001nnnn", "usad8",        "v6",   "parallel",            "usad8{c} {d}, {n}, {m}"],

  // Packing and extending
  ["cccc01101000nnnnddddzzzzz001mmmm", "pkhbt",        "v6",   "packing",             "pkhbt{c} {d}, {n}, {m}{lslz}"],
  ["cccc01101000nnnnddddzzzzz101mmmm", "pkhtb",        "v6",   "packing",             "pkhtb{c} {d}, {n}, {m}{asrz}"],
  ["cccc01101000nnnnddddrr000111mmmm", "sxtab16",      "v6",   "packing",             "sxtab16{c} {d}, {n}, {m}{ror}"],
  ["cccc011010001111ddddrr000111mmmm", "sxtb16",       "v6",   "packing",             "sxtb16{c} {d}, {m}{ror}"],
  ["cccc01101010nnnnddddrr000111mmmm", "sxtab",        "v6",   "packing",             "sxtab{c} {d}, {n}, {m}{ror}"],
  ["cccc011010101111ddddrr000111mmmm", "sxtb",         "v6",   "packing",             "sxtb{c} {d}, {m}{ror}"],
  ["cccc01101011nnnnddddrr000111mmmm", "sxtah",        "v6",   "packing",             "sxtah{c} {d}, {n}, {m}{ror}"],
  ["cccc011010111111ddddrr000111mmmm", "sxth",         "v6",   "packing",             "sxth{c} {d}, {m}{ror}"],
  ["cccc01101100nnnnddddrr000111mmmm", "uxtab16",      "v6",   "packing",             "uxtab16{c} {d}, {n}, {m}{ror}"],
  ["cccc011011001111ddddrr000111mmmm", "uxtb16",       "v6",   "packing",             "uxtb16{c} {d}, {m}{ror}"],
  ["cccc01101110nnnnddddrr000111mmmm", "uxtab",        "v6",   "packing",             "uxtab{c} {d}, {n}, {m}{ror}"],
  ["cccc011011101111ddddrr000111mmmm", "uxtb",         "v6",   "packing",             "uxtb{c} {d}, {m}{ror}"],
  ["cccc01101111nnnnddddrr000111mmmm", "uxtah",        "v6",   "packing",             "uxtah{c} {d}, {n}, {m}{ror}"],
  ["cccc011011111111ddddrr000111mmmm", "uxth",         "v6",   "packing",             "uxth{c} {d}, {m}{ror}"],

  // Bits and bit fields
  ["cccc000101101111dddd11110001mmmm", "clz",          "v5T",  "bits",                "clz{c} {d}, {m}"],
  ["cccc011010111111dddd11110011mmmm", "rev",          "v6",   "bits",                "rev{c} {d}, {m}"],
  ["cccc011010111111dddd11111011mmmm", "rev16",        "v6",   "bits",                "rev16{c} {d}, {m}"],
  ["cccc011011111111dddd11110011mmmm", "rbit",         "v6T2", "bits",                "rbit{c} {d}, {m}"],
  ["cccc011011111111dddd11111011mmmm", "revsh",        "v6",   "bits",                "revsh{c} {d}, {m}"],
  ["cccc0111101wwwwwddddiiiii101nnnn", "sbfx",         "v6T2", "bits",                "sbfx{c} {d}, {n}, {#i}, {#w+1}"],
  ["cccc0111111wwwwwddddiiiii101nnnn", "ubfx",         "v6T2", "bits",                "ubfx{c} {d}, {n}, {#i}, {#w+1}"],
  ["cccc0111110bbbbbddddiiiii001nnnn", "bfi",          "v6T2", "bits",                "bfi{c} {d}, {n}, {#i}, {width}"],
  ["cccc0111110bbbbbddddiiiii0011111", "bfc",          "v6T2", "bits",                "bfc{c} {d}, {#i}, {width}"],

  // Load and store word and byte
  ["cccc010PU0W0nnnnttttvvvvvvvvvvvv", "str_imm",      "v4",   "load_store",          "str{c} {t}, {mem}"],
  ["cccc011PU0W0nnnnttttzzzzzyy0mmmm", "str_reg",      "v4",   "load_store",          "str{c} {t}, {memshift}"],
  ["cccc0100U010nnnnttttvvvvvvvvvvvv", "strt_imm",     "v4",   "load_store",          "strt{c} {t}, {mem}"],
  ["cccc0110U010nnnnttttzzzzzyy0mmmm", "strt_reg",     "v4",   "load_store",          "strt{c} {t}, {memshift}"],
  ["cccc010PU0W1nnnnttttvvvvvvvvvvvv", "ldr_imm",      "v4",   "load_store",          "ldr{c} {t}, {mem}"],
  ["cccc011PU0W1nnnnttttzzzzzyy0mmmm", "ldr_reg",      "v4",   "load_store",          "ldr{c} {t}, {memshift}"],
  ["cccc0100U011nnnnttttvvvvvvvvvvvv", "ldrt_imm",     "v4",   "load_store",          "ldrt{c} {t}, {mem}"],
  ["cccc0110U011nnnnttttzzzzzyy0mmmm", "ldrt_reg",     "v4",   "load_store",          "ldrt{c} {t}, {memshift}"],
  ["cccc010PU1W0nnnnttttvvvvvvvvvvvv", "strb_imm",     "v4",   "load_store",          "strb{c} {t}, {mem}"],
  ["cccc011PU1W0nnnnttttzzzzzyy0mmmm", "strb_reg",     "v4",   "load_store",          "strb{c} {t}, {memshift}"],
  ["cccc0100U110nnnnttttvvvvvvvvvvvv", "strbt_imm",    "v4",   "load_store",          "strbt{c} {t}, {mem}"],
  ["cccc0110U110nnnnttttzzzzzyy0mmmm", "strbt_reg",    "v4",   "load_store",          "strbt{c} {t}, {memshift}"],
  ["cccc010PU1W1nnnnttttvvvvvvvvvvvv", "ldrb_imm",     "v4",   "load_store",          "ldrb{c} {t}, {mem}"],
  ["cccc011PU1W1nnnnttttzzzzzyy0mmmm", "ldrb_reg",     "v4",   "load_store",          "ldrb{c} {t}, {memshift}"],
  ["cccc0100U111nnnnttttvvvvvvvvvvvv", "ldrbt_imm",    "v4",   "load_store",          "ldrbt{c} {t}, {mem}"],
  ["cccc0110U111nnnnttttzzzzzyy0mmmm", "ldrbt_reg",    "v4",   "load_store",          "ldrbt{c} {t}, {memshift}"],

  // Load and store halfword, signed and dual
  ["cccc000PU1W0nnnnttttvvvv1011vvvv", "strh_imm",     "v4",   "load_store",          "strh{c} {t}, {mem}"],
  ["cccc000PU0W0nnnntttt00001011mmmm", "strh_reg",     "v4",   "load_store",          "strh{c} {t}, {memreg}"],
  ["cccc0000U110nnnnttttvvvv1011vvvv", "strht_imm",    "v6T2", "load_store",          "strht{c} {t}, {mem}"],
  ["cccc0000U010nnnntttt00001011mmmm", "strht_reg",    "v6T2", "load_store",          "strht{c} {t}, {memreg}"],
  ["cccc000PU1W1nnnnttttvvvv1011vvvv", "ldrh_imm",     "v4",   "load_store",          "ldrh{c} {t}, {mem}"],
  ["cccc000PU0W1nnnntttt00001011mmmm", "ldrh_reg",     "v4",   "load_store",          "ldrh{c} {t}, {memreg}"],
  ["cccc0000U111nnnnttttvvvv1011vvvv", "ldrht_imm",    "v6T2", "load_store",          "ldrht{c} {t}, {mem}"],
  ["cccc0000U011nnnntttt00001011mmmm", "ldrht_reg",    "v6T2", "load_store",          "ldrht{c} {t}, {memreg}"],
  ["cccc000PU1W1nnnnttttvvvv1101vvvv", "ldrsb_imm",    "v4",   "load_store",          "ldrsb{c} {t}, {mem}"],
  ["cccc000PU0W1nnnntttt00001101mmmm", "ldrsb_reg",    "v4",   "load_store",          "ldrsb{c} {t}, {memreg}"],
  ["cccc0000U111nnnnttttvvvv1101vvvv", "ldrsbt_imm",   "v6T2", "load_store",          "ldrsbt{c} {t}, {mem}"],
  ["cccc0000U011nnnntttt00001101mmmm", "ldrsbt_reg",   "v6T2", "load_store",          "ldrsbt{c} {t}, {memreg}"],
  ["cccc000PU1W1nnnnttttvvvv1111vvvv", "ldrsh_imm",    "v4",   "load_store",          "ldrsh{c} {t}, {mem}"],
  ["cccc000PU0W1nnnntttt00001111mmmm", "ldrsh_reg",    "v4",   "load_store",          "ldrsh{c} {t}, {memreg}"],
  ["cccc0000U111nnnnttttvvvv1111vvvv", "ldrsht_imm",   "v6T2", "load_store",          "ldrsht{c} {t}, {mem}"],
  ["cccc0000U011nnnntttt00001111mmmm", "ldrsht_reg",   "v6T2", "load_store",          "ldrsht{c} {t}, {memreg}"],
  ["cccc000PU1W0nnnnttttvvvv1101vvvv", "ldrd_imm",     "v5TE", "load_store",          "ldrd{c} {t}, {t+1}, {mem}"],
  ["cccc000PU0W0nnnntttt00001101mmmm", "ldrd_reg",     "v5TE", "load_store",          "ldrd{c} {t}, {t+1}, {memreg}"],
  ["cccc000PU1W0nnnnttttvvvv1111vvvv", "strd_imm",     "v5TE", "load_store",          "strd{c} {t}, {t+1}, {mem}"],
  ["cccc000PU0W0nnnntttt00001111mmmm", "strd_reg",     "v5TE", "load_store",          "strd{c} {t}, {t+1}, {memreg}"],

  // Memory hints; the last two rows are unallocated hints, which do nothing
  ["11110101U101nnnn1111vvvvvvvvvvvv", "pld_imm",      "v5TE", "load_store",          "pld {hintmem}"],
  ["11110111U101nnnn1111zzzzzyy0mmmm", "pld_reg",      "v5TE", "load_store",          "pld {hintshift}"],
  ["11110101U001nnnn1111vvvvvvvvvvvv", "pldw_imm",     "v7MP", "load_store",          "pldw {hintmem}"],
  ["11110111U001nnnn1111zzzzzyy0mmmm", "pldw_reg",     "v7MP", "load_store",          "pldw {hintshift}"],
  ["11110100U101nnnn1111vvvvvvvvvvvv", "pli_imm",      "v7",   "load_store",          "pli {hintmem}"],
  ["11110110U101nnnn1111zzzzzyy0mmmm", "pli_reg",      "v7",   "load_store",          "pli {hintshift}"],
  ["11110100-001--------------------", "mem_hint_imm", "v7MP", "load_store",          "nop"],
  ["11110110-001---------------0----", "mem_hint_reg", "v7MP", "load_store",          "nop"],

  // Load and store multiple
  ["cccc100PU0W0nnnngggggggggggggggg", "stm",          "v4",   "load_store_multiple", "{stm}"],
  ["cccc100PU0W1nnnngggggggggggggggg", "ldm",          "v4",   "load_store_multiple", "{ldm}"],
  ["cccc100PU1W0nnnngggggggggggggggg", "stm_user",     "v4",   "load_store_multiple", "stm{amode}{c} {n}{W}, {g} ^"],
  ["cccc100PU1W1nnnn0ggggggggggggggg", "ldm_user",     "v4",   "load_store_multiple", "ldm{amode}{c} {n}{W}, {g} ^"],
  ["cccc100PU1W1nnnn1ggggggggggggggg", "ldm_eret",     "v4",   "load_store_multiple", "ldm{amode}{c} {n}{W}, {g+pc} ^"],

  // Synchronisation
  ["cccc00010000nnnntttt00001001mmmm", "swp",          "v4",   "sync",                "swp{c} {t}, {m}, [{n}]"],
  ["cccc00010100nnnntttt00001001mmmm", "swpb",         "v4",   "sync",                "swpb{c} {t}, {m}, [{n}]"],
  ["cccc00011000nnnndddd11111001tttt", "strex",        "v6",   "sync",                "strex{c} {d}, {t}, [{n}]"],
  ["cccc00011001nnnntttt111110011111", "ldrex",        "v6",   "sync",                "ldrex{c} {t}, [{n}]"],
  ["cccc00011010nnnndddd11111001tttt", "strexd",       "v6K",  "sync",                "strexd{c} {d}, {t}, {t+1}, [{n}]"],
  ["cccc00011011nnnntttt111110011111", "ldrexd",       "v6K",  "sync",                "ldrexd{c} {t}, {t+1}, [{n}]"],
  ["cccc00011100nnnndddd11111001tttt", "strexb",       "v6K",  "sync",                "strexb{c} {d}, {t}, [{n}]"],
  ["cccc00011101nnnntttt111110011111", "ldrexb",       "v6K",  "sync",                "ldrexb{c} {t}, [{n}]"],
  ["cccc00011110nnnndddd11111001tttt", "strexh",       "v6K",  "sync",                "strexh{c} {d}, {t}, [{n}]"],
  ["cccc00011111nnnntttt111110011111", "ldrexh",       "v6K",  "sync",                "ldrexh{c} {t}, [{n}]"],
  ["11110101011111111111000000011111", "clrex",        "v6K",  "sync",                "clrex"],
  ["1111010101111111111100000100vvvv", "dsb",          "v7",   "sync",                "dsb {option}"],
  ["1111010101111111111100000101vvvv", "dmb",          "v7",   "sync",                "dmb {option}"],
  ["1111010101111111111100000110vvvv", "isb",          "v7",   "sync",                "isb {isboption}"],

  // Branch
  ["cccc1010vvvvvvvvvvvvvvvvvvvvvvvv", "b",            "v4",   "branch",              "b{c} {target}"],
  ["cccc1011vvvvvvvvvvvvvvvvvvvvvvvv", "bl",           "v4",   "branch",              "bl{c} {target}"],
  ["1111101xvvvvvvvvvvvvvvvvvvvvvvvv", "blx_imm",      "v5T",  "branch",              "blx {target_x}"],
  ["cccc000100101111111111110001mmmm", "bx",           "v4T",  "branch",              "bx{c} {m}"],
  ["cccc000100101111111111110010mmmm", "bxj",          "v5TE", "branch",              "bxj{c} {m}"],
  ["cccc000100101111111111110011mmmm", "blx_reg",      "v5T",  "branch",              "blx{c} {m}"],
  ["cccc01111111vvvvvvvvvvvv1111vvvv", "udf",          "v4",   "branch",              "udf {#v}"],

  // System
  ["cccc1111vvvvvvvvvvvvvvvvvvvvvvvv", "svc",          "v4",   "system",              "svc{c} {#v}"],
  ["cccc00010010vvvvvvvvvvvv0111vvvv", "bkpt",         "v5T",  "system",              "bkpt {#v}"],
  ["cccc00010100vvvvvvvvvvvv0111vvvv", "hvc",          "v7VE", "system",              "hvc {#v}"],
  ["cccc000101100000000000000111vvvv", "smc",          "v6K",  "system",              "smc{c} {#v}"],
  ["cccc0001011000000000000001101110", "eret",         "v7VE", "system",              "eret{c}"],
  ["cccc00010R001111dddd000000000000", "mrs",          "v4",   "system",              "mrs{c} {d}, {psr}"],
  ["cccc00010R10kkkk111100000000nnnn", "msr_reg",      "v4",   "system",              "msr{c} {psrmask}, {n}"],
  ["cccc00110R10kkkk1111vvvvvvvvvvvv", "msr_imm",      "v4",   "system",              "msr{c} {psrmask}, {const}"],
  ["cccc00010R00vvvvdddd001x00000000", "mrs_bank",     "v7VE", "system",              "mrs{c} {d}, {banked}"],
  ["cccc00010R10vvvv1111001x0000nnnn", "msr_bank",     "v7VE", "system",              "msr{c} {banked}, {n}"],
  ["111100010000iiM00000000AIF0vvvvv", "cps",          "v6",   "system",              "{cps}"],
  ["1111000100000001000000e000000000", "setend",       "v6",   "system",              "setend {e}"],
  ["1111100PU1W0110100000101000vvvvv", "srs",          "v6",   "system",              "srs{amode+} sp{W}, {#v}"],
  ["1111100PU0W1nnnn0000101000000000", "rfe",          "v6",   "system",              "rfe{amode+} {n}{W}"],

  // Coprocessor
  ["cccc1110oooonnnnddddkkkkqqq0mmmm", "cdp",          "v4",   "coprocessor",         "cdp{c} {k}, {#o}, c{rawd}, c{rawn}, c{rawm}, {#q}"],
  ["cccc1110ooo0nnnnttttkkkkqqq1mmmm", "mcr",          "v4",   "coprocessor",         "mcr{c} {k}, {#o}, {t}, c{rawn}, c{rawm}, {#q}"],
  ["cccc1110ooo1nnnnttttkkkkqqq1mmmm", "mrc",          "v4",   "coprocessor",         "mrc{c} {k}, {#o}, {tflags}, c{rawn}, c{rawm}, {#q}"],
  ["cccc11000100aaaattttkkkkoooommmm", "mcrr",         "v5TE", "coprocessor",         "mcrr{c} {k}, {#o}, {t}, {a}, c{rawm}"],
  ["cccc11000101aaaattttkkkkoooommmm", "mrrc",         "v5TE", "coprocessor",         "mrrc{c} {k}, {#o}, {t}, {a}, c{rawm}"],
  ["cccc110PUDW0nnnnddddkkkkvvvvvvvv", "stc",          "v4",   "coprocessor",         "stc{D}{c} {k}, c{rawd}, {memcp}"],
  ["cccc110PUDW1nnnnddddkkkkvvvvvvvv", "ldc",          "v4",   "coprocessor",         "ldc{D}{c} {k}, c{rawd}, {memcp}"],
] as const;

/** The groups of the A32 handlers. */
export type A32Group = (typeof A32_ROWS)[number][3];

/** Names of the handlers in a group. */
export type A32HandlerName<G extends A32Group = A32Group> = Extract<
  (typeof A32_ROWS)[number],
  readonly [string, string, string, G, string]
>[1];
