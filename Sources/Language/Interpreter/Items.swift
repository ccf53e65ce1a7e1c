extension Interpreter {
  /// `value[index]`.
  func item(_ index: Value, of value: Value) throws -> Value {
    switch value {
    case .list(let list):
      if case .slice(let slice) = index {
        return .list(list.elements.slice(try slice.resolved(length: list.elements.count)))
      }
      return list.elements[try position(index, list.elements.count, "list")]
    case .tuple(let tuple):
      if case .slice(let slice) = index {
        return .tuple(tuple.elements.slice(try slice.resolved(length: tuple.count)))
      }
      return tuple[try position(index, tuple.count, "tuple")]
    case .string(let text): return .string(try item(index, of: text))
    case .dict(let dict):
      if let found = try dict.value(for: index) { return found }
      throw missingKey(index, dict)
    case .range(let range): return try item(index, of: range)
    case .object(let object): return try object.item(index)
    default: throw LanguageError("\(value.typePhrase) cannot be indexed")
    }
  }

  /// An index that may be a host's whole number.
  private func position(_ index: Value, _ count: Int, _ what: String) throws -> Int {
    if case .object(let object) = index, let number = try object.number(), number.asInt != nil {
      return try resolveIndex(number, count: count, of: what)
    }
    return try resolveIndex(index, count: count, of: what)
  }

  private func item(_ index: Value, of text: String) throws -> String {
    let scalars = text.unicodeScalars
    // A string of ASCII has its scalars where its bytes are.
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let count = isASCII ? text.utf8.count : scalars.count
    guard case .slice(let slice) = index else {
      let position = try position(index, count, "string")
      let place = isASCII ? text.utf8.index(text.startIndex, offsetBy: position) : nil
      return String(scalars[place ?? scalars.index(scalars.startIndex, offsetBy: position)])
    }
    let part = Array(scalars).slice(try slice.resolved(length: count))
    var result = String.UnicodeScalarView()
    result.append(contentsOf: part)
    return String(result)
  }

  private func item(_ index: Value, of range: RangeValue) throws -> Value {
    guard case .slice(let slice) = index else {
      return .int(range[try position(index, range.count, "range")])
    }
    let (start, step, count) = try slice.resolved(length: range.count)
    let (newStep, overflow) = range.step.multipliedReportingOverflow(by: step)
    let first = range.start.addingReportingOverflow(start &* range.step)
    let stop = first.partialValue.addingReportingOverflow(count &* newStep)
    guard !overflow, !first.overflow, !stop.overflow,
      let result = RangeValue(start: first.partialValue, stop: stop.partialValue, step: newStep)
    else { throw LanguageError("the slice of the range does not fit in 64 bits") }
    return .range(result)
  }

  private func missingKey(_ key: Value, _ dict: DictObject) -> LanguageError {
    let names = dict.entries.prefix(1000).compactMap(\.key.asString)
    let hint = key.asString.map { didYouMean($0, names) } ?? ""
    return LanguageError("the dict has no key \(key.shortRepresentation)\(hint)")
  }

  /// `value[index] = new`.
  func setItem(_ index: Value, of value: Value, to new: Value) throws {
    switch value {
    case .list(let list):
      if case .slice(let slice) = index {
        try setSlice(slice, of: list, to: new)
      } else {
        list.elements[try position(index, list.elements.count, "list")] = new
      }
    case .dict(let dict): try dict.set(index, to: new)
    case .object(let object): try object.setItem(index, to: new)
    default: throw LanguageError("items of \(value.typePhrase) cannot be set")
    }
  }

  private func setSlice(_ slice: SliceValue, of list: ListObject, to new: Value) throws {
    let values = try new.elements()
    let (start, step, count) = try slice.resolved(length: list.elements.count)
    if step == 1 {
      try Limits.check(count: list.elements.count - count + values.count, of: "a list")
      list.elements.replaceSubrange(start..<start + count, with: values)
      return
    }
    if values.count != count {
      throw LanguageError("the slice has \(count) places, but there are \(values.count) values")
    }
    for (offset, value) in values.enumerated() { list.elements[start + offset * step] = value }
  }

  /// `del value[index]`.
  func deleteItem(_ index: Value, of value: Value) throws {
    switch value {
    case .list(let list):
      guard case .slice(let slice) = index else {
        list.elements.remove(at: try position(index, list.elements.count, "list"))
        return
      }
      let (start, step, count) = try slice.resolved(length: list.elements.count)
      let doomed = Set((0..<count).map { start + $0 * step })
      list.elements = list.elements.enumerated().filter { !doomed.contains($0.offset) }
        .map(\.element)
    case .dict(let dict):
      if try dict.remove(index) == nil { throw missingKey(index, dict) }
    case .object(let object): try object.deleteItem(index)
    default: throw LanguageError("items of \(value.typePhrase) cannot be deleted")
    }
  }
}

extension Value {
  /// `element in self`.
  func contains(_ element: Value) throws -> Bool {
    switch self {
    case .list(let list):
      return try list.elements.contains { try Equality.holdsOrSame($0, element) }
    case .tuple(let tuple): return try tuple.contains { try Equality.holdsOrSame($0, element) }
    case .dict(let dict): return try dict.value(for: element) != nil
    case .string(let text):
      guard let part = element.asString else {
        throw LanguageError("'in' a string needs a string, not \(element.typePhrase)")
      }
      return part.isEmpty || text.scalarRange(of: part) != nil
    case .range(let range):
      if let number = element.asInt { return range.contains(number) }
      if case .float(let number) = element {
        return Int(exactly: number).map(range.contains) ?? false
      }
      return false
    case .object(let object):
      if let result = try object.contains(element) { return result }
    default: break
    }
    let iterator = try makeIterator()
    while let candidate = try iterator.next() {
      if try Equality.holdsOrSame(candidate, element) { return true }
    }
    return false
  }
}
