extension FigureLayout {
  /// What is not shown, or not whole, of what was asked for, a clause each.
  var omissions: [String] {
    var omissions = omitted
    for (axis, what) in [(xAxis, "below"), (yAxis, "beside")] where axis.ticks.unnamed > 0 {
      let all = axis.ticks.unnamed + axis.ticks.major.count
      omissions.append(
        "\(axis.ticks.unnamed) of \(all) names \(what) the plot have no room and are left out")
    }
    if let legend, legend.unlisted > 0 {
      omissions.append("the legend has no room for \(legend.unlisted) of its names")
    }
    let blocks = (texts + labels).map(\.block) + (legend?.entries.map(\.name) ?? [])
    let cut = blocks.filter(\.isCut).map { "\"\($0.lines.joined(separator: " "))\"" }
    if !cut.isEmpty {
      omissions.append("no room for the whole of \(cut.listed(most: 3))")
    }
    return omissions
      + panels.flatMap { panel in panel.layout.omissions.map { "panel \(panel.name): \($0)" } }
  }
}

extension [String] {
  /// The first of them, separated by commas, and how many more there are.
  package func listed(most: Int) -> String {
    prefix(most).joined(separator: ", ") + (count > most ? " and \(count - most) more" : "")
  }
}
