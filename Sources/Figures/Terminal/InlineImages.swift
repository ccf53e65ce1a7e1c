import Foundation

/// A PNG file as terminals take it inside their text.
package enum InlineImages {
  /// The most characters of a piece, by Kitty's protocol.
  static let pieceLength = 4096

  /// Kitty's graphics protocol: base64 in pieces, each a control string of its own.
  ///
  /// The picture is sent and shown at once, and no answer is asked for.
  /// Reference: https://sw.kovidgoyal.net/kitty/graphics-protocol/
  /// - Parameter columns: what the picture is scaled to.
  package static func kitty(_ png: [UInt8], columns: Int) -> String {
    let text = Array(Data(png).base64EncodedString().utf8)
    var result = ""
    for start in stride(from: 0, to: text.count, by: pieceLength) {
      let end = min(start + pieceLength, text.count)
      let keys = start == 0 ? "a=T,f=100,q=2,c=\(columns)," : ""
      let piece = String(decoding: text[start..<end], as: UTF8.self)
      result += "\u{1B}_G\(keys)m=\(end < text.count ? 1 : 0);\(piece)\u{1B}\\"
    }
    return result
  }

  /// iTerm2's inline image, which WezTerm and others take too.
  ///
  /// Reference: https://iterm2.com/documentation-images.html
  /// - Parameter columns: what the picture is scaled to.
  package static func iterm(_ png: [UInt8], columns: Int) -> String {
    let text = Data(png).base64EncodedString()
    return "\u{1B}]1337;File=inline=1;size=\(png.count);width=\(columns);"
      + "preserveAspectRatio=1:\(text)\u{07}"
  }
}
