import Checkpoints
import Tokenizers

extension GGUFVocabulary {
  /// The metadata's keys `tokenizer.*`; nil where a file has no tokens. It need not hold a model.
  /// - Throws: `CheckpointError` for an array of another type than the key needs.
  package init?(metadataOf file: GGUFFile) throws {
    func strings(_ key: String) throws -> [[UInt8]]? { try file[key]?.array?.strings() }
    guard let model = file["tokenizer.ggml.model"]?.string,
      let tokens = try strings("tokenizer.ggml.tokens")
    else { return nil }
    func id(_ name: String) -> Int? { file["tokenizer.ggml.\(name)_token_id"]?.int }
    let architecture = file["general.architecture"]?.string ?? "llama"
    self.init(
      model: model, pre: file["tokenizer.ggml.pre"]?.string, tokens: tokens,
      merges: try strings("tokenizer.ggml.merges") ?? [],
      tokenTypes: try file["tokenizer.ggml.token_type"]?.array?.integers() ?? [],
      beginToken: id("bos"), endToken: id("eos"), endOfTurnToken: id("eot"),
      unknownToken: id("unknown"), paddingToken: id("padding"),
      addsBeginToken: file["tokenizer.ggml.add_bos_token"]?.bool,
      addsEndToken: file["tokenizer.ggml.add_eos_token"]?.bool,
      chatTemplate: file["tokenizer.chat_template"]?.string,
      contextLength: file["\(architecture).context_length"]?.int)
  }
}
