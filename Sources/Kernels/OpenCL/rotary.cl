// Rotary position embedding (arXiv 2104.09864), a position a group.

/// (x₁, x₂) to (x₁ cos − x₂ sin, x₂ cos + x₁ sin); `direction` −1 turns back.
KERNEL void rotary(
    IN(float, x), IN(float, cosines), IN(float, sines), OUT(float, out), int time, int heads,
    int head_dim, int rotated, long first_position, float direction) {
  AT(x);
  AT(cosines);
  AT(sines);
  AT(out);
  const int pairs = rotated / 2, units = (pairs + LANES - 1) / LANES;
  const long entry = (first_position + ROW % time) * pairs;
  x += ROW * heads * head_dim;
  out += ROW * heads * head_dim;
  for (int item = MEMBER; item < heads * units; item += GROUP) {
    const int first = item % units * LANES, n = pairs - first;
    const int low = item / units * head_dim + first, high = low + pairs;
    const vec c = load_part(cosines + entry + first, n, 0);
    const vec s = load_part(sines + entry + first, n, 0) * direction;
    const vec a = load_part(x + low, n, 0), b = load_part(x + high, n, 0);
    store_part(a * c - b * s, out + low, n);
    store_part(b * c + a * s, out + high, n);
  }
  const int rest = head_dim - rotated;
  for (int item = MEMBER; item < heads * rest; item += GROUP) {
    const int place = item / rest * head_dim + rotated + item % rest;
    out[place] = x[place];
  }
}
