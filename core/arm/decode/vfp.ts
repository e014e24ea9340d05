/**
 * The VFP encodings (VFPv4-D32): one row an encoding, as in a32.ts, in their A32 form. Their T32
 * forms are the same bits with the condition 1110; see vfp_neon_decoder.ts.
 *
 * Fields: a register's number is split: `D` and `d`, `N` and `n`, `M` and `m` (single precision:
 * the single bit is the lowest, double precision: the highest); `S` is 1 for double precision.
 * @module
 */

// deno-fmt-ignore
/** All rows. */
export const VFP_ROWS = [
  // Arithmetic
  ["cccc11100D00nnnndddd101SN0M0mmmm", "vmla_vfp",      "VFPv2", "vfp",          "vmla{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D00nnnndddd101SN1M0mmmm", "vmls_vfp",      "VFPv2", "vfp",          "vmls{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D01nnnndddd101SN0M0mmmm", "vnmls",         "VFPv2", "vfp",          "vnmls{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D01nnnndddd101SN1M0mmmm", "vnmla",         "VFPv2", "vfp",          "vnmla{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D10nnnndddd101SN0M0mmmm", "vmul_vfp",      "VFPv2", "vfp",          "vmul{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D10nnnndddd101SN1M0mmmm", "vnmul",         "VFPv2", "vfp",          "vnmul{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D11nnnndddd101SN0M0mmmm", "vadd_vfp",      "VFPv2", "vfp",          "vadd{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11100D11nnnndddd101SN1M0mmmm", "vsub_vfp",      "VFPv2", "vfp",          "vsub{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D00nnnndddd101SN0M0mmmm", "vdiv",          "VFPv2", "vfp",          "vdiv{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D01nnnndddd101SN0M0mmmm", "vfnms",         "VFPv4", "vfp",          "vfnms{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D01nnnndddd101SN1M0mmmm", "vfnma",         "VFPv4", "vfp",          "vfnma{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D10nnnndddd101SN0M0mmmm", "vfma_vfp",      "VFPv4", "vfp",          "vfma{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D10nnnndddd101SN1M0mmmm", "vfms_vfp",      "VFPv4", "vfp",          "vfms{c}{fs} {Fd}, {Fn}, {Fm}"],
  ["cccc11101D11vvvvdddd101S0000vvvv", "vmov_vfp_imm",  "VFPv3", "vfp",          "vmov{c}{fs} {Fd}, {fimm}"],
  ["cccc11101D110000dddd101S01M0mmmm", "vmov_vfp_reg",  "VFPv2", "vfp",          "vmov{c}{fs} {Fd}, {Fm}"],
  ["cccc11101D110000dddd101S11M0mmmm", "vabs_vfp",      "VFPv2", "vfp",          "vabs{c}{fs} {Fd}, {Fm}"],
  ["cccc11101D110001dddd101S01M0mmmm", "vneg_vfp",      "VFPv2", "vfp",          "vneg{c}{fs} {Fd}, {Fm}"],
  ["cccc11101D110001dddd101S11M0mmmm", "vsqrt",         "VFPv2", "vfp",          "vsqrt{c}{fs} {Fd}, {Fm}"],
  ["cccc11101D110100dddd101Se1M0mmmm", "vcmp",          "VFPv2", "vfp",          "vcmp{ve}{c}{fs} {Fd}, {Fm}"],
  ["cccc11101D110101dddd101Se1000000", "vcmp_zero",     "VFPv2", "vfp",          "vcmp{ve}{c}{fs} {Fd}, #0"],

  // Conversions
  ["cccc11101D11001odddd1010x1M0mmmm", "vcvt_half",     "VFPv3", "vfp_convert",  "vcvt{tb}{c}{hs} {Fd}, {Fm}"],
  ["cccc11101D110111dddd101S11M0mmmm", "vcvt_size",     "VFPv2", "vfp_convert",  "vcvt{c}{cs} {Fd^}, {Fm}"],
  ["cccc11101D111000dddd101Sx1M0mmmm", "vcvt_from_int", "VFPv2", "vfp_convert",  "vcvt{c}{fs}.{su}32 {Fd}, {Sm}"],
  ["cccc11101D11110xdddd101SR1M0mmmm", "vcvt_to_int",   "VFPv2", "vfp_convert",  "vcvt{rz}{c}.{su}32{fs} {Sd}, {Fm}"],
  ["cccc11101D111o1Udddd101Sx1i0vvvv", "vcvt_fixed",    "VFPv3", "vfp_convert",  "vcvt{c}{xs} {Fd}, {Fd}, {fbits}"],

  // Transfers between core and extension registers
  ["cccc1110000xnnnntttt1010N0010000", "vmov_core_s",   "VFPv2", "vfp_transfer", "vmov{c} {cs1}"],
  ["cccc11100oo0nnnntttt1011Nqq10000", "vmov_to_lane",  "VFPv2", "vfp_transfer", "vmov{c}{ls} {Ln}[{li}], {t}"],
  ["cccc1110Uoo1nnnntttt1011Nqq10000", "vmov_from_lane","VFPv2", "vfp_transfer", "vmov{c}{lsu} {t}, {Ln}[{li}]"],
  ["cccc11101xr0nnnntttt1011N0e10000", "vdup_core",     "SIMDv1","vfp_transfer", "vdup{c}{ds} {Rn}, {t}"],
  ["cccc1100010xaaaatttt101000M1mmmm", "vmov_core_ss",  "VFPv2", "vfp_transfer", "vmov{c} {css}"],
  ["cccc1100010xaaaatttt101100M1mmmm", "vmov_core_d",   "VFPv2", "vfp_transfer", "vmov{c} {cdd}"],
  ["cccc11101111nnnntttt101000010000", "vmrs",          "VFPv2", "vfp_transfer", "vmrs{c} {tflags}, {fpreg}"],
  ["cccc11101110nnnntttt101000010000", "vmsr",          "VFPv2", "vfp_transfer", "vmsr{c} {fpreg}, {t}"],

  // Loads and stores
  ["cccc1101UD01nnnndddd101Svvvvvvvv", "vldr",          "VFPv2", "vfp_memory",   "vldr{c} {Fd}, {fmem}"],
  ["cccc1101UD00nnnndddd101Svvvvvvvv", "vstr",          "VFPv2", "vfp_memory",   "vstr{c} {Fd}, {fmem}"],
  ["cccc110PUDW1nnnndddd101Svvvvvvvv", "vldm",          "VFPv2", "vfp_memory",   "{vldm}"],
  ["cccc110PUDW0nnnndddd101Svvvvvvvv", "vstm",          "VFPv2", "vfp_memory",   "{vstm}"],
] as const;
