/// How work is shared out on a device: a processor gets wide lanes and long stretches, a graphics
/// card many work-items side by side. The same sources serve both.
package struct WorkLayout: Sendable, Equatable {
  /// f32 elements that a work-item handles at once: 4, 8 or 16.
  package var lanes: Int
  /// Queries, or keys, of a work-item in attention: 1, 4, 8 or 16.
  package var attentionLanes: Int
  /// Work-items that share a row, a power of two.
  package var group: Int
  /// Work-items of a group in attention, which share nothing.
  package var attentionGroup: Int
  /// Elements of a work-item in a pass over memory, a multiple of `lanes`.
  package var elements: Int
  /// Terms of one product's sums; longer sums are made by parts. Few of them leave a processor's
  /// operands in its first cache; on a card it is the digits that count.
  package var productTerms: Int
  /// Operations of one launch; longer ones are cut up, so that a stop is heard in time.
  package var launchWork: Int

  /// Groups of one with hardware vectors as lanes.
  package static func processor(vectorWidth: Int) -> WorkLayout {
    let lanes = vectorWidth >= 16 ? 16 : vectorWidth >= 8 ? 8 : 4
    return WorkLayout(
      lanes: lanes, attentionLanes: lanes, group: 1, attentionGroup: 1, elements: 4096,
      productTerms: 192, launchWork: 1 << 31)
  }

  /// Groups that fill a card's cores, its registers for one query each.
  package static func card(largestGroup: Int) -> WorkLayout {
    var group = 128
    while group > max(1, largestGroup) { group /= 2 }
    return WorkLayout(
      lanes: 4, attentionLanes: 1, group: group, attentionGroup: min(64, group), elements: 16,
      productTerms: 2048, launchWork: 1 << 36)
  }
}
