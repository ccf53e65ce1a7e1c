/// The sizes of a root-mean-square norm or a layer norm.
public struct NormShape: Sendable {
  /// How many vectors.
  public var rows: Int
  /// The length of each.
  public var width: Int
  /// How many elements the mean is over: `width`, or fewer where masked channels (which are zero)
  /// do not count.
  public var divisor: Int
  /// Added to the mean square, or to the variance.
  public var epsilon: Float

  /// Sizes; the divisor is the width unless given.
  public init(rows: Int, width: Int, divisor: Int? = nil, epsilon: Float) {
    self.rows = rows
    self.width = width
    self.divisor = divisor ?? width
    self.epsilon = epsilon
  }
}

/// The sizes of a rotary position embedding in the half-split layout: element i of a head is paired
/// with element i + rotary/2.
public struct RotaryShape: Sendable {
  /// Sequences.
  public var batch: Int
  /// Positions of each sequence.
  public var time: Int
  /// Heads at each position.
  public var heads: Int
  /// Elements of a head; those past `rotary` pass unchanged.
  public var headDim: Int
  /// How many leading elements of a head are rotated.
  public var rotary: Int
  /// The position of the first one, a row of the tables.
  public var firstPosition: Int
  /// Rotates backwards, which is the gradient.
  public var inverse: Bool

  /// Sizes of a rotation.
  public init(
    batch: Int, time: Int, heads: Int, headDim: Int, rotary: Int, firstPosition: Int = 0,
    inverse: Bool = false
  ) {
    self.batch = batch
    self.time = time
    self.heads = heads
    self.headDim = headDim
    self.rotary = rotary
    self.firstPosition = firstPosition
    self.inverse = inverse
  }
}

/// The sizes of causal grouped-query attention. B = batch, T = queries, S = keys, H = heads,
/// G = key-value heads, D = head size. Head h reads key-value head h / (H / G). Query t stands at
/// position S − T + t and sees the keys up to there.
public struct AttentionShape: Sendable {
  /// B.
  public var batch: Int
  /// H, a multiple of G.
  public var heads: Int
  /// G.
  public var kvHeads: Int
  /// D.
  public var headDim: Int
  /// T.
  public var queries: Int
  /// S, at least T.
  public var keys: Int
  /// Positions from one sequence's keys to the next one's, at least S: a cache has room to grow.
  public var keyCapacity: Int
  /// How many of the latest keys a query sees, itself included; nil sees all.
  public var window: Int?
  /// What scores are multiplied by, 1/√D.
  public var scale: Float

  /// Sizes of a whole sequence's attention (S = T), or with keys of their own.
  public init(
    batch: Int, heads: Int, kvHeads: Int, headDim: Int, queries: Int, keys: Int? = nil,
    keyCapacity: Int? = nil, window: Int? = nil, scale: Float? = nil
  ) {
    self.batch = batch
    self.heads = heads
    self.kvHeads = kvHeads
    self.headDim = headDim
    self.queries = queries
    self.keys = keys ?? queries
    self.keyCapacity = keyCapacity ?? keys ?? queries
    self.window = window
    self.scale = scale ?? 1 / Float(headDim).squareRoot()
  }
}

extension AttentionShape {
  /// Elements of q and out.
  var queryCount: Int { batch * queries * heads * headDim }
  /// Elements of k and v, up to the last one in use.
  var keyCount: Int { ((batch - 1) * keyCapacity + keys) * kvHeads * headDim }
  /// Elements of logSumExp.
  var logSumExpCount: Int { batch * heads * queries }
  /// The most keys that a query sees.
  var visibleKeys: Int { min(keys, window ?? keys) }
}

/// The function of an MLP without a gate.
public enum ActivationFunction: Sendable, CaseIterable {
  /// max(x, 0)² (arXiv 2109.08668).
  case squaredReLU
  /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))) (arXiv 1606.08415).
  case tanhGELU
}

