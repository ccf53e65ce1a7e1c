import Compression
import Files
import Foundation
import Kernels
import Models
import TestFixtures
import TestTools
import Testing

/// Pruning from disk to disk is pruning in memory and saving, byte for byte.
@Suite struct FolderPruningTests {
  private static let requests = [
    PruningRequest(
      hidden: .fraction(0.6), ffn: .count(17), heads: .fraction(0.6), layers: .count(2)),
    PruningRequest(ffn: .count(20)), PruningRequest(hidden: .count(20)),
    PruningRequest(heads: .fraction(0.67)), PruningRequest(drop: [1]),
  ]

  private func scores(_ folder: String) throws -> (Model, Importance) {
    let model = try Model.load(folder, on: anyDevice)
    return (model, try importance(model, Golden("llama-tied").windows("windows")))
  }

  private func expectSameFiles(_ a: String, _ b: String) throws {
    let names = try namesInFolder(a)
    #expect(try namesInFolder(b) == names && !names.isEmpty)
    for name in names {
      let bytes = try [a, b].map { try MappedFile(path: $0 + "/" + name).withBytes(Array.init) }
      let areSame = bytes[0] == bytes[1]
      #expect(areSame, "\(name)")
    }
  }

  @Test(arguments: ["llama-bf16", "llama-sharded", "llama-mha", "mistral"], [false, true])
  func asInMemory(name: String, residual: Bool) throws {
    let source = Golden.folder(name)
    let (model, scores) = try scores(source)
    let folder = try temporaryFolder()
    for request in Self.requests {
      try prune(model, request, by: scores, residual: residual).save(to: folder + "/memory")
      let plan = try prune(
        folder: source, to: folder + "/disk", request, by: scores, residual: residual)
      try expectSameFiles(folder + "/memory", folder + "/disk")
      #expect(plan.before.architecture == model.architecture)
    }
  }

  @Test func nothingIsLeftOfAnInterruptedOne() throws {
    let source = Golden.folder("llama-tied")
    let folder = try temporaryFolder()
    let request = PruningRequest(drop: [0])
    for _ in 0..<2 {
      #expect(throws: Interrupted.self) {
        try prune(folder: source, to: folder + "/out", request) { done, all in
          if done * 2 > all { throw Interrupted() }
        }
      }
      #expect(try namesInFolder(folder) == [])
    }
    try prune(folder: source, to: folder + "/out", request)
    let before = try namesInFolder(folder + "/out")
    #expect(throws: Interrupted.self) {
      try prune(folder: source, to: folder + "/out", PruningRequest(drop: [0, 1])) { _, _ in
        throw Interrupted()
      }
    }
    #expect(try namesInFolder(folder) == ["out"] && namesInFolder(folder + "/out") == before)
    #expect(try Model.load(folder + "/out", on: anyDevice).architecture.layers == 3)
    try prune(folder: source, to: folder + "/out", PruningRequest(drop: [0, 1]))
    #expect(try namesInFolder(folder) == ["out"])
    #expect(try Model.load(folder + "/out", on: anyDevice).architecture.layers == 2)
  }

  @Test func refusals() throws {
    let source = try temporaryCopy(of: Golden.folder("llama-tied"))
    let drop = PruningRequest(drop: [0])
    func error(_ target: String, _ request: PruningRequest, _ scores: Importance? = nil) -> String?
    {
      message { try prune(folder: source, to: target, request, by: scores) }
    }
    #expect(
      error(source + "/../" + (source as NSString).lastPathComponent, drop)
        == "to= is the folder that is read: give another, the checkpoint itself stays as it is")
    let other = try temporaryFolder()
    #expect(
      error(other + "/missing/out", drop)
        == "\(other)/missing/out: cannot be made: there is no folder \(other)/missing")
    try writeFile(other + "/thesis.txt") { try $0.write("years of work") }
    #expect(error(other, drop)?.contains("holds 'thesis.txt'") == true)
    #expect(
      error(other + "/out", PruningRequest(ffn: .count(4)))
        == "ffn= chooses by rank and needs scores: give importance(model, tokens)")
    #expect(error(other + "/out", PruningRequest())?.hasPrefix("prune needs a size") == true)
    #expect(
      message { try prune(folder: other + "/none", to: other + "/out", drop) }
        == "\(other)/none: there is no such folder")
    #expect(try namesInFolder(other) == ["thesis.txt"])
  }
}
