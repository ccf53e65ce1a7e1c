import Models

extension DistillationLoss {
  /// The most ids of a `topk_kl`: its list is kept sorted by insertion.
  static let largestK = 4096

  /// Refuses a loss that means nothing for these models, before any work.
  /// - Throws: `CompressionError` naming the term or setting.
  func check(student: Model, teacher: Model) throws {
    func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
      if !holds { throw CompressionError.invalid(text()) }
    }
    try require(
      Float(temperature) > 0 && Float(temperature).isFinite,
      "temperature must be positive, not \(temperature)")
    try require(!parts.isEmpty, "a loss needs at least one term, such as 'kl'")
    for (index, part) in parts.enumerated() {
      let name = part.term.rawValue
      try require(
        !parts[..<index].contains { $0.term == part.term }, "the loss has '\(name)' twice")
      switch part.weight {
      case .number(let number):
        try require(
          Float(number) > 0 && Float(number).isFinite,
          "the weight of '\(name)' must be a positive number, not \(number); leave a term out "
            + "that is not to count")
      case .automatic:
        try require(
          part.term.isOnStates,
          "'\(name)' takes a number as its weight: 'auto' is for 'hidden' and 'embedding'")
        try require(
          parts.contains { $0.term.isOnTeacherLogits },
          "the weight 'auto' of '\(name)' needs a term on the teacher's logits beside it, such as "
            + "'kl'")
      }
    }
    if has(.topKL) {
      let most = min(Self.largestK, student.architecture.vocab)
      try require(
        (1...most).contains(k),
        "k must be between 1 and \(most), not \(k); 'kl' compares the whole vocabulary")
    }
    try checkPairs(student: student, teacher: teacher)
  }

  private func checkPairs(student: Model, teacher: Model) throws {
    guard has(.hidden) else { return }
    guard !pairs.isEmpty else {
      throw CompressionError.invalid(
        "'hidden' needs pairs of layers: {\"hidden\": {\"pairs\": [(teacher, student)]}}")
    }
    for pair in pairs {
      _ = try Self.layer(pair.student, of: student, "student")
      let layer = try Self.layer(pair.teacher, of: teacher, "teacher")
      if teacher.mask?.layers.contains(layer) == true {
        throw CompressionError.invalid(
          "layer \(layer) of the teacher is masked: it has no state to compare with")
      }
    }
  }

  /// A layer's place from 0.
  /// - Throws: `CompressionError` where the model has none there.
  static func layer(_ index: Int, of model: Model, _ role: String) throws -> Int {
    let layers = model.architecture.layers
    let place = index < 0 ? index + layers : index
    guard (0..<layers).contains(place) else {
      throw CompressionError.invalid(
        "the \(role) has layers 0 to \(layers - 1) (or -\(layers) to -1), no layer \(index)")
    }
    return place
  }
}
