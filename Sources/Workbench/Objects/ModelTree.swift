import Models
import Tensors

/// A model's weights as a tree of modules with their shapes, layers that are alike folded into one.
struct ModelTree {
  private let root: Node

  /// The part of a model below the first components of its weights' names; empty for all of it.
  init(_ model: Model, prefix: String = "") {
    var root = Node()
    let start = prefix.isEmpty ? "" : prefix + "."
    for name in model.weights.names where name.hasPrefix(start) {
      guard let tensor = model.weights[name] else { continue }
      let path = name.dropFirst(start.count).split(separator: ".").map(String.init)
      root.insert(tensor.shape, at: path[...])
    }
    self.root = root
  }

  /// The lines, each indented by two at least.
  var lines: [String] { root.lines(indent: 2) }

  /// A module: what is directly in it, in the order of the checkpoint.
  private struct Node: Equatable {
    var shape: [Int]?
    var children: [(name: String, node: Node)] = []

    static func == (left: Node, right: Node) -> Bool {
      left.shape == right.shape && left.children.count == right.children.count
        && zip(left.children, right.children).allSatisfy {
          $0.name == $1.name && $0.node == $1.node
        }
    }

    mutating func insert(_ shape: [Int], at path: ArraySlice<String>) {
      guard let name = path.first else { return self.shape = shape }
      let place = children.firstIndex { $0.name == name } ?? children.count
      if place == children.count { children.append((name, Node())) }
      children[place].node.insert(shape, at: path.dropFirst())
    }

    /// What a module that is a weight, or a weight and a bias, is on one line.
    private var leaf: String? {
      if let shape { return "\(shape)" }
      let names = children.map(\.name)
      guard names == ["weight"] || Set(names) == ["weight", "bias"],
        let weight = children.first(where: { $0.name == "weight" })?.node.shape
      else { return nil }
      return "\(weight)" + (names.count == 2 ? " + bias" : "")
    }

    func lines(indent: Int) -> [String] {
      let start = String(repeating: " ", count: indent)
      let column = children.filter { $0.node.leaf != nil }.map(\.name.count).max() ?? 0
      var lines: [String] = []
      var index = 0
      while index < children.count {
        let (name, node) = children[index]
        let alike = run(from: index)
        if let leaf = node.leaf {
          lines.append(start + name + String(repeating: " ", count: column - name.count + 2) + leaf)
        } else {
          let last = children[index + alike - 1].name
          lines.append(start + (alike > 1 ? "\(name)-\(last), \(alike) alike" : name))
          lines += node.lines(indent: indent + 2)
        }
        index += alike
      }
      return lines
    }

    /// How many modules from here on are numbered one after the other and alike.
    private func run(from index: Int) -> Int {
      guard let first = Int(children[index].name), children[index].node.leaf == nil else {
        return 1
      }
      var count = 1
      while index + count < children.count, Int(children[index + count].name) == first + count,
        children[index + count].node == children[index].node
      {
        count += 1
      }
      return count
    }
  }
}
