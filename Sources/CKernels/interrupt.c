#include "ckernels.h"
#include <stdatomic.h>

static _Atomic int requested;

void pare_interrupt_set(int value) { atomic_store_explicit(&requested, value, memory_order_relaxed); }

int pare_interrupt_get(void) { return atomic_load_explicit(&requested, memory_order_relaxed); }
