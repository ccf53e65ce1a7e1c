#define _GNU_SOURCE
#if defined(__x86_64__) && defined(__linux__)
#include "decode.h"
#include <stdbool.h>
#include <string.h>

/// The mandatory prefix inside a VEX prefix.
enum { PREFIX_NONE, PREFIX_66, PREFIX_F3, PREFIX_F2 };

/// The fields of a VEX prefix, bits that it stores inverted turned back, and of ModRM.
struct fields {
  int reg_high, index_high, rm_high;
  int map, wide, second_source, is_256, prefix;
  int opcode;
  int mod, reg, rm;
  const uint8_t *after_modrm;
};

// The numbers of instruction encoding to those of the signal frame.
static const int frame_register[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static intptr_t register_value(const greg_t *registers, int number) {
  return (intptr_t)registers[frame_register[number]];
}

/// Opcodes of map 0F38 that only AMX uses in VEX form.
static bool is_amx_opcode(int opcode) {
  return (opcode >= 0x48 && opcode <= 0x4B) || opcode == 0x5C || opcode == 0x5E || opcode == 0x5F ||
         opcode == 0x6B || opcode == 0x6C;
}

/// Reads VEX, opcode and ModRM. False if this is no VEX instruction of map 0F38 with an opcode of
/// AMX; no byte is read beyond what tells so.
static bool read_fields(const uint8_t *at, struct fields *out) {
  // The two-byte form, C5, means map 0F, where AMX has nothing.
  if (at[0] != 0xC4) return false;
  out->reg_high = (~at[1] >> 7 & 1) << 3;
  out->index_high = (~at[1] >> 6 & 1) << 3;
  out->rm_high = (~at[1] >> 5 & 1) << 3;
  out->map = at[1] & 31;
  if (out->map != 2) return false;
  out->wide = at[2] >> 7;
  out->second_source = ~at[2] >> 3 & 15;
  out->is_256 = at[2] >> 2 & 1;
  out->prefix = at[2] & 3;
  out->opcode = at[3];
  if (!is_amx_opcode(out->opcode)) return false;
  out->mod = at[4] >> 6;
  out->reg = (at[4] >> 3 & 7) | out->reg_high;
  out->rm = at[4] & 7;
  out->after_modrm = at + 5;
  return true;
}

/// Which instruction the opcode, prefix and ModRM name. False if it is none that is emulated.
static bool find_kind(const struct fields *in, enum amx_instruction *kind) {
  const bool is_register = in->mod == 3;
  switch (in->opcode << 4 | in->prefix) {
    case 0x49 << 4 | PREFIX_NONE:
      if (in->reg) return false;
      if (is_register && (in->rm | in->rm_high)) return false;
      *kind = is_register ? AMX_TILERELEASE : AMX_LDTILECFG;
      return true;
    case 0x49 << 4 | PREFIX_66:
      *kind = AMX_STTILECFG;
      return !is_register && in->reg == 0;
    case 0x49 << 4 | PREFIX_F2:
      *kind = AMX_TILEZERO;
      return is_register && (in->rm | in->rm_high) == 0;
    case 0x4B << 4 | PREFIX_F2: *kind = AMX_TILELOADD; return !is_register;
    case 0x4B << 4 | PREFIX_66: *kind = AMX_TILELOADDT1; return !is_register;
    case 0x4B << 4 | PREFIX_F3: *kind = AMX_TILESTORED; return !is_register;
    case 0x5C << 4 | PREFIX_F3: *kind = AMX_TDPBF16PS; return is_register;
    default: return false;
  }
}

/// Finds base with displacement and scaled index of the memory operand. Returns the byte behind it.
static const uint8_t *read_memory_operand(
    const struct fields *in, const greg_t *registers, struct amx_decoded *out) {
  const uint8_t *at = in->after_modrm;
  int displacement_bytes = in->mod == 1 ? 1 : in->mod == 2 ? 4 : 0;
  bool is_relative = false, has_base = true;
  int base = in->rm | in->rm_high;
  out->stride = 0;
  if (in->rm == 4) {
    const int sib = *at++;
    const int index = (sib >> 3 & 7) | in->index_high;
    base = (sib & 7) | in->rm_high;
    // Number 4 is no index; R12 is one.
    if (index != 4) {
      out->stride = (intptr_t)((uintptr_t)register_value(registers, index) << (sib >> 6));
    }
    has_base = !((sib & 7) == 5 && in->mod == 0);
  } else {
    is_relative = in->rm == 5 && in->mod == 0;
  }
  if (!has_base || is_relative) displacement_bytes = 4;
  int32_t displacement = 0;
  if (displacement_bytes == 1) displacement = (int8_t)*at;
  if (displacement_bytes == 4) memcpy(&displacement, at, sizeof displacement);
  at += displacement_bytes;
  uintptr_t address = (uintptr_t)(intptr_t)displacement;
  if (is_relative) {
    address += (uintptr_t)at;
  } else if (has_base) {
    address += (uintptr_t)register_value(registers, base);
  }
  out->address = address;
  return at;
}

/// What is wrong with an instruction whose kind is known, or null.
static const char *find_problem(const struct fields *in, enum amx_instruction kind) {
  if (in->is_256) return "VEX.L is not 0";
  if (in->wide) return "VEX.W is not 0";
  if (kind != AMX_TDPBF16PS && in->second_source) return "VEX.vvvv is not 1111b";
  const bool is_load_or_store =
      kind == AMX_TILELOADD || kind == AMX_TILELOADDT1 || kind == AMX_TILESTORED;
  if (is_load_or_store && in->rm != 4) return "the memory operand has no SIB byte";
  if (in->reg > 7) return "there is no tile over 7";
  if (kind == AMX_TDPBF16PS && ((in->rm | in->rm_high) > 7 || in->second_source > 7)) {
    return "there is no tile over 7";
  }
  return 0;
}

enum amx_encoding amx_decode(const greg_t *registers, struct amx_decoded *out) {
  const uint8_t *start = (const uint8_t *)registers[REG_RIP];
  struct fields fields;
  memset(out, 0, sizeof *out);
  if (!read_fields(start, &fields)) return AMX_FOREIGN;
  if (!find_kind(&fields, &out->kind)) {
    out->problem = "this AMX instruction is not emulated";
    return AMX_REFUSED;
  }
  out->problem = find_problem(&fields, out->kind);
  if (out->problem) return AMX_REFUSED;
  out->tiles[0] = fields.reg;
  out->tiles[1] = fields.rm | fields.rm_high;
  out->tiles[2] = fields.second_source;
  const uint8_t *end = fields.after_modrm;
  if (fields.mod != 3) end = read_memory_operand(&fields, registers, out);
  const bool is_configuration = out->kind == AMX_LDTILECFG || out->kind == AMX_STTILECFG;
  if (is_configuration) out->address += (uintptr_t)out->stride;
  out->length = (int)(end - start);
  return AMX_VALID;
}
#endif
