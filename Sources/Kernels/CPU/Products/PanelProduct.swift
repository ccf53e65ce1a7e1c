internal import CKernels
internal import COneDNN
import Synchronization

/// A oneDNN primitive for one shape: bf16 rows times bf16 panels (see loops/bfloat.h), sums in f32.
///
/// It has no memory of its own, so several threads may run it at once.
final class PanelProduct: @unchecked Sendable {
  /// What a primitive is made for. `inner` is a multiple of 32.
  struct Shape: Hashable {
    var rows: Int
    var columns: Int
    var inner: Int
    var accumulates: Bool
  }

  private let engine: dnnl_engine_t
  private let primitive: dnnl_primitive_t
  private var left = dnnl_memory_desc_t()
  private var right = dnnl_memory_desc_t()
  private var out = dnnl_memory_desc_t()
  private var scratchpad = dnnl_memory_desc_t()
  /// Bytes of scratch memory that a run needs.
  let scratchBytes: Int

  /// nil where the library has no fast implementation of the shape on this processor.
  init?(_ shape: Shape) {
    guard let engine = OneDNN.engine else { return nil }
    self.engine = engine
    let rows = dnnl_dim_t(shape.rows)
    let columns = dnnl_dim_t(shape.columns)
    let inner = dnnl_dim_t(shape.inner)
    guard
      dnnl_memory_desc_init_by_tag(&left, 2, [rows, inner], dnnl_bf16, dnnl_ab) == dnnl_success,
      dnnl_memory_desc_init_by_tag(&right, 2, [inner, columns], dnnl_bf16, dnnl_BA16a64b2a)
        == dnnl_success,
      dnnl_memory_desc_init_by_tag(&out, 2, [rows, columns], dnnl_f32, dnnl_ab) == dnnl_success,
      let description = Self.describe(&left, &right, &out, accumulates: shape.accumulates, engine)
    else { return nil }
    defer { dnnl_primitive_desc_destroy(description) }
    guard Self.isFast(description) else { return nil }
    if let needed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0) {
      scratchpad = needed.pointee
    }
    scratchBytes = dnnl_memory_desc_get_size(&scratchpad)
    var primitive: dnnl_primitive_t?
    guard dnnl_primitive_create(&primitive, description) == dnnl_success, let primitive else {
      return nil
    }
    self.primitive = primitive
  }

  deinit { dnnl_primitive_destroy(primitive) }

  private static func describe(
    _ left: inout dnnl_memory_desc_t, _ right: inout dnnl_memory_desc_t,
    _ out: inout dnnl_memory_desc_t, accumulates: Bool, _ engine: dnnl_engine_t
  ) -> dnnl_primitive_desc_t? {
    var attributes: dnnl_primitive_attr_t?
    guard dnnl_primitive_attr_create(&attributes) == dnnl_success else { return nil }
    defer { dnnl_primitive_attr_destroy(attributes) }
    // Scratch memory inside the primitive would be shared by its threads.
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
    if accumulates {
      var operations: dnnl_post_ops_t?
      guard dnnl_post_ops_create(&operations) == dnnl_success else { return nil }
      defer { dnnl_post_ops_destroy(operations) }
      dnnl_post_ops_append_sum(operations, 1)
      dnnl_primitive_attr_set_post_ops(attributes, operations)
    }
    var operation = dnnl_matmul_desc_t()
    var description: dnnl_primitive_desc_t?
    guard
      dnnl_matmul_desc_init(&operation, &left, &right, nil, &out) == dnnl_success,
      dnnl_primitive_desc_create(&description, &operation, attributes, engine, nil) == dnnl_success
    else { return nil }
    return description
  }

  // The reference implementation takes seconds where the others take a millisecond.
  private static func isFast(_ description: dnnl_primitive_desc_t) -> Bool {
    var name: UnsafePointer<CChar>?
    guard
      dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) == dnnl_success,
      let name
    else { return false }
    return !String(cString: name).hasPrefix("ref")
  }

  /// Multiplies; `scratch` has `scratchBytes` bytes for this run alone.
  /// - Throws: `KernelError.failed`.
  func run(
    _ rows: UnsafeMutablePointer<UInt16>, _ panels: UnsafeMutablePointer<UInt16>,
    to target: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) throws {
    pare_openmp_alone()
    var stream: dnnl_stream_t?
    try OneDNN.check(dnnl_stream_create(&stream, engine, 0))
    defer { dnnl_stream_destroy(stream) }
    var memories: [dnnl_memory_t?] = []
    defer { for memory in memories { dnnl_memory_destroy(memory) } }
    func memory(_ description: inout dnnl_memory_desc_t, _ place: UnsafeMutableRawPointer) throws
      -> dnnl_memory_t?
    {
      var memory: dnnl_memory_t?
      try OneDNN.check(dnnl_memory_create(&memory, &description, engine, place))
      memories.append(memory)
      return memory
    }
    let arguments = [
      dnnl_exec_arg_t(arg: 1, memory: try memory(&left, rows)),  // DNNL_ARG_SRC
      dnnl_exec_arg_t(arg: 33, memory: try memory(&right, panels)),  // DNNL_ARG_WEIGHTS
      dnnl_exec_arg_t(arg: 17, memory: try memory(&out, target)),  // DNNL_ARG_DST
      dnnl_exec_arg_t(arg: 80, memory: try memory(&scratchpad, scratch)),  // DNNL_ARG_SCRATCHPAD
    ]
    try OneDNN.check(dnnl_primitive_execute(primitive, stream, 4, arguments))
  }
}

/// Primitives by shape: making one costs up to a millisecond.
final class PanelProductCache: Sendable {
  private let products = Mutex<[PanelProduct.Shape: PanelProduct]>([:])
  private static let capacity = 512

  /// The primitive of a shape; nil where the library has no fast one.
  func product(_ shape: PanelProduct.Shape) -> PanelProduct? {
    if let known = products.withLock({ $0[shape] }) { return known }
    guard let made = PanelProduct(shape) else { return nil }
    products.withLock {
      // Full after hundreds of sequence lengths: the shapes of a steady loop are soon made again.
      if $0.count >= Self.capacity { $0.removeAll(keepingCapacity: true) }
      $0[shape] = made
    }
    return made
  }
}
