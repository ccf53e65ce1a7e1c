internal import CKernels
internal import COneDNN

/// The oneDNN library: its one engine, made at the first product.
enum OneDNN {
  /// The engine; nil where the library cannot make one.
  nonisolated(unsafe) static let engine: dnnl_engine_t? = {
    // The environment's bound holds for the library too, and must be set before its first
    // primitive.
    switch pare_kernels_bound() {
    case PARE_BASELINE: dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41)
    case PARE_AVX2: dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2)
    case PARE_AVX512: dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx512_core)
    default: break
    }
    var engine: dnnl_engine_t?
    return dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : nil
  }()

  /// Turns a status into an error.
  /// - Throws: `KernelError.failed`.
  static func check(_ status: dnnl_status_t) throws {
    guard status == dnnl_success else {
      throw KernelError.failed(operation: "matrix product", reason: reason(status))
    }
  }

  private static func reason(_ status: dnnl_status_t) -> String {
    switch status {
    case dnnl_out_of_memory: "oneDNN ran out of memory"
    case dnnl_unimplemented: "oneDNN does not implement it"
    case dnnl_invalid_arguments: "oneDNN refused the arguments"
    default: "oneDNN returned status \(status.rawValue)"
    }
  }

  /// out [rows, columns] = left · right (+ out) in f32, each matrix with a distance between its
  /// rows.
  /// - Throws: `KernelError.failed`.
  static func multiply(
    _ left: UnsafePointer<Float>, _ leftStride: Int, transposed transposeLeft: Bool,
    _ right: UnsafePointer<Float>, _ rightStride: Int, transposed transposeRight: Bool,
    to out: UnsafeMutablePointer<Float>, _ outStride: Int, rows: Int, columns: Int, inner: Int,
    accumulates: Bool
  ) throws {
    pare_openmp_alone()
    _ = engine
    try check(
      dnnl_sgemm(
        transpose(transposeLeft), transpose(transposeRight), dnnl_dim_t(rows), dnnl_dim_t(columns),
        dnnl_dim_t(inner), 1, left, dnnl_dim_t(leftStride), right, dnnl_dim_t(rightStride),
        accumulates ? 1 : 0, out, dnnl_dim_t(outStride)))
  }

  private static func transpose(_ isTransposed: Bool) -> CChar {
    CChar(bitPattern: UInt8(ascii: isTransposed ? "T" : "N"))
  }
}
