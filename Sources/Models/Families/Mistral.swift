// Mistral, arXiv 2310.06825: Llama with a sliding window and a head size of its own.

import Tensors

struct Mistral: Family {
  let modelType = "mistral"
  private let llama = Llama()

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try llama.architecture(config, window: try config.optionalSize("sliding_window"))
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    llama.weights(of: architecture)
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try llama.layer(index, input, pass)
  }
}
