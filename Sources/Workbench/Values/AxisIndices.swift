import Language
import Tensors

/// The indices of `x[...]`: ints, slices, lists, tensors, `None` and `...`, alone or as a tuple.
/// - Throws: `LanguageError` for anything else, and for a mask of another shape than its axes.
func axisIndices(_ value: Value, of tensor: Tensor) throws -> [AxisIndex] {
  let parts: [Value] = if case .tuple(let tuple) = value { tuple.elements } else { [value] }
  let masks = try parts.map { try mask($0, of: tensor) }
  // An ellipsis stands for the axes that are left, and a mask for as many as it has.
  let used = zip(parts, masks).reduce(0) { count, part in
    switch part.0 {
    case .none, .ellipsis: count
    default: count + (part.1?.rank ?? 1)
    }
  }
  var axis = 0
  var indices: [AxisIndex] = []
  for (part, mask) in zip(parts, masks) {
    if let mask {
      try require(mask, toFit: tensor, at: axis)
      indices += try AxisIndex.nonzero(mask)
      axis += mask.rank
      continue
    }
    switch part {
    case .ellipsis:
      indices.append(.ellipsis)
      axis += max(0, tensor.rank - used)
    case .none: indices.append(.newAxis)
    default:
      indices.append(try axisIndex(part, of: tensor))
      axis += 1
    }
  }
  return indices
}

private let wanted = "a tensor is indexed by ints, slices, lists, tensors, None and ..."

private func axisIndex(_ part: Value, of tensor: Tensor) throws -> AxisIndex {
  switch part {
  case .slice(let slice):
    return .slice(
      start: try bound(slice.start), end: try bound(slice.stop), step: try bound(slice.step))
  case .bool: throw LanguageError("\(wanted), not a bool")
  case .object(let object as TensorObject) where object.tensor.rank > 0:
    return try .take(list(object.tensor, of: part))
  case .list, .tuple, .range:
    return try .take(list(Tensor.nested(part, on: tensor.device), of: part))
  default:
    if let index = try part.integer() { return .at(index) }
    throw LanguageError("\(wanted), not \(part.typePhrase)")
  }
}

private func list(_ tensor: Tensor, of part: Value) throws -> IndexList {
  // An empty list has no type of its own.
  guard tensor.type == .i64 || tensor.count == 0 else {
    throw LanguageError(
      "a tensor is indexed by ints or truth values, not by \(part.typePhrase) of \(tensor.type.name)"
    )
  }
  return IndexList(try tensor.integers().map { Int($0) }, shape: tensor.shape)
}

/// The truth values of an index that is a mask; nil for any other.
private func mask(_ part: Value, of tensor: Tensor) throws -> Tensor? {
  switch part {
  case .object(let object as TensorObject) where object.tensor.type == .bool: return object.tensor
  case .list(let list):
    guard let first = list.elements.first else { return nil }
    switch first {
    case .bool, .list: break
    default: return nil
    }
    let nested = try Tensor.nested(part, on: tensor.device)
    return nested.type == .bool ? nested : nil
  default: return nil
  }
}

private func require(_ mask: Tensor, toFit tensor: Tensor, at axis: Int) throws {
  guard mask.rank > 0 else {
    throw LanguageError("\(wanted); a single truth value is none of them")
  }
  let axes = tensor.shape.dropFirst(axis).prefix(mask.rank)
  guard Array(axes) == mask.shape else {
    throw LanguageError(
      "a mask of shape \(mask.shape) does not fit axis \(axis) of shape \(tensor.shape): both must "
        + "have the same sizes")
  }
}

private func bound(_ value: Value) throws -> Int? {
  if value.isNone { return nil }
  if let index = try value.integer() { return index }
  throw LanguageError("a slice takes ints, not \(value.typePhrase)")
}
