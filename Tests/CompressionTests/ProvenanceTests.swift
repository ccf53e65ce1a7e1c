import Compression
import Files
import JSONFormat
import Models
import TestFixtures
import TestTools
import Testing

/// The record of a cut: what it holds, and that it is enough to make the cut again.
@Suite struct ProvenanceTests {
  private static let request = PruningRequest(
    hidden: .fraction(0.6), ffn: .count(17), heads: .fraction(0.6), layers: .count(2))

  private func scored(_ name: String) throws -> (Model, Importance) {
    let golden = try Golden(name)
    let model = try golden.model()
    return (model, try importance(model, golden.windows("windows")))
  }

  private func weights(_ model: Model) throws -> [[Float]] {
    try model.weights.all.map { try $0.floats() }
  }

  @Test(arguments: Golden.names)
  func rebuildsTheStudent(name: String) throws {
    let (model, scores) = try scored(name)
    // A checkpoint of gpt2 holds hidden and heads cut by one factor.
    let half = PruningRequest(
      hidden: .fraction(0.5), ffn: .count(17), heads: .fraction(0.5), layers: .count(2))
    let request = name == "gpt2" ? half : Self.request
    let student = try prune(model, request, by: scores, residual: true)
    let folder = try temporaryFolder() + "/student"
    try student.save(to: folder)
    let loaded = try Model.load(folder, on: anyDevice)
    #expect(loaded.provenance == student.provenance)
    let record = try #require(loaded.provenance?.cuts.last)
    let again = try prune(Golden(name).model(), as: record)
    #expect(try weights(again) == weights(student))
    #expect(again.configuration.json.keys == student.configuration.json.keys)
    #expect(again.provenance == student.provenance)
  }

  @Test func unitsOfEachLayer() throws {
    let (model, scores) = try scored("llama-tied")
    let student = try prune(model, PruningRequest(ffn: .count(3), drop: [1]), by: scores)
    let cut = try #require(student.provenance?.cuts.first)
    #expect(cut.layers == [0, 2, 3] && cut.channels == Array(0..<36) && cut.residuals == [])
    #expect(cut.heads == Array(repeating: Array(0..<6), count: 3))
    #expect(cut.neurons.map(\.count) == [3, 3, 3])
    for (place, layer) in cut.layers.enumerated() {
      let source = try #require(model.weights["model.layers.\(layer).mlp.up_proj.weight"]).floats()
      let found = try #require(student.weights["model.layers.\(place).mlp.up_proj.weight"])
      #expect(
        try found.floats() == cut.neurons[place].flatMap { source[$0 * 36..<($0 + 1) * 36] })
    }
    #expect(model.provenance == nil)
  }

  @Test func cutsFollowOneAnother() throws {
    let (model, scores) = try scored("llama-tied")
    let first = try prune(model, PruningRequest(layers: .count(3)), by: scores)
    let second = try prune(first, PruningRequest(drop: [0]))
    let cuts = try #require(second.provenance?.cuts)
    #expect(cuts.map(\.teacher.name) == ["llama-tied", "llama-tied-pruned"])
    #expect(try weights(prune(prune(model, as: cuts[0]), as: cuts[1])) == weights(second))
    #expect(try second.copy().provenance == second.provenance)
    #expect(try mask(second, layers: [0]).provenance == second.provenance)
  }

  @Test func otherTeachersAreRefused() throws {
    let (model, scores) = try scored("llama-tied")
    let record = try #require(
      prune(model, PruningRequest(ffn: .count(4)), by: scores).provenance?.cuts.last)
    let other = try Golden("llama-mha").model()
    let (teacher, given) = (record.teacher.fingerprint, try ModelIdentity(of: other).fingerprint)
    #expect(
      message { try prune(other, as: record) }
        == "the provenance is of a cut of llama-tied (\(teacher)), not of llama-mha (\(given)): their "
        + "weights differ")
  }

  @Test func damagedFiles() throws {
    let (model, scores) = try scored("llama-tied")
    let folder = try temporaryFolder() + "/student"
    let student = try prune(model, PruningRequest(ffn: .count(4)), by: scores)
    try student.save(to: folder)
    let path = folder + "/pare.json"
    let whole = try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
    func error(_ text: String) throws -> String? {
      try writeFile(path) { try $0.write(text) }
      return message { try Model.load(folder, on: anyDevice) }
    }
    #expect(try error(whole) == nil)
    #expect(
      try error("{\"version\": 2}")
        == "\(path): 'version' must be 1: a newer Pare may have written it")
    #expect(
      try error(whole.replacing("\"channels\"", with: "\"canals\""))
        == "\(path): 'channels' of a cut is missing or not as Pare writes it")
    #expect(try error("{")?.hasPrefix(path) == true)
    try model.save(to: folder)
    #expect(kind(ofFile: path) == .missing)
    #expect(
      try error(whole)
        == "\(path): tells of a model of other sizes than config.json; where another program changed "
        + "the checkpoint, delete pare.json")
  }
}
