import Synchronization

/// The shape of a batch of matrix products: of a `MatrixProduct` all but where its matrices are and
/// whether it was computed before; one with an addend counts as one that accumulates.
public struct ProductShape: Sendable, Hashable {
  /// Rows of the product.
  public let rows: Int
  /// Columns of the product.
  public let columns: Int
  /// The length of each sum.
  public let inner: Int
  /// Whether the left factor is stored [inner, rows].
  public let transposeLeft: Bool
  /// Whether the right factor is stored [columns, inner].
  public let transposeRight: Bool
  /// How many products.
  public let batch: Int
  /// Elements from one left factor to the next.
  public let leftStride: Int
  /// Elements from one right factor to the next.
  public let rightStride: Int
  /// Whether it adds to what is there.
  public let accumulates: Bool
  /// Whether the right factor is a weight, of which the device may keep a packed copy.
  public let rightIsWeight: Bool

  /// The shape of a product.
  public init(_ product: MatrixProduct) {
    rows = product.rows
    columns = product.columns
    inner = product.inner
    transposeLeft = product.transposeLeft
    transposeRight = product.transposeRight
    batch = product.batch
    leftStride = product.leftStride
    rightStride = product.rightStride
    accumulates = product.accumulates || product.addend != nil
    rightIsWeight = product.rightIsWeight
  }

  /// Elements that the left factors span.
  public var leftCount: Int { max(0, batch - 1) * leftStride + rows * inner }
  /// Elements that the right factors span.
  public var rightCount: Int { max(0, batch - 1) * rightStride + inner * columns }
  /// Elements of the products.
  public var outCount: Int { batch * rows * columns }

  /// A product of this shape of given matrices.
  public func product(_ left: Region, _ right: Region, to out: Region) -> MatrixProduct {
    var product = MatrixProduct(
      left, right, to: out, rows: rows, columns: columns, inner: inner,
      transposeLeft: transposeLeft, transposeRight: transposeRight)
    product.batch = batch
    product.leftStride = leftStride
    product.rightStride = rightStride
    product.accumulates = accumulates
    product.rightIsWeight = rightIsWeight
    return product
  }
}

/// Which products a device computes, while somebody asks.
final class ProductLog: Sendable {
  private let isRunning = Atomic(false)
  private let counts = Mutex<[ProductShape: Int]>([:])

  /// Starts over.
  func start() {
    counts.withLock { $0 = [:] }
    isRunning.store(true, ordering: .releasing)
  }

  /// Stops; how often each shape was computed since the start.
  func stop() -> [ProductShape: Int] {
    isRunning.store(false, ordering: .releasing)
    return counts.withLock { $0 }
  }

  /// Takes down a product that is work of its own.
  func note(_ product: MatrixProduct) {
    guard isRunning.load(ordering: .acquiring), !product.isRecomputed else { return }
    counts.withLock { $0[ProductShape(product), default: 0] += 1 }
  }

  /// Takes down the two products of a gated one.
  func note(_ product: GatedProduct) {
    var half = MatrixProduct(
      product.left, product.gate, to: product.out, rows: product.rows, columns: product.columns,
      inner: product.inner, transposeRight: true)
    half.rightIsWeight = product.rightsAreWeights
    for _ in 0..<2 { note(half) }
  }
}
