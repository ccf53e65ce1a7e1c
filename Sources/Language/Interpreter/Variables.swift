extension Interpreter {
  /// The value of a name: the function's own, those around it, the session's, the built-ins.
  func lookUp(_ name: String, _ frame: Frame) throws -> Value {
    var scope = frame.scope
    var skipsToGlobals = false
    while let current = scope, !skipsToGlobals {
      if let value = current.variables[name] { return value }
      if current.names.locals.contains(name) { throw unbound(name) }
      skipsToGlobals = current.names.globals.contains(name)
      scope = current.parent
    }
    if let value = globals[name] ?? builtins[name] { return value }
    throw unknown(name, frame)
  }

  private func unbound(_ name: String) -> LanguageError {
    let hidden = globals[name] != nil || builtins[name] != nil
    let way = hidden ? "; the function assigns it further on, which makes it its own" : ""
    return LanguageError("'\(name)' has no value yet\(way)")
  }

  private func unknown(_ name: String, _ frame: Frame) -> LanguageError {
    var known = Array(globals.keys) + Array(builtins.keys)
    var scope = frame.scope
    while let current = scope {
      known += current.variables.keys
      scope = current.parent
    }
    let lower = ["true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"]
    if let constant = lower[name] {
      return LanguageError("unknown name '\(name)'; did you mean '\(constant)'?")
    }
    let reason = RefusedNames.reason(name).map { "; " + $0 }
    return LanguageError("unknown name '\(name)'\(reason ?? didYouMean(name, known))")
  }

  /// Sets a variable where the rules of `global` and `nonlocal` put it.
  func set(_ name: String, to value: Value, _ frame: Frame) {
    if let scope = owner(of: name, frame) {
      scope.variables[name] = value
    } else {
      warnOfHiding(name)
      globals[name] = value
    }
  }

  func delete(_ name: String, _ frame: Frame) throws {
    if let scope = owner(of: name, frame) {
      if scope.variables.removeValue(forKey: name) == nil { throw unbound(name) }
    } else if globals.removeValue(forKey: name) == nil {
      if builtins[name] != nil {
        throw LanguageError("'\(name)' is a built-in function and cannot be deleted")
      }
      throw unknown(name, frame)
    }
  }

  /// The scope whose variable an assignment sets, nil for the session's.
  private func owner(of name: String, _ frame: Frame) -> Scope? {
    guard let scope = frame.scope, !scope.names.globals.contains(name) else { return nil }
    guard scope.names.nonlocals.contains(name) else { return scope }
    var outer = scope.parent
    while let current = outer {
      if current.names.locals.contains(name) { return current }
      outer = current.parent
    }
    return scope
  }
}
