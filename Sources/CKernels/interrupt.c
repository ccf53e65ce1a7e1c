#include "ckernels.h"
#include <stdatomic.h>

static _Atomic int requested;
static _Atomic int held;

void pare_interrupt_set(int value) { atomic_store_explicit(&requested, value, memory_order_relaxed); }

int pare_interrupt_get(void) {
  return atomic_load_explicit(&requested, memory_order_relaxed) &&
         !atomic_load_explicit(&held, memory_order_relaxed);
}

void pare_interrupt_hold(int change) {
  atomic_fetch_add_explicit(&held, change, memory_order_relaxed);
}
