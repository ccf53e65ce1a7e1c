extension Method {
  /// The receiver of a list's method.
  private static func object(_ value: Value) -> ListObject {
    if case .list(let list) = value { list } else { ListObject() }
  }

  static var list: [Method] {
    [
      Method("append", "object, /", "Adds one element at the end.") { list, arguments, _ in
        try object(list).append(contentsOf: [arguments.value("object")])
        return .none
      },
      Method("extend", "iterable, /", "Adds all elements at the end.") { list, arguments, _ in
        try object(list).append(contentsOf: try arguments.value("iterable").elements())
        return .none
      },
      Method("insert", "index, object, /", "Puts one element before a position.") {
        list, arguments, _ in
        let list = object(list)
        let count = list.elements.count
        let index = try arguments.int("index")
        try Limits.check(count: count + 1, of: "a list")
        let position = index < 0 ? max(0, index + count) : min(index, count)
        list.elements.insert(arguments.value("object"), at: position)
        return .none
      },
      Method("pop", "index=-1, /", "Removes an element and returns it.") { list, arguments, _ in
        let list = object(list)
        if list.elements.isEmpty { throw LanguageError("the list is empty") }
        let index = Value.int(try arguments.int("index"))
        return list.elements.remove(
          at: try resolveIndex(index, count: list.elements.count, of: "list"))
      },
      Method("remove", "value, /", "Removes the first element equal to a value.") {
        list, arguments, _ in
        let list = object(list)
        let position = try position(of: arguments.value("value"), in: list.elements)
        guard position < list.elements.count else { throw LanguageError("the list has changed") }
        list.elements.remove(at: position)
        return .none
      },
      Method("clear", "", "Removes all elements.") { list, _, _ in
        object(list).dismantle()
        return .none
      },
      Method("copy", "", "A new list of the same elements.") { list, _, _ in
        .list(object(list).elements)
      },
      Method("reverse", "", "Turns the order round.") { list, _, _ in
        object(list).elements.reverse()
        return .none
      },
      Method("sort", "*, key=None, reverse=False", "Sorts the list in place.") {
        list, arguments, interpreter in
        let list = object(list)
        list.elements = try Sorting.sorted(
          list.elements, key: arguments.value("key"),
          reverse: try arguments.value("reverse").truth(), interpreter)
        return .none
      },
    ] + searchingElements
  }

  static var tuple: [Method] { searchingElements }

  /// What lists and tuples share.
  private static var searchingElements: [Method] {
    [
      Method("index", "value, start=None, stop=None, /", "The position of the first equal element.")
      {
        sequence, arguments, _ in
        let elements = try sequence.elements()
        let window = try SliceValue(start: arguments.value("start"), stop: arguments.value("stop"))
          .resolved(length: elements.count)
        let part = Array(elements[window.start..<window.start + window.count])
        return .int(window.start + (try position(of: arguments.value("value"), in: part)))
      },
      Method("count", "value, /", "How many elements are equal to a value.") {
        sequence, arguments, _ in
        let value = arguments.value("value")
        return .int(try sequence.elements().count { try Equality.holdsOrSame($0, value) })
      },
    ]
  }

  private static func position(of value: Value, in elements: [Value]) throws -> Int {
    guard let position = try elements.firstIndex(where: { try Equality.holdsOrSame($0, value) })
    else { throw LanguageError("\(value.shortRepresentation) is not among the elements") }
    return position
  }
}
