import Checkpoints
import Corpus
import Files
import JSONFormat
import Kernels
import Models

/// What a run is: everything that its losses follow from. `run.json` holds it; a run that goes on
/// must be the same.
struct RunConfiguration {
  /// The settings of the trainer and of its loss, under the names of the catalogue.
  let settings: JSONObject
  let student: ModelIdentity
  /// The student's `config.json`.
  let studentConfig: JSONObject
  /// The type that the student is saved in, where that is not a checkpoint of the run.
  let studentType: StoredType
  let teacher: ModelIdentity?
  let tokens: TokensIdentity
  let heldOut: TokensIdentity?
  /// The device's name, and the precision of its products.
  let device: String
  let precision: String

  private static let kind = "pare.run"

  init(
    settings: JSONObject, student: Model, teacher: Model?, tokens: TokenWindows,
    heldOut: TokenWindows?
  ) throws {
    self.settings = settings
    self.student = try ModelIdentity(of: student)
    studentConfig = student.configuration.json
    studentType = student.storedType
    self.teacher = try teacher.map { try ModelIdentity(of: $0) }
    self.tokens = tokens.identity
    self.heldOut = heldOut?.identity
    device = student.device.name
    precision = student.device.precision.rawValue
  }

  static func path(_ folder: String) -> String { folder + "/run.json" }

  /// The text of `run.json`.
  var text: String {
    let json: JSON = [
      "kind": .string(Self.kind), "version": .string(programVersion),
      "settings": .object(settings), "student": student.json, "config": .object(studentConfig),
      "dtype": .string(studentType.rawValue),
      "teacher": teacher?.json ?? .null, "tokens": tokens.json,
      "held_out": heldOut?.json ?? .null, "device": .string(device),
      "precision": .string(precision),
    ]
    return json.text(indent: 2) + "\n"
  }

  /// Reads a folder's `run.json`.
  /// - Throws: `FileError` where there is none, or none that can be understood.
  init(folder: String) throws {
    let path = Self.path(folder)
    guard Files.kind(ofFile: path) == .file else {
      throw FileError(path: folder, reason: "holds no run: there is no run.json in it")
    }
    let json: JSON
    do {
      json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
    } catch let error as JSONError {
      throw FileError(path: path, reason: "\(error)")
    }
    guard json["kind"]?.string == Self.kind, let settings = json["settings"]?.object,
      TrainingSettings(.object(settings))?.isPossible == true, settings["loss"] != nil,
      let student = json["student"].flatMap(ModelIdentity.init),
      let config = json["config"]?.object,
      let tokens = json["tokens"].flatMap(TokensIdentity.init),
      let device = json["device"]?.string, let precision = json["precision"]?.string
    else { throw FileError(path: path, reason: "does not describe a run of this program") }
    self.settings = settings
    self.student = student
    studentConfig = config
    studentType = json["dtype"]?.string.flatMap(StoredType.init) ?? .f32
    teacher = json["teacher"].flatMap(ModelIdentity.init)
    self.tokens = tokens
    heldOut = json["held_out"].flatMap(TokensIdentity.init)
    self.device = device
    self.precision = precision
  }

  /// The trainer's part of the settings.
  var training: TrainingSettings? { TrainingSettings(.object(settings)) }
}

extension TrainingSettings {
  /// Whether a file's numbers are such as a run could have been asked for.
  fileprivate var isPossible: Bool {
    (1...Int(Int32.max)).contains(steps) && (1...Int(Int32.max)).contains(batch)
      && (1...Self.mostPasses).contains(accumulate) && interval >= 1
  }
}

// MARK: - Whether two are the same run

extension RunConfiguration {
  /// Settings that change neither a loss nor a weight: a run may go on with others.
  private static let free: Set = ["gradient_checkpointing"]

  /// Refuses to go on with a saved run as another one.
  /// - Parameters:
  ///   - other: what is asked for now.
  ///   - isBegun: whether there is a checkpoint, whose weights take the place of the student's.
  /// - Throws: `CompressionError` naming the first thing that differs, with both values.
  func requireSame(_ other: RunConfiguration, in folder: String, isBegun: Bool) throws {
    func require<Thing>(
      _ what: String, _ saved: Thing, _ given: Thing, _ same: Bool, _ text: (Thing) -> String
    ) throws {
      guard !same else { return }
      throw CompressionError.invalid(
        "\(what) is \(text(saved)) in \(folder) and \(text(given)) here: a run goes on as it began")
    }
    let names = settings.keys + other.settings.keys.filter { settings[$0] == nil }
    for name in names where !Self.free.contains(name) {
      let (saved, given) = (settings[name], other.settings[name])
      try require(name, saved, given, saved == given) { $0.map(Self.shown) ?? "not set" }
    }
    let model = { (identity: ModelIdentity?) in
      identity.map { "\($0.name) (\($0.fingerprint))" } ?? "none"
    }
    try require("the teacher", teacher, other.teacher, teacher == other.teacher, model)
    let windows = { (identity: TokensIdentity?) in
      identity.map { "\($0.windows) windows of \($0.length) ids (\($0.fingerprint))" } ?? "none"
    }
    try require("the training text", tokens, other.tokens, tokens == other.tokens, windows)
    try require("the held-out text", heldOut, other.heldOut, heldOut == other.heldOut, windows)
    try requireSameStudent(other, in: folder, isBegun: isBegun)
    try require("the device", device, other.device, device == other.device) { $0 }
    try require("the precision", precision, other.precision, precision == other.precision) { $0 }
  }

  private func requireSameStudent(
    _ other: RunConfiguration, in folder: String, isBegun: Bool
  ) throws {
    func sizes(_ config: JSONObject) throws -> Architecture {
      try Configuration(.object(config), file: Self.path(folder)).architecture
    }
    let fits = try sizes(studentConfig) == sizes(other.studentConfig)
    guard fits else {
      throw CompressionError.invalid(
        "the student of \(folder) is \(student.name), and \(other.student.name) here has other "
          + "sizes: a run goes on as it began")
    }
    guard isBegun || student == other.student else {
      throw CompressionError.invalid(
        "\(folder) has no checkpoint yet and began with \(student.name) (\(student.fingerprint)); "
          + "here is \(other.student.name) (\(other.student.fingerprint))")
    }
  }

  /// A setting's value as the language writes it.
  private static func shown(_ value: JSON) -> String {
    switch value {
    case .null: "None"
    case .bool(let value): value ? "True" : "False"
    case .array(let elements): "(" + elements.map(shown).joined(separator: ", ") + ")"
    default: value.text()
    }
  }
}
