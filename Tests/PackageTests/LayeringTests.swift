import Foundation
import Testing

/// Package.swift draws the layers: a target depends only on targets of the lines above its own.
@Suite struct LayeringTests {
  private struct Target {
    let name: String
    let line: Int
    /// Where its sources are.
    let folder: String
    let dependencies: [String]
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The targets in the order of Package.swift. A comment `// Line N` or `// Lines N to M` opens a
  /// line; in the second kind every target is a line of its own.
  private static func targets() throws -> [Target] {
    let text = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let pieces = text.split(separator: "// Line", omittingEmptySubsequences: true).dropFirst()
    var result: [Target] = []
    var line = -1
    let declaration = try Regex(
      #"\.(systemLibrary|target|executableTarget|testTarget)\(\s*name: "(\w+)"(?s)(.*?)(?=\n    \.|\z)"#
    )
    for piece in pieces {
      let isOneEach = piece.hasPrefix("s ")
      line += 1
      for match in piece.matches(of: declaration) {
        let name = match.output[2].substring.map(String.init) ?? ""
        let body = match.output[3].substring.map(String.init) ?? ""
        let list = body.range(of: "dependencies: [").map { start in
          String(body[start.upperBound...].prefix { $0 != "]" })
        }
        let dependencies = (list ?? "").matches(of: /"(\w+)"/).map { String($0.output.1) }
        let isTest = match.output[1].substring == "testTarget" || body.contains("path: \"Tests/")
        result.append(
          Target(
            name: name, line: line, folder: (isTest ? "Tests/" : "Sources/") + name,
            dependencies: dependencies))
        if isOneEach { line += 1 }
      }
    }
    return result
  }

  @Test func dependenciesPointUp() throws {
    let targets = try Self.targets()
    #expect(targets.count >= 38)
    let lines = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.line) })
    for target in targets {
      for dependency in target.dependencies {
        guard let line = lines[dependency] else { continue }
        // Files reads gzip: the one dependency inside line 0.
        let isFilesOnZlib = target.name == "Files" && dependency == "CZlib"
        #expect(
          line < target.line || isFilesOnZlib, "\(target.name) depends on \(dependency)")
      }
    }
  }

  /// The compiler's own check of imports does not see C modules.
  @Test func importedModulesAreDeclared() throws {
    let targets = try Self.targets()
    let modules = Set(targets.map(\.name))
    for target in targets {
      let folder = Self.root.appendingPathComponent(target.folder)
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /(?m)^(?:@\w+ )?(?:\w+ )?import (\w+)/) {
          let module = String(match.output.1)
          guard modules.contains(module) else { continue }
          #expect(
            target.dependencies.contains(module),
            "\(file.lastPathComponent) of \(target.name) imports \(module)")
        }
      }
    }
  }
}
