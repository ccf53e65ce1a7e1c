// What CLBlast has no product for.

/// out [rows, columns] = left [rows, inner] · right [inner, columns], wrapping around.
KERNEL void multiply_integers(
    IN(long, left), IN(long, right), OUT(long, out), long columns, long inner, long count) {
  AT(left);
  AT(right);
  AT(out);
  EACH(i, count) {
    const long row = i / columns, column = i % columns;
    ulong sum = 0;
    for (long k = 0; k < inner; k++)
      sum += (ulong)left[row * inner + k] * (ulong)right[k * columns + column];
    out[i] = (long)sum;
  }
}
