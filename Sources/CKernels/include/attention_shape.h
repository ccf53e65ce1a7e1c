#pragma once
#include <stdint.h>

/// The sizes of attention, described in loops/attention.h; a window of INT64_MAX hides nothing.
typedef struct {
  int64_t batch, heads, kv_heads, head_dim;
  int64_t queries, keys, key_capacity, window;
  float scale;
} pare_attention;

/// Queries of a block, and keys of a block, of attention in f32 and in bf16; the gradient in bf16
/// takes panels of keys.
enum {
  PARE_QUERY_BLOCK = 64,
  PARE_KEY_BLOCK = 128,
  PARE_BFLOAT_QUERY_BLOCK = 48,
  PARE_BFLOAT_KEY_BLOCK = 128,
  PARE_BFLOAT_KEY_PANEL = 64
};
