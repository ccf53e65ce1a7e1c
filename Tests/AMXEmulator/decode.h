#pragma once
#include "amx_emulator.h"
#include <ucontext.h>

/// What the bytes at the instruction pointer are.
enum amx_encoding {
  /// Nothing of AMX: another's SIGILL.
  AMX_FOREIGN,
  /// An AMX instruction that no processor runs, or one that is not emulated.
  AMX_REFUSED,
  /// One that can be carried out.
  AMX_VALID,
};

/// One decoded instruction.
struct amx_decoded {
  enum amx_instruction kind;
  /// Bytes of the instruction.
  int length;
  /// TDPBF16PS: destination, left and right factor. Else the first is the tile, if there is one.
  int tiles[3];
  /// Base and displacement; of a configuration the whole address.
  uintptr_t address;
  /// Bytes from one row of a tile to the next, the scaled index.
  intptr_t stride;
  /// Why it is refused.
  const char *problem;
};

/// Decodes the instruction at RIP with the values that the registers had there.
enum amx_encoding amx_decode(const greg_t *registers, struct amx_decoded *out);
