/// The programs of the device, each from one source beside this file and what it builds on.
package enum KernelFamily: Hashable {
  case movement, elementwise, activation, norm, rotary, softmax, reduction, statistics, optimizer
  case product, vocabulary, distillation
  /// Built for one size of heads.
  case attention(headDim: Int)

  /// What it is called in errors: its file.
  var name: String {
    if case .attention = self { "attention" } else { "\(self)" }
  }

  /// The sources, one behind the other.
  private var parts: [(file: String, bytes: [UInt8])] {
    let vectors = ("vectors.cl", PackageResources.vectors_cl)
    let rows = ("rows.cl", PackageResources.rows_cl)
    let walk = ("walk.cl", PackageResources.walk_cl)
    return switch self {
    case .movement: [vectors, walk, ("movement.cl", PackageResources.movement_cl)]
    case .elementwise: [vectors, walk, ("elementwise.cl", PackageResources.elementwise_cl)]
    case .activation: [vectors, ("activation.cl", PackageResources.activation_cl)]
    case .norm:
      [
        vectors, ("norm.cl", PackageResources.norm_cl),
        ("layer_norm.cl", PackageResources.layer_norm_cl),
      ]
    case .rotary: [vectors, ("rotary.cl", PackageResources.rotary_cl)]
    case .softmax: [vectors, rows, ("softmax.cl", PackageResources.softmax_cl)]
    case .reduction: [vectors, rows, ("reduction.cl", PackageResources.reduction_cl)]
    case .statistics: [vectors, ("statistics.cl", PackageResources.statistics_cl)]
    case .optimizer: [vectors, ("optimizer.cl", PackageResources.optimizer_cl)]
    case .product: [vectors, ("product.cl", PackageResources.product_cl)]
    case .vocabulary: [vectors, rows, ("vocabulary.cl", PackageResources.vocabulary_cl)]
    case .distillation: [vectors, rows, ("distillation.cl", PackageResources.distillation_cl)]
    case .attention:
      [
        vectors, ("attention.cl", PackageResources.attention_cl),
        ("attention_gradient.cl", PackageResources.attention_gradient_cl),
      ]
    }
  }

  /// The program's text; `#line` lets a build error name the file and the line in it.
  package var source: String {
    parts.map { "#line 1 \"\($0.file)\"\n" + String(decoding: $0.bytes, as: UTF8.self) }
      .joined(separator: "\n")
  }

  /// What the build is told of the layout.
  func options(_ layout: WorkLayout) -> String {
    var lanes = layout.lanes
    var group = layout.group
    var more = ""
    if case .attention(let headDim) = self {
      lanes = layout.attentionLanes
      group = layout.attentionGroup
      more = " -DHEAD_DIM=\(headDim)"
    }
    return "-cl-std=CL1.2 -DLANES=\(lanes) -DGROUP=\(group) -DELEMENTS=\(layout.elements)"
      + " -DRANK=\(StridedWalk.kernelRank)\(more)"
  }
}
