extension CompletionRequest {
  /// The strings that the argument may be which begins behind the tokens; none where its function
  /// says nothing.
  func choices(of before: [Token]) -> [String] {
    guard let host = interpreter.host, let open = openBracket(in: before),
      before[open].kind == .symbol(.leftParenthesis),
      case .builtin(let function)? = value(of: Array(before[..<open]))
    else { return [] }
    let given = Array(before[(open + 1)...])
    guard let parameter = parameter(of: function.signature, behind: given) else { return [] }
    return host.choices(of: parameter, in: function.name)
  }

  /// The parameter that an argument behind those given is for; nil inside an argument.
  private func parameter(of signature: Signature, behind given: [Token]) -> String? {
    if given.last?.kind == .symbol(.assign), case .name(let name)? = given.dropLast().last?.kind {
      return name
    }
    guard given.isEmpty || given.last?.kind == .symbol(.comma),
      !given.contains(where: { $0.kind == .symbol(.assign) })
    else { return nil }
    var (depth, position) = (0, 0)
    for token in given {
      switch token.kind {
      case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace): depth += 1
      case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace): depth -= 1
      case .symbol(.comma) where depth == 0: position += 1
      default: break
      }
    }
    let parameters = signature.parameters.filter {
      $0.kind == .standard || $0.kind == .positionOnly
    }
    return parameters.indices.contains(position) ? parameters[position].name : nil
  }
}
