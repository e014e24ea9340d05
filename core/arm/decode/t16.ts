/**
 * The 16-bit Thumb encodings: one row an encoding, in the columns of a32.ts; the last one is
 * explained in details.ts. Several rows may have the same handler, most often one of A32: the
 * details give the fields that the encoding implies.
 * @module
 */

// deno-fmt-ignore
/** All rows. */
export const T16_ROWS = [

  // Shift by a constant, add and subtract, move and compare
  ["00000zzzzzmmmddd", "mov_reg",   "v4T",  "data_processing",     "{shiftmov}",                       "y=0 S=flags"],
  ["00001zzzzzmmmddd", "mov_reg",   "v4T",  "data_processing",     "{shiftmov}",                       "y=1 S=flags"],
  ["00010zzzzzmmmddd", "mov_reg",   "v4T",  "data_processing",     "{shiftmov}",                       "y=2 S=flags"],
  ["0001100mmmnnnddd", "add_reg",   "v4T",  "data_processing",     "add{S}{c} {d}, {n}, {m}",          "S=flags"],
  ["0001101mmmnnnddd", "sub_reg",   "v4T",  "data_processing",     "sub{S}{c} {d}, {n}, {m}",          "S=flags"],
  ["0001110vvvnnnddd", "add_imm",   "v4T",  "data_processing",     "add{S}{c} {d}, {n}, {#v}",         "S=flags"],
  ["0001111vvvnnnddd", "sub_imm",   "v4T",  "data_processing",     "sub{S}{c} {d}, {n}, {#v}",         "S=flags"],
  ["00100dddvvvvvvvv", "mov_imm",   "v4T",  "data_processing",     "mov{S}{c} {d}, {#v}",              "S=flags"],
  ["00101nnnvvvvvvvv", "cmp_imm",   "v4T",  "data_processing",     "cmp{c} {n}, {#v}"],
  ["00110dddvvvvvvvv", "add_imm",   "v4T",  "data_processing",     "add{S}{c} {d}, {#v}",              "n=d S=flags"],
  ["00111dddvvvvvvvv", "sub_imm",   "v4T",  "data_processing",     "sub{S}{c} {d}, {#v}",              "n=d S=flags"],

  // Data processing on low registers
  ["0100000000mmmddd", "and_reg",   "v4T",  "data_processing",     "and{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100000001mmmddd", "eor_reg",   "v4T",  "data_processing",     "eor{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100000010sssddd", "mov_rsr",   "v4T",  "data_processing",     "lsl{S}{c} {d}, {s}",               "m=d y=0 S=flags"],
  ["0100000011sssddd", "mov_rsr",   "v4T",  "data_processing",     "lsr{S}{c} {d}, {s}",               "m=d y=1 S=flags"],
  ["0100000100sssddd", "mov_rsr",   "v4T",  "data_processing",     "asr{S}{c} {d}, {s}",               "m=d y=2 S=flags"],
  ["0100000101mmmddd", "adc_reg",   "v4T",  "data_processing",     "adc{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100000110mmmddd", "sbc_reg",   "v4T",  "data_processing",     "sbc{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100000111sssddd", "mov_rsr",   "v4T",  "data_processing",     "ror{S}{c} {d}, {s}",               "m=d y=3 S=flags"],
  ["0100001000mmmnnn", "tst_reg",   "v4T",  "data_processing",     "tst{c} {n}, {m}"],
  ["0100001001nnnddd", "rsb_imm",   "v4T",  "data_processing",     "rsb{S}{c} {d}, {n}, #0",           "S=flags"],
  ["0100001010mmmnnn", "cmp_reg",   "v4T",  "data_processing",     "cmp{c} {n}, {m}"],
  ["0100001011mmmnnn", "cmn_reg",   "v4T",  "data_processing",     "cmn{c} {n}, {m}"],
  ["0100001100mmmddd", "orr_reg",   "v4T",  "data_processing",     "orr{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100001101nnnddd", "mul",       "v4T",  "multiply",            "mul{S}{c} {d}, {n}, {d}",          "m=d S=flags"],
  ["0100001110mmmddd", "bic_reg",   "v4T",  "data_processing",     "bic{S}{c} {d}, {m}",               "n=d S=flags"],
  ["0100001111mmmddd", "mvn_reg",   "v4T",  "data_processing",     "mvn{S}{c} {d}, {m}",               "S=flags"],

  // Any register, branch and exchange
  ["01000100dmmmmddd", "add_reg",   "v4T",  "data_processing",     "add{c} {d}, {addhigh}",            "n=d"],
  ["01000101nmmmmnnn", "cmp_reg",   "v4T",  "data_processing",     "cmp{c} {n}, {m}"],
  ["01000110dmmmmddd", "mov_reg",   "v6",   "data_processing",     "mov{c} {d}, {m}"],
  ["010001110mmmm000", "bx",        "v4T",  "branch",              "bx{c} {m}"],
  ["010001111mmmm000", "blx_reg",   "v5T",  "branch",              "blx{c} {m}"],

  // Load and store
  ["01001tttvvvvvvvv", "ldr_imm",   "v4T",  "load_store",          "ldr{c} {t}, {literal}",            "n=15 P=1 U=1 v<2"],
  ["0101000mmmnnnttt", "str_reg",   "v4T",  "load_store",          "str{c} {t}, {memreg}",             "P=1 U=1"],
  ["0101001mmmnnnttt", "strh_reg",  "v4T",  "load_store",          "strh{c} {t}, {memreg}",            "P=1 U=1"],
  ["0101010mmmnnnttt", "strb_reg",  "v4T",  "load_store",          "strb{c} {t}, {memreg}",            "P=1 U=1"],
  ["0101011mmmnnnttt", "ldrsb_reg", "v4T",  "load_store",          "ldrsb{c} {t}, {memreg}",           "P=1 U=1"],
  ["0101100mmmnnnttt", "ldr_reg",   "v4T",  "load_store",          "ldr{c} {t}, {memreg}",             "P=1 U=1"],
  ["0101101mmmnnnttt", "ldrh_reg",  "v4T",  "load_store",          "ldrh{c} {t}, {memreg}",            "P=1 U=1"],
  ["0101110mmmnnnttt", "ldrb_reg",  "v4T",  "load_store",          "ldrb{c} {t}, {memreg}",            "P=1 U=1"],
  ["0101111mmmnnnttt", "ldrsh_reg", "v4T",  "load_store",          "ldrsh{c} {t}, {memreg}",           "P=1 U=1"],
  ["01100vvvvvnnnttt", "str_imm",   "v4T",  "load_store",          "str{c} {t}, {mem}",                "P=1 U=1 v<2"],
  ["01101vvvvvnnnttt", "ldr_imm",   "v4T",  "load_store",          "ldr{c} {t}, {mem}",                "P=1 U=1 v<2"],
  ["01110vvvvvnnnttt", "strb_imm",  "v4T",  "load_store",          "strb{c} {t}, {mem}",               "P=1 U=1"],
  ["01111vvvvvnnnttt", "ldrb_imm",  "v4T",  "load_store",          "ldrb{c} {t}, {mem}",               "P=1 U=1"],
  ["10000vvvvvnnnttt", "strh_imm",  "v4T",  "load_store",          "strh{c} {t}, {mem}",               "P=1 U=1 v<1"],
  ["10001vvvvvnnnttt", "ldrh_imm",  "v4T",  "load_store",          "ldrh{c} {t}, {mem}",               "P=1 U=1 v<1"],
  ["10010tttvvvvvvvv", "str_imm",   "v4T",  "load_store",          "str{c} {t}, {mem}",                "n=13 P=1 U=1 v<2"],
  ["10011tttvvvvvvvv", "ldr_imm",   "v4T",  "load_store",          "ldr{c} {t}, {mem}",                "n=13 P=1 U=1 v<2"],

  // Addresses
  ["10100dddvvvvvvvv", "adr",       "v4T",  "data_processing",     "adr{c} {d}, {#v}",                 "v<2"],
  ["10101dddvvvvvvvv", "addw",      "v4T",  "data_processing",     "add{c} {d}, {n}, {#v}",            "n=13 v<2"],
  ["101100000vvvvvvv", "addw",      "v4T",  "data_processing",     "add{c} {d}, {#v}",                 "d=13 n=13 v<2"],
  ["101100001vvvvvvv", "subw",      "v4T",  "data_processing",     "sub{c} {d}, {#v}",                 "d=13 n=13 v<2"],

  // Miscellaneous
  ["1011x0v1vvvvvnnn", "cbz",       "v6T2", "branch",              "{cbz} {n}, {target}",              "v<1"],
  ["1011001000mmmddd", "sxth",      "v6",   "packing",             "sxth{c} {d}, {m}"],
  ["1011001001mmmddd", "sxtb",      "v6",   "packing",             "sxtb{c} {d}, {m}"],
  ["1011001010mmmddd", "uxth",      "v6",   "packing",             "uxth{c} {d}, {m}"],
  ["1011001011mmmddd", "uxtb",      "v6",   "packing",             "uxtb{c} {d}, {m}"],
  ["10110100gggggggg", "stm",       "v4T",  "load_store_multiple", "push{c} {g}",                      "n=13 P=1 W=1"],
  ["10110101gggggggg", "stm",       "v4T",  "load_store_multiple", "push{c} {g}",                      "n=13 P=1 W=1 g|16384"],
  ["101101100101e000", "setend",    "v6",   "system",              "setend {e}"],
  ["10110110011i0AIF", "cps",       "v6",   "system",              "{cps}",                            "i|2"],
  ["1011101000mmmddd", "rev",       "v6",   "bits",                "rev{c} {d}, {m}"],
  ["1011101001mmmddd", "rev16",     "v6",   "bits",                "rev16{c} {d}, {m}"],
  ["1011101011mmmddd", "revsh",     "v6",   "bits",                "revsh{c} {d}, {m}"],
  ["10111100gggggggg", "ldm",       "v4T",  "load_store_multiple", "pop{c} {g}",                       "n=13 U=1 W=1"],
  ["10111101gggggggg", "ldm",       "v4T",  "load_store_multiple", "pop{c} {g}",                       "n=13 U=1 W=1 g|32768"],
  ["10111110vvvvvvvv", "bkpt",      "v5T",  "system",              "bkpt {#v}",                        "c=14"],
  ["10111111kkkkvvvv", "it",        "v6T2", "hints",               "{it}",                             "v!0"],
  ["1011111100000000", "nop",       "v6T2", "hints",               "nop{c}"],
  ["1011111100010000", "yield",     "v7",   "hints",               "yield{c}"],
  ["1011111100100000", "wfe",       "v7",   "hints",               "wfe{c}"],
  ["1011111100110000", "wfi",       "v7",   "hints",               "wfi{c}"],
  ["1011111101000000", "sev",       "v7",   "hints",               "sev{c}"],
  ["10111111vvvv0000", "hint",      "v7",   "hints",               "hint{c} {#v}"],

  // Load and store multiple
  ["11000nnngggggggg", "stm",       "v4T",  "load_store_multiple", "stm{c} {n}!, {g}",                 "U=1 W=1"],
  ["11001nnngggggggg", "ldm",       "v4T",  "load_store_multiple", "ldm{c} {n}{W}, {g}",               "U=1 W=unloaded"],

  // Branch and supervisor call
  ["1101ccccvvvvvvvv", "b",         "v4T",  "branch",              "b{c} {target}",                    "v~8 v<1"],
  ["11011110vvvvvvvv", "udf",       "v4T",  "branch",              "udf {#v}"],
  ["11011111vvvvvvvv", "svc",       "v4T",  "system",              "svc{c} {#v}"],
  ["11100vvvvvvvvvvv", "b",         "v4T",  "branch",              "b{c} {target}",                    "v~11 v<1"],
] as const;
