import JSONFormat
import Tensors

extension TrainingSettings {
  /// The settings under the names of the catalogue. `every` stands as the interval that it means.
  package var json: JSONObject {
    JSONObject([
      ("steps", .int(steps)), ("batch", .int(batch)), ("accumulate", .int(accumulate)),
      ("lr", .double(learningRate)), ("min_lr", .double(minimumRate)), ("warmup", .int(warmup)),
      ("schedule", .string(decay.rawValue)), ("weight_decay", .double(weightDecay)),
      ("decay_norms", .bool(decayNorms)), ("betas", [.double(betas.0), .double(betas.1)]),
      ("clip", clip.map { .double($0) } ?? .null), ("shuffle", .bool(shuffle)),
      ("every", .int(interval)), ("seed", .int(seed)),
      ("gradient_checkpointing", .bool(gradientCheckpointing)),
    ])
  }

  /// The settings that `json` gave; nil where one is missing or of another kind.
  init?(_ json: JSON) {
    guard let steps = json["steps"]?.int, let batch = json["batch"]?.int,
      let accumulate = json["accumulate"]?.int, let learningRate = json["lr"]?.double,
      let minimumRate = json["min_lr"]?.double, let warmup = json["warmup"]?.int,
      let decay = json["schedule"]?.string.flatMap(RateDecay.init),
      let weightDecay = json["weight_decay"]?.double, let decayNorms = json["decay_norms"]?.bool,
      let betas = json["betas"]?.array?.compactMap(\.double), betas.count == 2,
      let clip = json["clip"], clip.isNull || clip.double != nil,
      let shuffle = json["shuffle"]?.bool, let every = json["every"]?.int,
      let seed = json["seed"]?.int,
      let gradientCheckpointing = json["gradient_checkpointing"]?.bool
    else { return nil }
    self.init(steps: steps)
    self.batch = batch
    self.accumulate = accumulate
    self.learningRate = learningRate
    self.minimumRate = minimumRate
    self.warmup = warmup
    self.decay = decay
    self.weightDecay = weightDecay
    self.decayNorms = decayNorms
    self.betas = (betas[0], betas[1])
    self.clip = clip.double
    self.shuffle = shuffle
    self.every = every
    self.seed = seed
    self.gradientCheckpointing = gradientCheckpointing
  }
}
