import JSONFormat
import Models

// What a record notes of an objective.
extension Objective {
  /// The settings of the loss under the names of the catalogue. `loss` is its canonical name, which
  /// holds weights, layer pairs and k; `cache` is there where the teacher's logits are read from
  /// one, as the largest alone make another loss of `kl`.
  var record: [(key: String, value: JSON)] {
    var members: [(key: String, value: JSON)] = [
      ("loss", .string(name)), ("temperature", .double(temperature)),
    ]
    if let content = cache?.content { members.append(("cache", .string(content.name))) }
    return members
  }

  /// The model that is learned from, nil where there is none.
  var teacher: Model? {
    if case .distillation(let teacher, _, _) = kind { teacher } else { nil }
  }

  private var cache: TeacherCache? {
    if case .distillation(_, _, let cache) = kind { cache } else { nil }
  }
}
