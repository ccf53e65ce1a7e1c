/// The width and the depth of models, to one scale: what a cut leaves of the first one.
public struct ShapesPlot: Sendable {
  /// One model's sizes.
  public struct Shape: Sendable {
    /// What stands over it.
    public let name: String
    /// What is said below the name, such as the number of parameters.
    public let remark: String
    /// The number of layers.
    public let layers: Int
    /// The parts of a layer, each with its width in channels.
    public let parts: [Part]
    /// Which layers of the first model it keeps, from the first on; nil where that is not known.
    public let kept: [Int]?

    /// A model's sizes.
    public init(name: String, remark: String = "", layers: Int, parts: [Part], kept: [Int]? = nil) {
      self.name = name
      self.remark = remark
      self.layers = layers
      self.parts = parts
      self.kept = kept
    }
  }

  /// A part of every layer.
  public struct Part: Sendable {
    /// What it is called.
    public let name: String
    /// How wide it is, in channels, neurons or heads times their size.
    public let width: Int
    /// How the width is written.
    public let label: String

    /// A part of every layer.
    public init(name: String, width: Int, label: String) {
      self.name = name
      self.width = width
      self.label = label
    }
  }

  /// The models, the first being what the others came from.
  public let shapes: [Shape]

  /// Models side by side.
  /// - Throws: `FigureError` for no models, sizes that are not positive, or models whose parts
  ///   differ.
  public init(shapes: [Shape]) throws {
    guard let first = shapes.first else { throw FigureError("shapes needs at least one model") }
    for shape in shapes {
      guard shape.layers > 0, shape.parts.allSatisfy({ $0.width > 0 }), !shape.parts.isEmpty else {
        throw FigureError("the sizes of \"\(shape.name)\" must be positive to be drawn")
      }
      guard shape.parts.map(\.name) == first.parts.map(\.name) else {
        throw FigureError("\"\(shape.name)\" has other parts than \"\(first.name)\"")
      }
    }
    self.shapes = shapes
  }
}
