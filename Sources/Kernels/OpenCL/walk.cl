// The way through operands that share a shape.

/// The axes from the last to the first, and each operand's strides over them.
typedef struct {
  long shape[RANK];
  long strides[3][RANK];
} walk;

// Declares how far element i of an operand is from where its index zero stands.
#define OFFSET(name, way, operand, i) \
  long name = 0; \
  { \
    long rest = i; \
    for (int axis = 0; axis < rank - 1; axis++) { \
      name += rest % way.shape[axis] * way.strides[operand][axis]; \
      rest /= way.shape[axis]; \
    } \
    name += rest * way.strides[operand][rank - 1]; \
  }
