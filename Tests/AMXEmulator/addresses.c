// Loads of tile 5 by every register as a base, and every one but RSP, which cannot be, as an index.
// A compiler uses only a few, so these are written out.
#if defined(__x86_64__) && defined(__linux__)
#include <stdint.h>

typedef void address_function(const void *base, intptr_t index);
address_function *amx_address_function(int variant, int *displacement, int *scale);

// RDI holds the base, RSI the index. Vector registers, which a signal leaves alone, carry both past
// the choice of registers, and the stack pointer over the time when it is something else.
#define LOAD_BEGIN(NAME) \
  ".type " NAME ", @function\n" NAME ":\n" \
  "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n" \
  "  movq %rsp, %xmm0\n  movq %rdi, %xmm1\n  movq %rsi, %xmm2\n"
#define LOAD_END \
  "  movq %xmm0, %rsp\n" \
  "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n  ret\n"

#define LOAD(NUMBER, BASE, INDEX, SCALE, DISPLACEMENT) \
  __asm__(LOAD_BEGIN("amx_load_" #NUMBER) "  movq %xmm1, %" #BASE "\n  movq %xmm2, %" #INDEX \
          "\n  tileloadd " #DISPLACEMENT "(%" #BASE ",%" #INDEX "," #SCALE "), %tmm5\n" LOAD_END); \
  void amx_load_##NUMBER(const void *base, intptr_t index);

// The variant's number is its base register's; the index is the register after it.
LOAD(0, rax, rcx, 1, 0)
LOAD(1, rcx, rdx, 2, 64)
LOAD(2, rdx, rbx, 4, -64)
LOAD(4, rsp, rbp, 1, 0)
LOAD(5, rbp, rsi, 2, 0)
LOAD(6, rsi, rdi, 4, 4096)
LOAD(7, rdi, r8, 1, -4096)
LOAD(8, r8, r9, 1, 127)
LOAD(9, r9, r10, 2, -128)
LOAD(10, r10, r11, 4, 128)
LOAD(11, r11, r12, 1, 0)
LOAD(12, r12, r13, 2, 8)
LOAD(13, r13, r14, 4, 0)
LOAD(14, r14, r15, 8, 100000)
LOAD(15, r15, rax, 1, -100000)

// RSP would follow RBX, so this one has no index.
__asm__(LOAD_BEGIN("amx_load_3") "  movq %xmm1, %rbx\n  tileloadd 16(%rbx), %tmm5\n" LOAD_END);
void amx_load_3(const void *base, intptr_t index);

static const struct {
  address_function *load;
  int displacement, scale;
} variants[16] = {
    {amx_load_0, 0, 1},      {amx_load_1, 64, 2},       {amx_load_2, -64, 4},
    {amx_load_3, 16, 1},     {amx_load_4, 0, 1},        {amx_load_5, 0, 2},
    {amx_load_6, 4096, 4},   {amx_load_7, -4096, 1},    {amx_load_8, 127, 1},
    {amx_load_9, -128, 2},   {amx_load_10, 128, 4},     {amx_load_11, 0, 1},
    {amx_load_12, 8, 2},     {amx_load_13, 0, 4},       {amx_load_14, 100000, 8},
    {amx_load_15, -100000, 1},
};

address_function *amx_address_function(int variant, int *displacement, int *scale) {
  *displacement = variants[variant].displacement;
  *scale = variants[variant].scale;
  return variants[variant].load;
}
#endif
