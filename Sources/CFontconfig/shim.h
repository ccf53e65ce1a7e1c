#pragma once
#include <fontconfig/fontconfig.h>

// Macros of strings, which Swift does not import.
static inline const char *pare_fc_family(void) { return FC_FAMILY; }
static inline const char *pare_fc_charset(void) { return FC_CHARSET; }
static inline const char *pare_fc_scalable(void) { return FC_SCALABLE; }
static inline const char *pare_fc_color(void) { return FC_COLOR; }
static inline const char *pare_fc_slant(void) { return FC_SLANT; }
static inline const char *pare_fc_weight(void) { return FC_WEIGHT; }
