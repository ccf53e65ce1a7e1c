import Foundation
import Kernels

/// Attention and its gradients as the formulas say them, in Double, with the whole matrix of
/// weights of one head in memory. Letters as in `AttentionShape`.
struct AttentionReference {
  let shape: AttentionShape
  let q, k, v: [Float]

  /// Index of element 0 of a query's vector, in q and out.
  func query(_ b: Int, _ t: Int, _ h: Int) -> Int {
    ((b * shape.queries + t) * shape.heads + h) * shape.headDim
  }

  /// Index of element 0 of a key's vector, in k and v.
  func key(_ b: Int, _ s: Int, _ h: Int) -> Int {
    let g = h / (shape.heads / shape.kvHeads)
    return ((b * shape.keyCapacity + s) * shape.kvHeads + g) * shape.headDim
  }

  /// The keys that query `t` sees.
  func visible(_ t: Int) -> ClosedRange<Int> {
    let position = shape.keys - shape.queries + t
    return max(0, position - (shape.window ?? shape.keys) + 1)...position
  }

  private func dot(_ a: [Float], _ i: Int, _ b: [Float], _ j: Int) -> Double {
    (0..<shape.headDim).reduce(0.0) { $0 + Double(a[i + $1]) * Double(b[j + $1]) }
  }

  /// The weights of one query over the keys that it sees, and the log of the sum of exponentials.
  func weights(_ b: Int, _ t: Int, _ h: Int) -> (weights: [Double], logSumExp: Double) {
    let scores = visible(t).map {
      Double(shape.scale) * dot(q, query(b, t, h), k, key(b, $0, h))
    }
    let most = scores.max() ?? 0
    let total = scores.reduce(0) { $0 + exp($1 - most) }
    return (scores.map { exp($0 - most) / total }, most + log(total))
  }

  private func forEachRow(_ body: (_ b: Int, _ t: Int, _ h: Int) -> Void) {
    for b in 0..<shape.batch {
      for t in 0..<shape.queries {
        for h in 0..<shape.heads { body(b, t, h) }
      }
    }
  }

  /// out [B, T, H, D] and logSumExp [B, H, T].
  func forward() -> (out: [Double], logSumExp: [Double]) {
    var out = [Double](repeating: 0, count: q.count)
    var logSumExp = [Double](repeating: 0, count: shape.batch * shape.heads * shape.queries)
    forEachRow { b, t, h in
      let row = weights(b, t, h)
      logSumExp[(b * shape.heads + h) * shape.queries + t] = row.logSumExp
      for (s, weight) in zip(visible(t), row.weights) {
        for d in 0..<shape.headDim {
          out[query(b, t, h) + d] += weight * Double(v[key(b, s, h) + d])
        }
      }
    }
    return (out, logSumExp)
  }

  /// dq, dk and dv by the chain rule through the softmax.
  func gradients(_ dOut: [Float]) -> (dq: [Double], dk: [Double], dv: [Double]) {
    var dq = [Double](repeating: 0, count: q.count)
    var dk = [Double](repeating: 0, count: k.count)
    var dv = [Double](repeating: 0, count: v.count)
    forEachRow { b, t, h in
      let weights = weights(b, t, h).weights
      let row = query(b, t, h)
      let slopes = visible(t).map { dot(dOut, row, v, key(b, $0, h)) }
      let mean = zip(weights, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      for (n, s) in visible(t).enumerated() {
        let slope = weights[n] * (slopes[n] - mean) * Double(shape.scale)
        let place = key(b, s, h)
        for d in 0..<shape.headDim {
          dq[row + d] += slope * Double(k[place + d])
          dk[place + d] += slope * Double(q[row + d])
          dv[place + d] += weights[n] * Double(dOut[row + d])
        }
      }
    }
    return (dq, dk, dv)
  }
}

/// The root-mean-square norm and its gradients by the formulas, in Double.
struct NormReference {
  let shape: NormShape
  let x, weight: [Float]

  func inverse(_ row: Int) -> Double {
    let squares = (0..<shape.width).reduce(0.0) {
      $0 + Double(x[row * shape.width + $1]) * Double(x[row * shape.width + $1])
    }
    return 1 / (squares / Double(shape.divisor) + Double(shape.epsilon)).squareRoot()
  }

  func forward() -> [Double] {
    (0..<shape.rows * shape.width).map {
      Double(weight[$0 % shape.width]) * Double(x[$0]) * inverse($0 / shape.width)
    }
  }

  func gradients(_ dOut: [Float]) -> (dx: [Double], dWeight: [Double]) {
    let width = shape.width
    var dx = [Double](repeating: 0, count: x.count)
    var dWeight = [Double](repeating: 0, count: width)
    for row in 0..<shape.rows {
      let r = inverse(row)
      let products = (0..<width).map {
        Double(dOut[row * width + $0]) * Double(x[row * width + $0])
      }
      let sum = zip(products, weight).reduce(0) { $0 + $1.0 * Double($1.1) }
      for i in 0..<width {
        let n = row * width + i
        dWeight[i] += products[i] * r
        // d(x r) = r dx − x r³ / divisor · Σ x dx.
        dx[n] =
          Double(weight[i]) * Double(dOut[n]) * r
          - Double(x[n]) * r * r * r / Double(shape.divisor) * sum
      }
    }
    return (dx, dWeight)
  }
}
