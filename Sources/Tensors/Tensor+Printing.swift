import Foundation

extension Tensor {
  /// The tensor as text: nested brackets as NumPy aligns them, long axes cut to three elements at
  /// each end, then type, shape and device.
  /// - Parameter width: the most characters of a line; no more than 88 are used.
  /// - Throws: what the device throws.
  public func printed(width: Int = longestLine) throws -> String {
    let visible = visibleElements
    let texts: [String]
    switch type {
    case .f32:
      let values = try floats()
      texts = NumberColumn(visible.map { values[$0] }).texts
    case .i64:
      let values = try integers()
      texts = visible.map { String(values[$0]) }
    case .bool:
      let values = try truths()
      texts = visible.map { values[$0] ? "True" : "False" }
    }
    let column = texts.map(\.count).max() ?? 0
    let padded = texts.map { String(repeating: " ", count: column - $0.count) + $0 }
    let elements = Dictionary(uniqueKeysWithValues: zip(visible, padded))
    // In narrow lines the brackets that close count as well.
    let limit = width < Self.longestLine ? Swift.max(1, width - rank - 1) : Self.longestLine
    let body = printedAxis(0, start: 0, indent: 8, limit) { elements[$0] ?? "" }
    let shape = "[" + self.shape.map(String.init).joined(separator: ", ") + "]"
    let (head, tail) = ("tensor(\(body))", "\(type.name) \(shape) \(device.name)")
    let last = head.split(separator: "\n").last?.count ?? 0
    let fits = width >= Self.longestLine || last + 2 + tail.count <= width
    return head + (fits ? "  " : "\n" + String(repeating: " ", count: 7)) + tail
  }

  /// The most characters of a printed line.
  public static let longestLine = 88

  private static let edge = 3
  private static let longestWhole = 1000

  /// Whether long axes are cut.
  private var isCut: Bool { count > Self.longestWhole }

  /// The places on an axis that are printed; nil marks the gap.
  private func visiblePlaces(_ length: Int) -> [Int?] {
    guard isCut, length > 2 * Self.edge else { return Array(0..<length) }
    return Array(0..<Self.edge) + [nil] + Array(length - Self.edge..<length)
  }

  /// The elements that are printed.
  private var visibleElements: [Int] {
    var places = [0]
    let strides = Shape.strides(shape)
    if count == 0 { return [] }
    for axis in shape.indices {
      let steps = visiblePlaces(shape[axis]).compactMap { $0 }
      places = places.flatMap { place in steps.map { place + $0 * strides[axis] } }
    }
    return places
  }

  private func printedAxis(
    _ axis: Int, start: Int, indent: Int, _ limit: Int, _ element: (Int) -> String
  ) -> String {
    guard axis < rank else { return element(start) }
    let stride = Shape.strides(shape)[axis]
    let parts = visiblePlaces(shape[axis]).map { place in
      place.map {
        printedAxis(axis + 1, start: start + $0 * stride, indent: indent + 1, limit, element)
      } ?? "..."
    }
    guard axis + 1 < rank else { return "[" + wrapped(parts, indent: indent, limit) + "]" }
    let blank = String(repeating: "\n", count: rank - axis - 1)
    return "[" + parts.joined(separator: "," + blank + String(repeating: " ", count: indent)) + "]"
  }

  /// A row of elements in lines of at most so many characters.
  private func wrapped(_ parts: [String], indent: Int, _ limit: Int) -> String {
    var lines: [String] = []
    var line = ""
    for (index, part) in parts.enumerated() {
      let piece = part + (index + 1 < parts.count ? "," : "")
      if !line.isEmpty, indent + line.count + 1 + piece.count > limit {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + piece
    }
    lines.append(line)
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}

/// Numbers of a tensor in one notation: plain with four digits after the point, or scientific where
/// the largest or the range asks for it.
private struct NumberColumn {
  let texts: [String]

  init(_ values: [Float]) {
    let finite = values.filter(\.isFinite)
    let magnitudes = finite.map(\.magnitude).filter { $0 > 0 }
    let largest = magnitudes.max() ?? 0
    let smallest = magnitudes.min() ?? 1
    let isWhole = finite.allSatisfy { $0 == $0.rounded() } && largest < 1e8
    let isScientific = !isWhole && (largest >= 1e5 || largest < 1e-4 || largest / smallest > 1e6)
    texts = values.map { value in
      if value.isNaN { return "nan" }
      if value.isInfinite { return value < 0 ? "-inf" : "inf" }
      if isWhole { return String(format: "%.0f.", Double(value)) }
      return String(format: isScientific ? "%.4e" : "%.4f", Double(value))
    }
  }
}
