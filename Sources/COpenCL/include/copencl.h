#pragma once
#include <stddef.h>
#include <stdint.h>

// What Pare uses of OpenCL 1.2 and CLBlast, declared here and opened at run time: neither is needed
// to build or to start. Names are the specification's.

typedef struct pare_cl_platform *cl_platform_id;
typedef struct pare_cl_device *cl_device_id;
typedef struct pare_cl_context *cl_context;
typedef struct pare_cl_queue *cl_command_queue;
typedef struct pare_cl_mem *cl_mem;
typedef struct pare_cl_program *cl_program;
typedef struct pare_cl_kernel *cl_kernel;
typedef struct pare_cl_event *cl_event;
typedef int32_t cl_int;
typedef uint32_t cl_uint;
typedef uint64_t cl_bitfield;

enum {
  CL_FALSE = 0,
  CL_TRUE = 1,
  CL_COMPLETE = 0,

  CL_PLATFORM_NAME = 0x0902,
  CL_DEVICE_TYPE = 0x1000,
  CL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004,
  CL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010,
  CL_DEVICE_GLOBAL_MEM_SIZE = 0x101F,
  CL_DEVICE_NAME = 0x102B,
  CL_DRIVER_VERSION = 0x102D,
  CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT = 0x103A,

  CL_EVENT_COMMAND_EXECUTION_STATUS = 0x11D3,

  CL_PROGRAM_BINARY_SIZES = 0x1165,
  CL_PROGRAM_BINARIES = 0x1166,
  CL_PROGRAM_BUILD_LOG = 0x1183,
};

static const cl_bitfield CL_DEVICE_TYPE_CPU = 1u << 1;
static const cl_bitfield CL_DEVICE_TYPE_ALL = 0xFFFFFFFFu;
static const cl_bitfield CL_MEM_READ_WRITE = 1u << 0;
static const cl_bitfield CL_MAP_WRITE_INVALIDATE_REGION = 1u << 2;

/// Every function of OpenCL that is used: its name, result and arguments.
#define PARE_OPENCL_FUNCTIONS(X) \
  X(clGetPlatformIDs, cl_int, (cl_uint, cl_platform_id *, cl_uint *)) \
  X(clGetPlatformInfo, cl_int, (cl_platform_id, cl_uint, size_t, void *, size_t *)) \
  X(clGetDeviceIDs, cl_int, (cl_platform_id, cl_bitfield, cl_uint, cl_device_id *, cl_uint *)) \
  X(clGetDeviceInfo, cl_int, (cl_device_id, cl_uint, size_t, void *, size_t *)) \
  X(clCreateContext, cl_context, \
    (const intptr_t *, cl_uint, const cl_device_id *, \
     void (*)(const char *, const void *, size_t, void *), void *, cl_int *)) \
  X(clReleaseContext, cl_int, (cl_context)) \
  X(clCreateCommandQueue, cl_command_queue, (cl_context, cl_device_id, cl_bitfield, cl_int *)) \
  X(clReleaseCommandQueue, cl_int, (cl_command_queue)) \
  X(clCreateBuffer, cl_mem, (cl_context, cl_bitfield, size_t, void *, cl_int *)) \
  X(clReleaseMemObject, cl_int, (cl_mem)) \
  X(clCreateProgramWithSource, cl_program, \
    (cl_context, cl_uint, const char **, const size_t *, cl_int *)) \
  X(clCreateProgramWithBinary, cl_program, \
    (cl_context, cl_uint, const cl_device_id *, const size_t *, const unsigned char **, cl_int *, \
     cl_int *)) \
  X(clBuildProgram, cl_int, \
    (cl_program, cl_uint, const cl_device_id *, const char *, void (*)(cl_program, void *), \
     void *)) \
  X(clGetProgramInfo, cl_int, (cl_program, cl_uint, size_t, void *, size_t *)) \
  X(clGetProgramBuildInfo, cl_int, \
    (cl_program, cl_device_id, cl_uint, size_t, void *, size_t *)) \
  X(clReleaseProgram, cl_int, (cl_program)) \
  X(clCreateKernel, cl_kernel, (cl_program, const char *, cl_int *)) \
  X(clReleaseKernel, cl_int, (cl_kernel)) \
  X(clSetKernelArg, cl_int, (cl_kernel, cl_uint, size_t, const void *)) \
  X(clEnqueueNDRangeKernel, cl_int, \
    (cl_command_queue, cl_kernel, cl_uint, const size_t *, const size_t *, const size_t *, \
     cl_uint, const cl_event *, cl_event *)) \
  X(clEnqueueReadBuffer, cl_int, \
    (cl_command_queue, cl_mem, cl_uint, size_t, size_t, void *, cl_uint, const cl_event *, \
     cl_event *)) \
  X(clEnqueueWriteBuffer, cl_int, \
    (cl_command_queue, cl_mem, cl_uint, size_t, size_t, const void *, cl_uint, const cl_event *, \
     cl_event *)) \
  X(clEnqueueMapBuffer, void *, \
    (cl_command_queue, cl_mem, cl_uint, cl_bitfield, size_t, size_t, cl_uint, const cl_event *, \
     cl_event *, cl_int *)) \
  X(clEnqueueUnmapMemObject, cl_int, \
    (cl_command_queue, cl_mem, void *, cl_uint, const cl_event *, cl_event *)) \
  X(clGetEventInfo, cl_int, (cl_event, cl_uint, size_t, void *, size_t *)) \
  X(clSetEventCallback, cl_int, \
    (cl_event, cl_int, void (*)(cl_event, cl_int, void *), void *)) \
  X(clReleaseEvent, cl_int, (cl_event)) \
  X(clFlush, cl_int, (cl_command_queue)) \
  X(clFinish, cl_int, (cl_command_queue))

