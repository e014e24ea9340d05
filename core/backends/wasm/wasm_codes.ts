/**
 * The part of the WebAssembly binary format that the backend emits: value types, sections,
 * opcodes. Numbers are those of the WebAssembly core, threads and tail-call specifications.
 * @module
 */

/** Value types, the prefix of a non-null reference type and the empty block type. */
export const WASM_TYPE = {
  I32: 0x7f,
  I64: 0x7e,
  F32: 0x7d,
  F64: 0x7c,
  V128: 0x7b,
  REF: 0x64,
  FUNC: 0x60,
  EMPTY: 0x40,
} as const;

/** Section numbers. */
export const SECTION = {
  CUSTOM: 0,
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  EXPORT: 7,
  ELEMENT: 9,
  CODE: 10,
} as const;

/** Kinds of imports and exports. */
export const EXTERNAL = { FUNCTION: 0, TABLE: 1, MEMORY: 2 } as const;

/** One-byte opcodes. */
export const W = {
  UNREACHABLE: 0x00,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  RETURN: 0x0f,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  RETURN_CALL_INDIRECT: 0x13,
  DROP: 0x1a,
  SELECT: 0x1b,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  LOCAL_TEE: 0x22,
  I32_LOAD: 0x28,
  I64_LOAD: 0x29,
  F32_LOAD: 0x2a,
  F64_LOAD: 0x2b,
  I32_LOAD8_S: 0x2c,
  I32_LOAD8_U: 0x2d,
  I32_LOAD16_S: 0x2e,
  I32_LOAD16_U: 0x2f,
  I32_STORE: 0x36,
  I64_STORE: 0x37,
  F32_STORE: 0x38,
  F64_STORE: 0x39,
  I32_STORE8: 0x3a,
  I32_STORE16: 0x3b,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  F32_CONST: 0x43,
  F64_CONST: 0x44,
  I32_EQZ: 0x45,
  I32_EQ: 0x46,
  I32_NE: 0x47,
  I32_LT_S: 0x48,
  I32_LT_U: 0x49,
  I32_GT_S: 0x4a,
  I32_LE_S: 0x4c,
  I32_LE_U: 0x4d,
  I32_GE_U: 0x4f,
  I64_EQ: 0x51,
  I64_LT_S: 0x53,
  I64_LT_U: 0x54,
  F32_EQ: 0x5b,
  F32_NE: 0x5c,
  F32_LT: 0x5d,
  F64_EQ: 0x61,
  F64_NE: 0x62,
  F64_LT: 0x63,
  I32_CLZ: 0x67,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I32_MUL: 0x6c,
  I32_DIV_S: 0x6d,
  I32_DIV_U: 0x6e,
  I32_AND: 0x71,
  I32_OR: 0x72,
  I32_XOR: 0x73,
  I32_SHL: 0x74,
  I32_SHR_S: 0x75,
  I32_SHR_U: 0x76,
  I32_ROTL: 0x77,
  I32_ROTR: 0x78,
  I64_ADD: 0x7c,
  I64_SUB: 0x7d,
  I64_MUL: 0x7e,
  I64_AND: 0x83,
  I64_OR: 0x84,
  I64_XOR: 0x85,
  I64_SHL: 0x86,
  I64_SHR_S: 0x87,
  I64_SHR_U: 0x88,
  I64_ROTL: 0x89,
  F32_TRUNC: 0x8f,
  F32_NEAREST: 0x90,
  F32_SQRT: 0x91,
  F32_ADD: 0x92,
  F32_SUB: 0x93,
  F32_MUL: 0x94,
  F32_DIV: 0x95,
  F64_TRUNC: 0x9d,
  F64_NEAREST: 0x9e,
  F64_SQRT: 0x9f,
  F64_ADD: 0xa0,
  F64_SUB: 0xa1,
  F64_MUL: 0xa2,
  F64_DIV: 0xa3,
  I32_WRAP_I64: 0xa7,
  I64_EXTEND_I32_S: 0xac,
  I64_EXTEND_I32_U: 0xad,
  F32_CONVERT_I32_S: 0xb2,
  F32_CONVERT_I32_U: 0xb3,
  F32_DEMOTE_F64: 0xb6,
  F64_CONVERT_I32_S: 0xb7,
  F64_CONVERT_I32_U: 0xb8,
  F64_PROMOTE_F32: 0xbb,
  I32_REINTERPRET_F32: 0xbc,
  I64_REINTERPRET_F64: 0xbd,
  F32_REINTERPRET_I32: 0xbe,
  F64_REINTERPRET_I64: 0xbf,
  I32_EXTEND8_S: 0xc0,
  I32_EXTEND16_S: 0xc1,
  REF_FUNC: 0xd2,
  /** First byte of the two-byte opcodes below. */
  PREFIX_BULK: 0xfc,
  PREFIX_SIMD: 0xfd,
  PREFIX_ATOMIC: 0xfe,
} as const;

/** Second byte after PREFIX_BULK. */
export const WBULK = { TABLE_FILL: 17 } as const;

/** Second byte after PREFIX_ATOMIC. */
export const WATOMIC = {
  NOTIFY: 0x00,
  WAIT32: 0x01,
  FENCE: 0x03,
  I32_LOAD: 0x10,
  I64_LOAD: 0x11,
  I32_LOAD8_U: 0x12,
  I32_LOAD16_U: 0x13,
  I32_STORE: 0x17,
  I64_STORE: 0x18,
  I32_STORE8: 0x19,
  I32_STORE16: 0x1a,
  /**
   * First of the seven codes of an operation: i32, i64, i32 8 bits, i32 16 bits, i64 8, 16, 32
   * bits.
   */
  RMW_ADD: 0x1e,
  RMW_SUB: 0x25,
  RMW_AND: 0x2c,
  RMW_OR: 0x33,
  RMW_XOR: 0x3a,
  RMW_XCHG: 0x41,
  RMW_CMPXCHG: 0x48,
} as const;

/** Place of an i32 access of 1, 2 or 4 bytes (index: log2) among the seven codes of a RMW operation. */
export const RMW_I32_VARIANT: readonly number[] = [2, 3, 0];
/** Place of the 8-byte access among the seven codes. */
export const RMW_I64_VARIANT = 1;
