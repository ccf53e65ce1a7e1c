// Reading scalars out of bytes that are known to be UTF-8.

extension UnsafeRawBufferPointer {
  /// The scalar that starts at a byte, nil at the end.
  @inline(__always)
  func scalar(at position: Int) -> Unicode.Scalar? {
    guard position < count else { return nil }
    let lead = self[position]
    if lead < 0x80 { return Unicode.Scalar(lead) }
    let width = UTF8.width(ofLead: lead)
    guard position + width <= count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(width))
    for offset in 1..<width { value = value << 6 | UInt32(self[position + offset] & 0x3F) }
    return Unicode.Scalar(value)
  }

  /// The scalar that ends before a byte, nil at the start.
  func scalar(before position: Int) -> Unicode.Scalar? {
    guard position > 0 else { return nil }
    var start = position - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start)
  }
}

extension UTF8 {
  /// The number of bytes of the scalar whose first byte is `lead`.
  @inline(__always)
  static func width(ofLead lead: UInt8) -> Int {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
