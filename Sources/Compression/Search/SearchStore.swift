import Corpus
import Files
import JSONFormat
import Models

/// What two searches have in common where one goes on with the other's measurements.
struct SearchKey: Equatable {
  let json: JSONObject

  init(
    _ teacher: Model, _ importance: Importance, _ tokens: TokenWindows, _ measured: TokenWindows,
    _ settings: SearchSettings
  ) throws {
    func sizes(_ sizes: [Size]?) -> JSON {
      .array(
        (sizes ?? []).map { size in
          switch size {
          case .count(let count): .int(count)
          case .fraction(let fraction): .double(fraction)
          }
        })
    }
    let grid = settings.grid
    json = JSONObject([
      ("teacher", try ModelIdentity(of: teacher).json),
      ("scores", .string(importance.checksum.hexadecimal)),
      ("tokens", tokens.identity.json), ("held_out", measured.identity.json),
      ("parameters", sizes([settings.parameters])), ("tolerance", .double(settings.tolerance)),
      ("layers", sizes(grid.layers)), ("heads", sizes(grid.heads)), ("ffn", sizes(grid.ffn)),
      ("hidden", sizes(grid.hidden)), ("steps", .int(settings.steps)),
      ("batch", .int(settings.batch)), ("lr", .double(settings.learningRate)),
      ("seed", .int(settings.seed)), ("device", .string(teacher.device.name)),
      ("precision", .string(teacher.device.precision.rawValue)),
    ])
  }

  static func == (left: SearchKey, right: SearchKey) -> Bool {
    JSON.object(left.json) == JSON.object(right.json)
  }
}

extension Importance {
  /// What tells these scores from others: a hash of all that units are ranked by.
  fileprivate var checksum: Checksum {
    var hash = Checksum()
    for axis in ImportanceAxis.allCases {
      for score in scores(axis).values { hash.add(Float(score).bitPattern) }
    }
    return hash
  }
}

/// The folder of a search:
///
///     search.json           what was asked, and what was measured of each shape so far
///     teacher.safetensors   the teacher's logits
///     24x9x1024x576/        the run of one shape: layers, heads, ffn, hidden
struct SearchStore {
  static let cacheName = "teacher.safetensors"

  let folder: String
  private let key: SearchKey

  private var path: String { folder + "/search.json" }

  /// Opens the folder, or makes it.
  /// - Throws: `FileError` for a folder of anything else.
  init(_ folder: String, _ key: SearchKey) throws {
    self.folder = folder
    self.key = key
    if kind(ofFile: folder) == .missing { try makeFolder(folder) }
    guard kind(ofFile: folder) == .folder else {
      throw FileError(path: folder, reason: "is a file; a search is kept in a folder")
    }
    // What a killed process left of writing search.json is nobody's.
    let others = try namesInFolder(folder).filter { !$0.hasPrefix(".search.json.") }
    if kind(ofFile: path) == .missing, let other = others.first {
      throw FileError(
        path: folder,
        reason: "holds '\(other)' and no search.json; choose a folder of its own for the search")
    }
  }

  /// Where the run of a shape is kept.
  func runFolder(of candidate: SearchCandidate) -> String { folder + "/" + candidate.name }

  /// Gives the candidates what was measured of them.
  /// - Throws: `FileError` for a damaged file; `CompressionError` for one of another search.
  func restore(_ candidates: inout [SearchCandidate]) throws {
    guard kind(ofFile: path) == .file else {
      try save(candidates)
      return
    }
    let json: JSON
    do {
      json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
    } catch let error as JSONError {
      throw FileError(path: path, reason: "\(error)")
    }
    try requireSameKey(json["search"]?.object ?? JSONObject())
    for (index, candidate) in candidates.enumerated() {
      guard let found = json["candidates"]?[candidate.name] else { continue }
      candidates[index].loss = found["loss"]?.double
      candidates[index].curve = try (found["curve"]?.array ?? []).map { point in
        guard let pair = point.array, pair.count == 2, let step = pair[0].int,
          let loss = pair[1].double
        else { throw fault(candidate) }
        return .init(step: step, loss: loss)
      }
    }
    let curves = candidates.filter { !$0.curve.isEmpty }
    for candidate in curves where candidate.curve.map(\.step) != curves[0].curve.map(\.step) {
      throw fault(candidate)
    }
  }

  private func fault(_ candidate: SearchCandidate) -> FileError {
    FileError(path: path, reason: "the curve of \(candidate.name) is damaged")
  }

  private func requireSameKey(_ saved: JSONObject) throws {
    for (name, value) in key.json.members where saved[name] != value {
      let was = saved[name]?.text() ?? "nothing"
      throw CompressionError.invalid(
        "\(folder) holds a search with other settings: its '\(name)' is \(was), here it is "
          + "\(value.text()); save= takes another folder for a new search")
    }
  }

  /// Writes what was measured so far.
  /// - Throws: `FileError`.
  func save(_ candidates: [SearchCandidate]) throws {
    let members = candidates.filter { $0.loss != nil }.map { candidate in
      let curve = candidate.curve.map { JSON.array([.int($0.step), .double($0.loss)]) }
      return (
        key: candidate.name,
        value: JSON.object(
          JSONObject([
            ("loss", candidate.loss.map { .double($0) } ?? .null), ("curve", .array(curve)),
          ]))
      )
    }
    let json = JSON.object(
      JSONObject([
        ("search", .object(key.json)), ("candidates", .object(JSONObject(members))),
      ]))
    try writeFile(path) { try $0.write(json.text(indent: 2) + "\n") }
  }
}
