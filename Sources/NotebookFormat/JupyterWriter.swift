import JSONFormat

extension Notebook {
  /// The notebook in Jupyter's JSON, byte for byte as nbformat's own writer lays it out: one space
  /// of indent, sorted keys, multi-line text as a list of lines, a newline at the end.
  public var jupyterText: String {
    let root: JSON = [
      "cells": .array(cells.map(\.json)),
      "metadata": .object(metadata),
      "nbformat": 4,
      "nbformat_minor": .int(minor),
    ]
    return sortingKeys(of: root).text(indent: 1) + "\n"
  }
}

extension Cell {
  fileprivate var json: JSON {
    var members = JSONObject([
      ("cell_type", .string(kind.rawValue)),
      ("id", .string(id)),
      ("metadata", .object(metadata)),
      ("source", lines(of: source)),
    ])
    if kind == .code {
      members["execution_count"] = executionCount.map(JSON.int) ?? .null
      members["outputs"] = .array(outputs.map(\.json))
    } else if let attachments {
      members["attachments"] = .object(
        JSONObject(
          attachments.members.map {
            ($0.key, $0.value.object.map { .object(splittingLines(of: $0)) } ?? $0.value)
          }))
    }
    return .object(members)
  }
}

extension Output {
  fileprivate var json: JSON {
    switch self {
    case .stream(let name, let text):
      return ["output_type": "stream", "name": .string(name), "text": lines(of: text)]
    case .displayData(let rich):
      return .object(rich.members(type: "display_data"))
    case .executeResult(let rich, let count):
      var members = rich.members(type: "execute_result")
      members["execution_count"] = count.map(JSON.int) ?? .null
      return .object(members)
    case .error(let name, let value, let traceback):
      return [
        "output_type": "error", "ename": .string(name), "evalue": .string(value),
        "traceback": .array(traceback.map(JSON.string)),
      ]
    }
  }
}

extension RichOutput {
  fileprivate func members(type: String) -> JSONObject {
    JSONObject([
      ("output_type", .string(type)),
      ("data", .object(splittingLines(of: data))),
      ("metadata", .object(metadata)),
    ])
  }
}

private func lines(of text: String) -> JSON {
  .array(linesWithEnds(of: text).map(JSON.string))
}

/// A bundle whose texts are lists of lines; images and JSON stay as they are.
private func splittingLines(of bundle: JSONObject) -> JSONObject {
  JSONObject(
    bundle.members.map { type, value in
      let isText =
        type.hasPrefix("text/") || type == "application/javascript" || type == "image/svg+xml"
      guard isText, let text = value.string else { return (type, value) }
      return (type, lines(of: text))
    })
}

private func sortingKeys(of value: JSON) -> JSON {
  switch value {
  case .array(let elements): return .array(elements.map(sortingKeys))
  case .object(let object):
    let sorted = object.members.sorted {
      // UTF-8 sorts as code points do, which is Python's order.
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    return .object(JSONObject(sorted.map { ($0.key, sortingKeys(of: $0.value)) }))
  default: return value
  }
}
