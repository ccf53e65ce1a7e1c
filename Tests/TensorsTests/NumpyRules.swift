import Files
import JSONFormat
import TestTools
import Testing

/// What NumPy and PyTorch say of the tensors' rules, from Tests/Fixtures/numpy_rules.py.
enum NumpyRules {
  static func rules(_ key: String) throws -> JSON {
    let path = fixturePath("tensors/numpy.json")
    let json = try JSON(reading: MappedFile(path: path).withBytes(Array.init))
    return try #require(json[key])
  }
}

extension JSON {
  /// The numbers of a list.
  var doubles: [Double] { array?.compactMap(\.double) ?? [] }
  /// The numbers of a list, in single precision.
  var floats: [Float] { doubles.map { Float($0) } }
  /// The integers of a list.
  var ints: [Int] { array?.compactMap(\.int) ?? [] }
}

/// Whether two lists hold the same numbers within a relative error, NaN equal to NaN.
func areEqual(_ found: [Float], _ wanted: [Float], within error: Float = 0) -> Bool {
  found.count == wanted.count
    && zip(found, wanted).allSatisfy { found, wanted in
      found == wanted || (found.isNaN && wanted.isNaN)
        || abs(found - wanted) <= error * abs(wanted)
    }
}
