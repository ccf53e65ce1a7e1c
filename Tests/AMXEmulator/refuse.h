#pragma once
#include "decode.h"
#include "tiles.h"

/// Says on stderr what was refused, why, where and with which tiles, then aborts.
_Noreturn void amx_refuse(
    const char *problem, const struct amx_decoded *instruction, const struct tiles *tiles,
    uintptr_t place);
