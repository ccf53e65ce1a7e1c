extension StoredType {
  /// The types that safetensors knows of ours, in the order in which its writer lays tensors out:
  /// larger first, so that every tensor is aligned to its own type.
  static let safetensorsNames: [(type: StoredType, name: String)] = [
    (.i64, "I64"), (.f64, "F64"), (.f32, "F32"), (.u32, "U32"), (.i32, "I32"), (.bf16, "BF16"),
    (.f16, "F16"), (.u16, "U16"), (.i16, "I16"), (.i8, "I8"), (.u8, "U8"), (.bool, "BOOL"),
  ]

  /// The type that safetensors calls so.
  init?(safetensorsName name: String) {
    guard let entry = Self.safetensorsNames.first(where: { $0.name == name }) else { return nil }
    self = entry.type
  }

  /// The place among `safetensorsNames`, nil for a type that the format does not have.
  var safetensorsRank: Int? {
    Self.safetensorsNames.firstIndex { $0.type == self }
  }
}
