#if defined(__x86_64__) && defined(__linux__)
#include "refuse.h"
#include <stdlib.h>
#include <unistd.h>

// printf may not be called in a signal handler.
struct message {
  char text[512];
  size_t count;
};

static void append(struct message *message, const char *text) {
  while (*text && message->count < sizeof message->text) message->text[message->count++] = *text++;
}

static void append_number(struct message *message, uintptr_t value, unsigned base) {
  char digits[24];
  size_t begin = sizeof digits - 1;
  digits[begin] = 0;
  do {
    digits[--begin] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  append(message, digits + begin);
}

static const char *const names[AMX_INSTRUCTION_COUNT] = {
    "LDTILECFG", "STTILECFG",   "TILERELEASE", "TILEZERO",
    "TILELOADD", "TILELOADDT1", "TILESTORED",  "TDPBF16PS",
};

static void append_tile(struct message *message, const struct tiles *tiles, int tile) {
  append(message, " tmm");
  append_number(message, (uintptr_t)tile, 10);
  append(message, " ");
  append_number(message, tiles->rows[tile], 10);
  append(message, "x");
  append_number(message, tiles->row_bytes[tile], 10);
}

void amx_refuse(
    const char *problem, const struct amx_decoded *instruction, const struct tiles *tiles,
    uintptr_t place) {
  struct message message = {.count = 0};
  append(&message, "AMX emulator: ");
  // Without a length the instruction was not decoded.
  append(&message, instruction->length ? names[instruction->kind] : "instruction");
  append(&message, " at 0x");
  append_number(&message, place, 16);
  append(&message, " refused: ");
  append(&message, problem);
  if (instruction->length && instruction->kind >= AMX_TILEZERO) {
    append(&message, ";");
    const int count = instruction->kind == AMX_TDPBF16PS ? 3 : 1;
    for (int i = 0; i < count; i++) append_tile(&message, tiles, instruction->tiles[i]);
  }
  append(&message, "\n");
  ssize_t written = write(STDERR_FILENO, message.text, message.count);
  (void)written;
  abort();
}
#endif