/// The parts of a transformer layer. Gradients marked "+=" are added to what is there when
/// `accumulates` (or as said), else they replace it.
public protocol TransformerOperations {
  /// out = weight · x / √(Σ x² / divisor + ε) (arXiv 1910.07467).
  ///
  /// Shape: x, out [rows, width]; weight [width]; inverse [rows], the reciprocal root, kept for the
  /// gradient.
  func rmsNorm(
    _ x: Region, weight: Region, to out: Region, inverse: Region, _ shape: NormShape) throws

  /// The gradients of `rmsNorm`: dx [rows, width] replaced, dWeight [width] replaced or added to.
  func rmsNormGradient(
    _ dOut: Region, x: Region, weight: Region, inverse: Region, dx: Region, dWeight: Region?,
    accumulates: Bool, _ shape: NormShape) throws

  /// out = weight · (x − mean) · inverse + bias, with mean = Σ x / divisor and inverse =
  /// 1 / √(Σ x² / divisor − mean² + ε) (arXiv 1607.06450). Channels that do not count are zero.
  ///
  /// Shape: x, out [rows, width]; weight, bias [width]; mean, inverse [rows], kept for the
  /// gradient.
  func layerNorm(
    _ x: Region, weight: Region, bias: Region, to out: Region, mean: Region, inverse: Region,
    _ shape: NormShape) throws

  /// The gradients of `layerNorm` but for the bias's, which is the sum of dOut over rows: dx [rows,
  /// width] replaced, dWeight [width] replaced or added to; dx may be the place of dOut.
  func layerNormGradient(
    _ dOut: Region, x: Region, weight: Region, mean: Region, inverse: Region, dx: Region,
    dWeight: Region?, accumulates: Bool, _ shape: NormShape) throws

  /// Rotary position embedding (arXiv 2104.09864): (x₁, x₂) to (x₁ cos − x₂ sin, x₂ cos + x₁ sin).
  ///
  /// Shape: x, out [B, T, heads, headDim], may be the same place; cosines, sines
  /// [positions, rotary/2].
  func rotary(
    _ x: Region, cosines: Region, sines: Region, to out: Region, _ shape: RotaryShape) throws

  /// softmax(scale · q kᵀ, causal) v, without a [T, S] matrix in memory.
  ///
  /// Shape: q, out [B, T, H, D]; k, v [B, keyCapacity, G, D]; logSumExp [B, H, T] of the scaled
  /// scores, kept for the gradient (nil where none will be asked for).
  func attention(
    q: Region, k: Region, v: Region, to out: Region, logSumExp: Region?, _ shape: AttentionShape
  ) throws

  /// The gradients of `attention` for S = keyCapacity: dq, dk, dv replaced, in the shapes of q, k
  /// and v. Scores are computed again from the log-sum-exp.
  func attentionGradient(
    _ dOut: Region, q: Region, k: Region, v: Region, out: Region, logSumExp: Region,
    dq: Region, dk: Region, dv: Region, _ shape: AttentionShape) throws

  /// out = silu(gate) · up (arXiv 2002.05202).
  func swiglu(gate: Region, up: Region, to out: Region, count: Int) throws

  /// The gradients of `swiglu`, replacing dGate and dUp; dUp may be the place of dOut.
  func swigluGradient(
    _ dOut: Region, gate: Region, up: Region, dGate: Region, dUp: Region, count: Int) throws

  /// out[i] = f(x[i]); x may be the place of out.
  func activate(_ function: ActivationFunction, _ x: Region, to out: Region, count: Int) throws

  /// dx[i] = dOut[i] · f'(x[i]); dx may be the place of dOut.
  func activationGradient(
    _ function: ActivationFunction, _ dOut: Region, x: Region, dx: Region, count: Int) throws

  /// out = softmax of each row; x, out [rows, width].
  func softmax(_ x: Region, to out: Region, rows: Int, width: Int) throws
}
