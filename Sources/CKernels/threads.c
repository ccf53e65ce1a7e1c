#define _GNU_SOURCE
#include "ckernels.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

typedef void (*set_num_threads_function)(int);

static set_num_threads_function set_num_threads;
static pthread_once_t found = PTHREAD_ONCE_INIT;

// oneDNN brings its OpenMP library with it; naming that library at link time would need its
// development package.
static void find_set_num_threads(void) {
  void *symbol = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  __builtin_memcpy(&set_num_threads, &symbol, sizeof symbol);
}

void pare_openmp_alone(void) {
  static _Thread_local int done;
  if (done) return;
  done = 1;
  pthread_once(&found, find_set_num_threads);
  if (set_num_threads) set_num_threads(1);
}

int pare_allowed_cores(void) {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) return CPU_COUNT(&mask);
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
