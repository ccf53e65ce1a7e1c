import Checkpoints
import Compression
import Corpus
import Evaluation
import Files
import JSONFormat
import Language
import Models
import Tensors

extension SessionReader {
  /// An object of the workbench.
  func object(_ node: JSON, depth: Int) throws -> Value {
    switch node["type"]?.string {
    case "tensor": return .tensor(try tensor(node["elements"]))
    case "tokens": return try tokens(node)
    case "importance":
      guard let number = node["file"]?.int, number >= 0 else {
        throw damage("has scores without a file")
      }
      let path = "\(folder)/importance-\(number).safetensors"
      guard let importance = try Importance(SafetensorsFile(path: path)) else {
        throw FileError(path: path, reason: "holds no importance scores")
      }
      return .object(ImportanceObject(importance, on: session.device))
    case "table": return try table(node, depth: depth)
    case "loss":
      guard let mean = node["mean"]?.double, let error = node["stderr"]?.double,
        let tokens = node["tokens"]?.int
      else { throw damage("has a loss without its numbers") }
      return .object(LossObject(LossSummary(mean: mean, stderr: error, tokens: tokens)))
    case "provenance":
      let provenance = try Provenance(
        node["cuts"] ?? .null, path: folder + "/" + SessionPlace.index)
      guard let object = ProvenanceObject(provenance) else {
        throw damage("has a provenance without a cut")
      }
      return .object(object)
    case "run": return try run(node, depth: depth)
    case "model": return .object(ModelObject(try model(node)))
    default: throw damage("has a value of a kind that is not known here")
    }
  }

  private func tokens(_ node: JSON) throws -> Value {
    let ids = try tensor(node["ids"])
    guard ids.rank == 2 else { throw damage("has tokens that are no windows") }
    let learnt = try node["learnt"].flatMap { $0.isNull ? nil : try tensor($0).truths() }
    let windows = try TokenWindows(
      ids.integers().map { Int($0) }, length: ids.shape[1], learnt: learnt)
    return .object(TokensObject(windows, on: session.device))
  }

  private func table(_ node: JSON, depth: Int) throws -> Value {
    let columns = try array(node["columns"]).map { try string($0) }
    let rows = try array(node["rows"]).map { try values($0, depth: depth) }
    guard rows.allSatisfy({ $0.count == columns.count }) else {
      throw damage("has a table whose rows are no rows of it")
    }
    return .object(TableObject(columns: columns, rows: rows))
  }

  private func run(_ node: JSON, depth: Int) throws -> Value {
    if let path = node["path"]?.string {
      guard Run.isSaved(at: path) else {
        throw LostReference(reason: "the run \(path) is no longer there")
      }
      return .object(try session.loadRun(path))
    }
    guard let run = node["record"].flatMap(Run.init(_:)) else {
      throw damage("has a run without its record")
    }
    guard
      case .object(let object as ModelObject) = try value(node["model"] ?? .null, depth: depth + 1)
    else { throw damage("has a run without its student") }
    let model = object.model
    return .object(RunObject(run, on: session.device) { model })
  }
}
