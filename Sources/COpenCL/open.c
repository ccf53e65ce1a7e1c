#include "copencl.h"
#include <dlfcn.h>

// A library stays open as long as the process: drivers do not take being closed well.
static void *opened(const char *name, const char **problem) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) *problem = dlerror();
  return library;
}

#define PARE_FIND(name, result, arguments) \
  *(void **)&table->name = dlsym(library, #name); \
  if (!table->name) return dlerror();

const char *pare_opencl_open(pare_opencl *table) {
  const char *problem = "";
  void *library = opened("libOpenCL.so.1", &problem);
  if (!library) return problem;
  PARE_OPENCL_FUNCTIONS(PARE_FIND)
  return NULL;
}

const char *pare_clblast_open(pare_clblast *table) {
  const char *problem = "";
  void *library = opened("libclblast.so.1", &problem);
  if (!library) return problem;
  PARE_CLBLAST_FUNCTIONS(PARE_FIND)
  return NULL;
}
