import Checkpoints
import Models

/// What a model costs before and after a cut, counted from its configuration alone: no weight is
/// touched, so any shape can be planned, published or invented.
public struct Plan: Sendable {
  /// The model to cut.
  public let before: Configuration
  /// What stays of it.
  public let after: Configuration

  /// The plan of a cut; an empty request plans the model as it is.
  /// - Throws: `CompressionError` for sizes that are not possible.
  public init(_ configuration: Configuration, _ request: PruningRequest = PruningRequest()) throws {
    let sizes = try request.architecture(from: configuration.architecture)
    before = configuration
    // Which layers go is not known yet, and does not matter to any count.
    after = configuration.resized(to: sizes, keepingLayers: Array(0..<sizes.layers))
  }

  init(from before: Configuration, to after: Configuration) {
    self.before = before
    self.after = after
  }

  /// What to say of widths that the cut made unkind to hardware or to other tools, a sentence each.
  public var warnings: [String] { widthWarnings(from: before, to: after) }
}

extension Configuration {
  /// The bytes of all weights in a type. In a quantized type matrices are quantized and vectors are
  /// f32, as GGUF files hold them.
  /// - Throws: `CompressionError` where a matrix's rows are no whole number of the type's blocks.
  public func bytes(as type: StoredType) throws -> Int {
    try weightShapes.reduce(0) { total, shape in
      let sizes = shape.sizes(in: architecture)
      let stored = type.isQuantized && sizes.count < 2 ? .f32 : type
      guard let bytes = stored.byteCount(shape: sizes) else {
        throw CompressionError.invalid(
          "\(shape.name) \(sizes) has no form in \(type.rawValue): its rows are no multiple of "
            + "\(type.blockSize)")
      }
      return total + bytes
    }
  }

  /// The floating-point operations of one token's forward pass at a place with `length` positions
  /// to attend to: 2 for each weight of a matrix product, the head's included, and 4 · layers ·
  /// heads · headDim · length of attention.
  public func operationsPerToken(length: Int = 0) -> Int {
    let sizes = architecture
    let inLayers = weightShapes.filter { $0.layer != nil && $0.axes.count == 2 }
    let weights = sizes.parameters(of: inLayers) + sizes.vocab * sizes.hidden
    return 2 * weights + 4 * sizes.layers * sizes.heads * sizes.headDim * length
  }

  /// The bytes of the keys and values that one token leaves in the cache, in a type.
  public func cacheBytesPerToken(as type: StoredType) -> Int {
    let sizes = architecture
    return 2 * sizes.layers * sizes.kvHeads * sizes.headDim * type.bytesPerBlock
  }
}
