import Models

/// What to say of a model's widths after a cut: other tools that will not take them, and hardware
/// that takes them badly. A width that was no better before the cut is not spoken of.
public func widthWarnings(from before: Configuration, to after: Configuration) -> [String] {
  let multiples = [
    (32, "a Q8_0 GGUF cannot hold it, and matrix units work by 16 or 32"),
    (256, "K-quants of GGUF cannot hold it"),
  ]
  let widths = zip(before.architecture.widths, after.architecture.widths)
  let unkind = widths.compactMap { old, new -> String? in
    let broken = multiples.first { multiple, _ in
      new.size % multiple != 0 && old.size % multiple == 0
    }
    return broken.map { "\(new.name) \(new.size) is no multiple of \($0.0): \($0.1)" }
  }
  let refusal = before.transformersRefusal == nil ? after.transformersRefusal : nil
  return unkind + [refusal ?? after.obstacleToSaving].compactMap { $0 }
}

extension Configuration {
  /// Why transformers 5 will not open a checkpoint of these sizes that Pare opens; nil where it
  /// will.
  public var transformersRefusal: String? {
    let sizes = architecture
    guard family.modelType == "llama", sizes.hidden % sizes.heads != 0 else { return nil }
    return
      "transformers 5 refuses a llama whose hidden size (\(sizes.hidden)) is no multiple of its "
      + "heads (\(sizes.heads)); Pare opens it"
  }
}

extension Architecture {
  /// The lengths of the rows of its matrices, by the names that users give them.
  fileprivate var widths: [(name: String, size: Int)] {
    [("hidden", hidden), ("ffn", ffn), ("heads · head_dim", heads * headDim)]
  }
}
