/// Names that Python or its users' habits know and the language has not, each with a sentence that
/// says what to do.
enum RefusedNames {
  /// The sentence for a name, nil where nothing is known of it.
  static func reason(_ name: String) -> String? { reasons[name] }

  private static let imports = "imports are not supported; everything there is has a name already"
  private static let sets = "sets are not supported; use a list, or a dict"
  private static let code = "code cannot be run from a string; write it, or %run a file"
  private static let attributes =
    "attributes cannot be reached by a string; write x.name, dir(x) lists the names"
  private static let classes = "classes are not supported; use functions and dicts"
  private static let leaving =
    "leaves the prompt where it stands there alone; a program ends at its last line"

  private static let reasons: [String: String] = [
    "set": sets, "frozenset": sets, "eval": code, "exec": code, "compile": code,
    "getattr": attributes, "setattr": attributes, "hasattr": attributes, "delattr": attributes,
    "object": classes, "super": classes, "property": classes,
    "open":
      "files are not opened; load(path), read_json(path) and save(value, path) read and write",
    "vars": "variables cannot be reached as a dict; %whos lists them",
    "globals": "variables cannot be reached as a dict; %whos lists them",
    "locals": "variables cannot be reached as a dict; %whos lists them",
    "bytes": "bytes are not supported; use a string or a list of ints",
    "bytearray": "bytes are not supported; use a string or a list of ints",
    "complex": "complex numbers are not supported",
    "slice": "slices are written between brackets alone, as in x[1:5]",
    "id": "values have no number of their own; 'is' says whether two are one",
    "hash": "values have no hash to see; any string, number or tuple is a key of a dict",
    "exit": "'exit' " + leaving, "quit": "'quit' " + leaving,
    "np": imports, "numpy": imports, "torch": imports, "math": imports, "os": imports,
    "sys": imports, "re": imports, "random": imports, "plt": imports, "pd": imports,
  ]
}
