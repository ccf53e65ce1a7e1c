import Files
import JSONFormat
import Models
import TestFixtures

/// A fixture's `config.json` with members changed, as text.
func edited(_ name: String, _ change: (inout JSONObject) throws -> Void) throws -> String {
  let path = Golden.folder(name) + "/config.json"
  var object =
    try JSON(reading: MappedFile(path: path).withBytes(Array.init)).object ?? JSONObject()
  try change(&object)
  return JSON.object(object).text()
}

/// The configuration that a text describes.
func configuration(_ text: String) throws -> Configuration {
  try Configuration(JSON(reading: text), file: "config.json")
}

/// Replaces a file of a folder.
func replace(_ name: String, in folder: String, with text: String) throws {
  try writeFile(folder + "/" + name) { try $0.write(text) }
}
