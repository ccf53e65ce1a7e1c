/// The largest distance between two lists; infinite where their lengths differ or one is NaN.
package func maximumDifference(_ found: [Float], _ wanted: [Float]) -> Float {
  guard found.count == wanted.count else { return .infinity }
  return zip(found, wanted).reduce(0) { worst, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(worst, distance)
  }
}

/// The largest distance in relation to the wanted value; infinite where lengths differ or one is
/// NaN.
package func maximumRelativeError(_ found: [Double], _ wanted: [Float]) -> Double {
  guard found.count == wanted.count else { return .infinity }
  return zip(found, wanted).reduce(0) { worst, pair in
    let error = abs(pair.0 - Double(pair.1)) / abs(Double(pair.1))
    return error.isNaN ? .infinity : max(worst, error)
  }
}

/// What an error says; nil where `body` throws none.
package func message(of body: () throws -> Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}
