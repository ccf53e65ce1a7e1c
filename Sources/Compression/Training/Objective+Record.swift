import JSONFormat

// What a saved run notes of its objective.
extension Objective {
  /// The settings of the loss under the names of the catalogue, and what a cache kept of the teacher.
  var record: [(key: String, value: JSON)] {
    [("loss", .string(name)), ("temperature", .double(temperature))]
      + (cacheContent.map { [("cache", .string($0.name))] } ?? [])
  }
}