enum {
  CLBlastLayoutColMajor = 102,
  CLBlastTransposeNo = 111,
  CLBlastTransposeYes = 112,
  CLBlastPrecisionSingle = 32,
};

/// Every function of CLBlast that is used; offsets and distances count elements.
#define PARE_CLBLAST_FUNCTIONS(X) \
  X(CLBlastSgemv, int, \
    (int layout, int transpose, size_t m, size_t n, float alpha, cl_mem a, size_t a_offset, \
     size_t a_ld, cl_mem x, size_t x_offset, size_t x_inc, float beta, cl_mem y, \
     size_t y_offset, size_t y_inc, cl_command_queue *, cl_event *)) \
  X(CLBlastSgemmStridedBatched, int, \
    (int layout, int a_transpose, int b_transpose, size_t m, size_t n, size_t k, float alpha, \
     cl_mem a, size_t a_offset, size_t a_ld, size_t a_stride, cl_mem b, size_t b_offset, \
     size_t b_ld, size_t b_stride, float beta, cl_mem c, size_t c_offset, size_t c_ld, \
     size_t c_stride, size_t batch, cl_command_queue *, cl_event *)) \
  X(CLBlastSgemmWithTempBuffer, int, \
    (int layout, int a_transpose, int b_transpose, size_t m, size_t n, size_t k, float alpha, \
     cl_mem a, size_t a_offset, size_t a_ld, cl_mem b, size_t b_offset, size_t b_ld, float beta, \
     cl_mem c, size_t c_offset, size_t c_ld, cl_command_queue *, cl_event *, \
     cl_mem temporary)) \
  X(CLBlastSGemmTempBufferSize, int, \
    (int layout, int a_transpose, int b_transpose, size_t m, size_t n, size_t k, \
     size_t a_offset, size_t a_ld, size_t b_offset, size_t b_ld, size_t c_offset, size_t c_ld, \
     cl_command_queue *, size_t *bytes)) \
  X(CLBlastOverrideParameters, int, \
    (cl_device_id, const char *kernel, int precision, size_t count, const char **names, \
     const size_t *values))

#define PARE_MEMBER(name, result, arguments) result(*name) arguments;

/// The functions of the OpenCL library.
typedef struct {
  PARE_OPENCL_FUNCTIONS(PARE_MEMBER)
} pare_opencl;

/// The functions of CLBlast.
typedef struct {
  PARE_CLBLAST_FUNCTIONS(PARE_MEMBER)
} pare_clblast;

/// Opens libOpenCL.so.1 and fills the table. Null, or the loader's words for why it could not; then
/// the table is not to be used.
const char *pare_opencl_open(pare_opencl *table);

/// The same for libclblast.so.1.
const char *pare_clblast_open(pare_clblast *table);
