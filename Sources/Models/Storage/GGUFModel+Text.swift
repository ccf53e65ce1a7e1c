import Checkpoints
import JSONFormat
import Tokenizers

extension GGUFModel {
  /// The tokenizer of the metadata, with the files that Hugging Face would have beside the weights.
  func text() throws -> TextSupport {
    guard let vocabulary = try GGUFVocabulary(metadataOf: file) else {
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
}
