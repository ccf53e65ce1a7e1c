extension Method {
  static var int: [Method] {
    [
      Method("bit_length", "", "How many bits the magnitude takes.") { number, _, _ in
        .int(Int.bitWidth - (number.asInt ?? 0).magnitude.leadingZeroBitCount)
      },
      Method("is_integer", "", "True.") { _, _, _ in .bool(true) },
    ]
  }

  static var float: [Method] {
    [
      Method("is_integer", "", "Whether the number is whole.") { number, _, _ in
        let value = number.asDouble ?? 0
        return .bool(value.isFinite && value == value.rounded())
      }
    ]
  }
}
