/// What a distillation minimizes: a weighted sum of terms, each of which measures how far the
/// student is from its teacher (arXiv 2407.14679, section 3), or from the text.
public struct DistillationLoss: Sendable, Equatable {
  /// A term. V is the vocabulary, t and s the logits of teacher and student at a position. Each is
  /// averaged over all positions, `crossEntropy` over those with a next token.
  public enum Term: String, Sendable, CaseIterable {
    /// KL(teacher ‖ student) over V, nats, logits divided by the temperature.
    case kl
    /// KL(student ‖ teacher) over V, nats, logits divided by the temperature.
    case reverseKL = "reverse_kl"
    /// (1/V) Σ (s − t)².
    case mse
    /// 1 − s·t / (|s| |t|).
    case cosine
    /// KL(teacher ‖ student) over the ids of the teacher's k largest logits (the lower id on ties),
    /// both distributions renormalized over them; nats, logits divided by the temperature.
    case topKL = "topk_kl"
    /// The cross-entropy of the next token, nats.
    case crossEntropy = "cross_entropy"
    /// Σ over layer pairs of the mean squared distance between the teacher's state after its layer
    /// and the student's after its own, each through its model's final norm, the student's then
    /// mapped to the teacher's width by the learned projection.
    case hidden
    /// The mean squared distance between the embedding outputs, without a norm, the student's
    /// mapped to the teacher's width by the same projection.
    case embedding

    /// Whether it compares logits with the teacher's.
    var isOnTeacherLogits: Bool {
      switch self {
      case .kl, .reverseKL, .mse, .cosine, .topKL: true
      case .crossEntropy, .hidden, .embedding: false
      }
    }

    /// Whether it compares states inside the models.
    var isOnStates: Bool { self == .hidden || self == .embedding }
  }

  /// What a term is multiplied by.
  public enum Weight: Sendable, Equatable {
    /// A positive number.
    case number(Double)
    /// α = L_logits / L_is, anew at each pass and without a gradient of its own: L_logits is the
    /// weighted sum of the terms on the teacher's logits, L_is the sum of all terms of this weight.
    /// For terms on states alone.
    case automatic
  }

  /// A term and its weight.
  public struct Part: Sendable, Equatable {
    /// Which term.
    public let term: Term
    /// What it is multiplied by.
    public let weight: Weight

    /// A term of a weight.
    public init(_ term: Term, _ weight: Weight = .number(1)) {
      self.term = term
      self.weight = weight
    }
  }

  /// Two layers whose outputs are compared: 0 is the first, −1 the last.
  public struct LayerPair: Sendable, Equatable {
    /// A layer of the teacher.
    public let teacher: Int
    /// A layer of the student.
    public let student: Int

    /// A pair of layers.
    public init(teacher: Int, student: Int) {
      self.teacher = teacher
      self.student = student
    }
  }

  /// The terms in the order of the record.
  public var parts: [Part]
  /// What `hidden` compares.
  public var pairs: [LayerPair]
  /// What logits are divided by in `kl`, `reverseKL` and `topKL`.
  public var temperature: Double
  /// How many ids `topKL` compares.
  public var k: Int

  /// A sum of terms.
  public init(_ parts: [Part], pairs: [LayerPair] = [], temperature: Double = 1, k: Int = 100) {
    self.parts = parts
    self.pairs = pairs
    self.temperature = temperature
    self.k = k
  }

  /// One term of weight 1.
  public init(_ term: Term, temperature: Double = 1, k: Int = 100) {
    self.init([Part(term)], temperature: temperature, k: k)
  }

  /// Whether there is a term of this kind.
  func has(_ term: Term) -> Bool { parts.contains { $0.term == term } }
}

extension DistillationLoss {
  /// The loss in one line, the same for the same loss: `kl`,
  /// `kl + 0.5 cross_entropy + auto hidden(2:1) + embedding`, `topk_kl(k=100)`.
  public var name: String {
    parts.map { part in
      let weight =
        switch part.weight {
        case .number(1): ""
        case .number(let number): Self.shortest(number) + " "
        case .automatic: "auto "
        }
      return weight + part.term.rawValue + options(of: part.term)
    }.joined(separator: " + ")
  }

  private func options(of term: Term) -> String {
    switch term {
    case .topKL: "(k=\(k))"
    case .hidden: "(" + pairs.map { "\($0.teacher):\($0.student)" }.joined(separator: ", ") + ")"
    default: ""
    }
  }

  private static func shortest(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
