import Figures
import TestTools
import Testing
import Workbench

/// The figures that the workbench makes ready, of a small model, against the pictures that were
/// looked at and kept.
@Suite struct ReadyMadePictureTests {
  private static let sources = [
    ("overview", "overview(s)"), ("depth_map", "depth_map(layer_importance(m, data, block='all'))"),
    ("shapes", "shapes(m, small)"),
    ("pareto", "pareto(t, reference={'published': (7000, 4.4)})"),
    (
      "stability_plot",
      "stability_plot({a: s.stability(a, resamples=50, seed=1) for a in ['neurons', 'channels']})"
    ),
    ("table_figure", "table_figure(t, title='Models')"),
    ("run", "line(finetune(small, data, steps=8, batch=4, held_out=data))"),
  ]

  @Test func readyMadeFiguresAreWhatTheyWere() throws {
    let recorded = try RecordingSession()
    try recorded.prepareSmallModel()
    let made = try Self.sources.map { name, source in
      guard case .finished(let display) = recorded.session.executeForDisplay(source),
        let figure = display?.figure
      else { throw Stopped() }
      let grid = try figure.page(width: 6.9).image(dpi: 60).grid().shrunk(by: 6)
      return (
        name: name,
        picture: KeptPictures.Picture(width: grid.width, height: grid.height, bytes: grid.bytes)
      )
    }
    let kept = try KeptPictures(fixturePath("figures/ready_made.json"), new: made)
    for (name, picture) in made {
      let difference = kept.difference(name, picture)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }
}
