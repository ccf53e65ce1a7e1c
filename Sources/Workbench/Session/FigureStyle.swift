import Compression
import Figures

/// How a session's figures are drawn, and what their files note of where they come from.
package struct FigureStyle {
  /// The look.
  package let theme: Theme
  /// Keywords and texts, without dates and absolute paths.
  package let metadata: [(keyword: String, text: String)]
}

extension Session {
  /// The style of the figures that are drawn now.
  package var figureStyle: FigureStyle {
    var notes = [(keyword: "Software", text: "Pare \(Self.version)")]
    if !scriptName.isEmpty { notes.append(("Source", scriptName)) }
    if !loadedModels.isEmpty { notes.append(("Model", loadedModels.joined(separator: ", "))) }
    if !madeScores.isEmpty { notes.append(("Scores", madeScores.joined(separator: "; "))) }
    return FigureStyle(theme: theme, metadata: notes)
  }

  /// Keeps what scores, made or loaded, are of for the notes of figures.
  func noteScores(_ scores: Importance) {
    let text = "importance of \(scores.modelName) on \(scores.windows) windows of \(scores.length)"
    if !madeScores.contains(text) { madeScores.append(text) }
  }
}
