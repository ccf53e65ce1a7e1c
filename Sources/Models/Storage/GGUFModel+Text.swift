import Checkpoints
import JSONFormat
import Tokenizers

extension GGUFModel {
  /// The tokenizer of the metadata, with the files that Hugging Face would have beside the weights.
  func text() throws -> TextSupport {
    guard let vocabulary = try vocabulary() else {
      return TextSupport(tokenizer: nil, problem: "its GGUF holds no tokenizer")
    }
    do {
      let tokenizer = try Tokenizer(gguf: vocabulary)
      let (json, settings) = tokenizer.huggingFaceFiles()
      func bytes(_ value: JSON) -> [UInt8] { Array((value.text(indent: 2) + "\n").utf8) }
      return TextSupport(
        tokenizer: tokenizer,
        files: [
          ("tokenizer.json", bytes(json)), ("tokenizer_config.json", bytes(settings)),
          ("generation_config.json", bytes(generationConfig(vocabulary))),
        ])
    } catch TokenizerError.unsupported(let reason) {
      return TextSupport(tokenizer: nil, problem: "its tokenizer is not read: \(reason)")
    } catch let error as TokenizerError {
      throw CheckpointError(file: file.path, tensor: "tokenizer.ggml", reason: "\(error)")
    }
  }

  private func generationConfig(_ vocabulary: GGUFVocabulary) -> JSON {
    let ids = [
      ("bos_token_id", vocabulary.beginToken), ("eos_token_id", vocabulary.endToken),
      ("pad_token_id", vocabulary.paddingToken),
    ]
    return .object(
      JSONObject(ids.compactMap { key, id in id.map { (key: key, value: .int($0)) } }))
  }

  /// The metadata's keys `tokenizer.*`; nil where it has no tokens.
  private func vocabulary() throws -> GGUFVocabulary? {
    func strings(_ key: String) throws -> [[UInt8]]? { try file[key]?.array?.strings() }
    guard let model = file["tokenizer.ggml.model"]?.string,
      let tokens = try strings("tokenizer.ggml.tokens")
    else { return nil }
    func id(_ name: String) -> Int? { file["tokenizer.ggml.\(name)_token_id"]?.int }
    return GGUFVocabulary(
      model: model, pre: file["tokenizer.ggml.pre"]?.string, tokens: tokens,
      merges: try strings("tokenizer.ggml.merges") ?? [],
      tokenTypes: try file["tokenizer.ggml.token_type"]?.array?.integers() ?? [],
      beginToken: id("bos"), endToken: id("eos"), endOfTurnToken: id("eot"),
      unknownToken: id("unknown"), paddingToken: id("padding"),
      addsBeginToken: file["tokenizer.ggml.add_bos_token"]?.bool,
      addsEndToken: file["tokenizer.ggml.add_eos_token"]?.bool,
      chatTemplate: file["tokenizer.chat_template"]?.string,
      contextLength: file["llama.context_length"]?.int)
  }
}
