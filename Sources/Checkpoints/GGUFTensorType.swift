/// The types that GGUF knows, by their numbers: those that are read, and the names of all others.
enum GGUFTensorType {
  /// The stored type of a number, nil where it is not read.
  static func stored(_ number: UInt32) -> StoredType? {
    switch number {
    case 0: .f32
    case 1: .f16
    case 2: .q4_0
    case 3: .q4_1
    case 6: .q5_0
    case 7: .q5_1
    case 8: .q8_0
    case 12: .q4_k
    case 14: .q6_k
    case 30: .bf16
    default: nil
    }
  }

  /// The name of a number, as llama.cpp spells it.
  static func name(_ number: UInt32) -> String {
    names[number] ?? "the unknown type \(number)"
  }

  /// The names of the types that are read, for errors.
  static let readable = "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K and Q6_K"

  private static let names: [UInt32: String] = [
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1",
    10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS",
    17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS",
    24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0",
    35: "TQ2_0", 39: "MXFP4", 40: "NVFP4", 41: "Q1_0",
  ]
}
