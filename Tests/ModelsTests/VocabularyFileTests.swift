import Checkpoints
import Files
import Foundation
import Models
import TestTools
import Testing
import Tokenizers

/// llama.cpp's vocabularies, each with its texts (`.inp`) and the ids (`.out`) that Hugging Face's
/// tokenizer gave for them.
@Suite(.enabled(if: RealData.llamaCpp != nil))
struct VocabularyFileTests {
  private static func path(_ name: String) throws -> String {
    try #require(RealData.llamaCpp) + "/vocabularies/\(name).gguf"
  }

  private static func vocabulary(_ name: String) throws -> GGUFVocabulary {
    try #require(try GGUFVocabulary(metadataOf: GGUFFile(path: path(name))))
  }

  /// The texts and the ids, one pair a case.
  private static func cases(_ name: String) throws -> [(text: String, ids: [Int])] {
    func content(_ ending: String) throws -> String {
      String(
        decoding: try MappedFile(path: path(name) + ending).withBytes(Array.init), as: UTF8.self)
    }
    let texts = try content(".inp").components(separatedBy: "\n__ggml_vocab_test__\n").dropLast()
    let lines = try content(".out").components(separatedBy: "\n").dropLast()
    try #require(texts.count == lines.count)
    return zip(texts, lines).map { text, line in
      (text, line.split(separator: " ").compactMap { Int($0) })
    }
  }

  @Test(arguments: ["gpt-2", "llama-bpe", "qwen2"])
  func givesTheIDsOfHuggingFace(_ name: String) throws {
    let tokenizer = try Tokenizer(gguf: Self.vocabulary(name))
    let cases = try Self.cases(name)
    #expect(cases.count > 40)
    for (text, ids) in cases {
      #expect(try tokenizer.encode(text, special: false) == ids, "\(text.debugDescription)")
    }
  }

  @Test(arguments: [
    ("command-r", "tokenizer.ggml.pre \"command-r\" is none of smollm, gpt-2"),
    ("deepseek-coder", "tokenizer.ggml.pre \"deepseek-coder\" is none of"),
    ("deepseek-llm", "tokenizer.ggml.pre \"deepseek-llm\" is none of"),
    ("falcon", "tokenizer.ggml.pre \"falcon\" is none of"),
    ("mpt", "tokenizer.ggml.pre \"mpt\" is none of"),
    ("qwen35", "tokenizer.ggml.pre \"qwen35\" is none of"),
    ("refact", "tokenizer.ggml.pre \"refact\" is none of"),
    ("starcoder", "tokenizer.ggml.pre \"starcoder\" is none of"),
    ("gemma-4", "tokenizer.ggml.model is \"gemma4\", not byte-level byte-pair encoding"),
    ("llama-spm", "tokenizer.ggml.model is \"llama\", not byte-level byte-pair encoding"),
    ("phi-3", "tokenizer.ggml.model is \"llama\", not byte-level byte-pair encoding"),
    ("bert-bge", "tokenizer.ggml.model is \"bert\", not byte-level byte-pair encoding"),
  ])
  func saysWhyItIsNotRead(_ name: String, _ reason: String) throws {
    let vocabulary = try Self.vocabulary(name)
    #expect {
      _ = try Tokenizer(gguf: vocabulary)
    } throws: { error in
      guard case TokenizerError.unsupported(let found) = error else { return false }
      return found.hasPrefix(reason)
    }
  }

  /// So that none of the folder is left out above.
  @Test func thereAreNoOthers() throws {
    let names = try namesInFolder(#require(RealData.llamaCpp) + "/vocabularies").filter {
      $0.hasSuffix(".gguf")
    }
    #expect(names.count == 15)
  }
}
