import Foundation

/// A path in `Tests/Fixtures/`.
package func fixturePath(_ name: String) -> String {
  ((#filePath as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    + "/Fixtures/" + name
}
