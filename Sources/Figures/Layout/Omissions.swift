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
    let cut =
      texts.count(where: \.block.isCut) + (legend?.entries.count(where: \.name.isCut) ?? 0)
    if cut > 0 {
      omissions.append(
        "\(cut) text\(cut == 1 ? " has" : "s have") no room to be whole: an ellipsis stands for the "
          + "rest")
    }
    return omissions
      + panels.enumerated().flatMap { index, panel in
        panel.layout.omissions.map { "panel \(PlacedPanel.letter(index)): \($0)" }
      }
  }
}
