import Files
import JSONFormat

/// The file of a checkpoint's folder that tells where its weights come from.
let provenanceFile = "pare.json"

extension Provenance {
  private static let version = 1

  /// The content of `pare.json`.
  package var json: JSON {
    .object(
      JSONObject([
        ("version", .int(Self.version)), ("cuts", .array(cuts.map(\.json))),
      ]))
  }

  /// Reads what `json` gave.
  /// - Throws: `FileError` naming the member that is missing or wrong.
  package init(_ json: JSON, path: String) throws {
    guard json["version"]?.int == Self.version else {
      throw FileError(
        path: path, reason: "'version' must be \(Self.version): a newer Pare may have written it")
    }
    guard let cuts = json["cuts"]?.array, !cuts.isEmpty else {
      throw FileError(path: path, reason: "'cuts' must be a list of at least one cut")
    }
    self.init(cuts: try cuts.map { try Cut($0, path: path) })
  }

  /// What a folder's `pare.json` says; nil where there is none.
  /// - Throws: `FileError` for a file that is damaged or of a model of other sizes.
  init?(inFolder folder: String, of sizes: Architecture) throws {
    let path = folder + "/" + provenanceFile
    guard kind(ofFile: path) == .file else { return nil }
    let json: JSON
    do {
      json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
    } catch let error as JSONError {
      throw FileError(path: path, reason: "\(error)")
    }
    try self.init(json, path: path)
    try check(sizes, path: path)
  }

  /// Refuses a history that does not end in a model of these sizes.
  private func check(_ sizes: Architecture, path: String) throws {
    guard let last = cuts.last, last.layers.count == sizes.layers,
      last.channels.count == sizes.hidden,
      last.heads.allSatisfy({ $0.count == sizes.heads }),
      last.neurons.allSatisfy({ $0.count == sizes.ffn })
    else {
      throw FileError(
        path: path,
        reason: "tells of a model of other sizes than config.json; where another program changed "
          + "the checkpoint, delete \(provenanceFile)")
    }
  }
}

extension Provenance.Cut {
  fileprivate var json: JSON {
    func list(_ numbers: [Int]) -> JSON { .array(numbers.map { .int($0) }) }
    return .object(
      JSONObject([
        ("teacher", teacher.json), ("layers", list(layers)), ("channels", list(channels)),
        ("heads", .array(heads.map(list))), ("neurons", .array(neurons.map(list))),
        (
          "residuals",
          .array(residuals.map { .array($0.map { list([$0.kept, $0.pruned]) }) })
        ),
        ("updates", .int(updates)),
      ]))
  }

  fileprivate init(_ json: JSON, path: String) throws {
    func fault(_ key: String) -> FileError {
      FileError(path: path, reason: "'\(key)' of a cut is missing or not as Pare writes it")
    }
    func numbers(_ json: JSON?, _ key: String) throws -> [Int] {
      let found = json?.array?.compactMap(\.int)
      guard let found, found.count == json?.array?.count, found.allSatisfy({ $0 >= 0 }) else {
        throw fault(key)
      }
      return found
    }
    func lists(_ key: String) throws -> [[Int]] {
      guard let lists = json[key]?.array else { throw fault(key) }
      return try lists.map { try numbers($0, key) }
    }
    guard let teacher = json["teacher"].flatMap({ ModelIdentity($0) }) else {
      throw fault("teacher")
    }
    guard let pairs = json["residuals"]?.array else { throw fault("residuals") }
    let residuals = try pairs.map { layer in
      guard let layer = layer.array else { throw fault("residuals") }
      return try layer.map { pair in
        let pair = try numbers(pair, "residuals")
        guard pair.count == 2 else { throw fault("residuals") }
        return HeadResidualPair(kept: pair[0], pruned: pair[1])
      }
    }
    let layers = try numbers(json["layers"], "layers")
    let (heads, neurons) = (try lists("heads"), try lists("neurons"))
    guard heads.count == layers.count, neurons.count == layers.count,
      residuals.isEmpty || residuals.count == layers.count
    else { throw fault("layers") }
    self.init(
      teacher: teacher, layers: layers, channels: try numbers(json["channels"], "channels"),
      heads: heads, neurons: neurons, residuals: residuals)
    guard let updates = json["updates"]?.int, updates >= 0 else { throw fault("updates") }
    self.updates = updates
  }
}
