/// A batch of matrix products out[i] = A[i] · B[i] (+ out[i], or an addend), with A [rows, inner]
/// and B [inner, columns] after transposition.
public struct MatrixProduct: Sendable {
  /// The left factors, stored [rows, inner], or [inner, rows] where `transposeLeft`.
  public var left: Region
  /// The right factors, stored [inner, columns], or [columns, inner] where `transposeRight`.
  public var right: Region
  /// The products, [rows, columns].
  public var out: Region
  /// Rows of the product.
  public var rows: Int
  /// Columns of the product.
  public var columns: Int
  /// The length of each sum.
  public var inner: Int
  /// Whether the left factor is stored transposed.
  public var transposeLeft = false
  /// Whether the right factor is stored transposed, as the weight of a linear layer is.
  public var transposeRight = false
  /// How many products.
  public var batch = 1
  /// Elements from one left factor to the next; 0 uses one for all.
  public var leftStride = 0
  /// Elements from one right factor to the next; 0 uses one for all.
  public var rightStride = 0
  /// Adds to what is in `out` instead of replacing it.
  public var accumulates = false
  /// What the products are added to instead, of the size of `out`; nil for nothing, or what is
  /// there.
  public var addend: Region?
  /// The right factor is a weight that many products will read: the device may keep a packed copy
  /// of it, valid until the buffer is written.
  public var rightIsWeight = false
  /// The product was computed before in the same step and is computed again to save memory: it is
  /// not listed among the step's products.
  public var isRecomputed = false

  /// A single product; further properties are set one by one.
  public init(
    _ left: Region, _ right: Region, to out: Region, rows: Int, columns: Int, inner: Int,
    transposeLeft: Bool = false, transposeRight: Bool = false
  ) {
    self.left = left
    self.right = right
    self.out = out
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposeLeft = transposeLeft
    self.transposeRight = transposeRight
  }
}

/// The product of a gated MLP, out = silu(left · gateᵀ) · (left · upᵀ) (arXiv 2002.05202), without
/// either projection in memory.
public struct GatedProduct: Sendable {
  /// [rows, inner].
  public var left: Region
  /// The weights, [columns, inner] each.
  public var gate, up: Region
  /// Both are weights that many products will read, as `MatrixProduct.rightIsWeight` says of one.
  public var rightsAreWeights = false
  /// [rows, columns].
  public var out: Region
  /// Where the gate's projection goes as well, [rows, columns]; nil where nobody reads it.
  public var projectedGate: Region?
  /// Rows of the product.
  public var rows: Int
  /// Columns of the product.
  public var columns: Int
  /// The length of each sum.
  public var inner: Int

  /// A product whose gate's projection is not kept.
  public init(
    _ left: Region, gate: Region, up: Region, to out: Region, rows: Int, columns: Int, inner: Int
  ) {
    self.left = left
    self.gate = gate
    self.up = up
    self.out = out
    self.rows = rows
    self.columns = columns
    self.inner = inner
  }
}

/// Matrix products.
public protocol ProductOperations {
  /// Computes a batch of products in f32, or with operands rounded to bf16 (to nearest even) and
  /// sums in f32, by the device's precision. Any size from 0 works; an inner size of 0 gives zeros.
  func multiply(_ product: MatrixProduct) throws

  /// The product of i64 matrices, out [rows, columns] = left [rows, inner] · right [inner,
  /// columns], wrapping around.
  func multiplyIntegers(
    _ left: Region, _ right: Region, to out: Region, rows: Int, columns: Int, inner: Int) throws

  /// The product of a gated MLP, with the same numbers as its two products and `swiglu`.
  func multiply(_ product: GatedProduct) throws
}
