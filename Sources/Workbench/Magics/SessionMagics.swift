import Language

extension Session {
  /// %save, %load.
  var sessionMagics: [Magic] { [] }
}
