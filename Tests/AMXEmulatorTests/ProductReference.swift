/// Zero of the same sign for a denormal number.
private func flushed(_ value: Float) -> Float {
  value.isSubnormal ? Float(sign: value.sign, exponent: 0, significand: 0) : value
}

/// The pseudo-code of TDPBF16PS: sums of the even and of the odd elements, each product fused,
/// added to each other and then to the result; denormals are zero in and out.
func addProduct(_ left: Matrix, _ right: Matrix, to out: inout Matrix) {
  for row in 0..<out.rows {
    for column in 0..<out.columns {
      var even: Float = 0
      var odd: Float = 0
      for k in 0..<left.columns {
        let (a, b) = (left[row, k], right[k, column])
        let leftEven = flushed(Float(bitPattern: a << 16))
        let leftOdd = flushed(Float(bitPattern: a & 0xFFFF_0000))
        even = flushed(even.addingProduct(leftEven, flushed(Float(bitPattern: b << 16))))
        odd = flushed(odd.addingProduct(leftOdd, flushed(Float(bitPattern: b & 0xFFFF_0000))))
      }
      let before = flushed(Float(bitPattern: out[row, column]))
      let sum = flushed(before + flushed(even + odd))
      out.elements[row * out.stride + column] = sum.bitPattern
    }
  }
}
