import JSONFormat

/// A byte-pair model: the vocabulary, its merges, and what `tokenizer.json` says about using them.
struct BytePairModel {
  let vocabulary: Vocabulary
  let merges: MergeRules
  /// Whether a word that is a token of the vocabulary stays whole, whatever the merges make of it.
  let ignoresMerges: Bool
  /// The token of a byte that the vocabulary lacks; nil drops such bytes.
  let unknownID: Int?
  /// Whether a run of such bytes is one unknown token.
  let fusesUnknown: Bool

  /// Reads the member `model` of `tokenizer.json`.
  /// - Throws: `TokenizerError`: unsupported for any other kind of model.
  init(_ field: Field) throws {
    let kind = try field["type"].optionalString() ?? "BPE"
    guard kind == "BPE" else {
      throw TokenizerError.unsupported("its model is \(kind), not byte-pair encoding")
    }
    if try field["byte_fallback"].bool(default: false) {
      throw TokenizerError.unsupported("its model falls back to bytes as SentencePiece does")
    }
    if let dropout = field["dropout"].value, dropout.double != 0 {
      throw TokenizerError.unsupported("its merges drop out at random (model.dropout)")
    }
    for affix in ["continuing_subword_prefix", "end_of_word_suffix"]
    where try field[affix].optionalString()?.isEmpty == false {
      throw TokenizerError.unsupported("its tokens carry a prefix or suffix (model.\(affix))")
    }
    vocabulary = try Vocabulary(field["vocab"])
    merges = try MergeRules(field["merges"], vocabulary: vocabulary)
    ignoresMerges = try field["ignore_merges"].bool(default: false)
    fusesUnknown = try field["fuse_unk"].bool(default: false)
    if let unknown = try field["unk_token"].optionalString() {
      guard let id = vocabulary.id(ofSpelling: unknown) else {
        throw field["unk_token"].fault("the vocabulary has no \(TokenizerError.excerpt(unknown))")
      }
      unknownID = id
    } else {
      unknownID = nil
    }
  }

  /// Appends the tokens of one word. O(n log n) for n bytes.
  func encode(_ word: UnsafeRawBufferPointer, into ids: inout [Int], pace: Pace) throws {
    if ignoresMerges, let id = vocabulary.id(ofBytes: word) {
      ids.append(id)
      return
    }
    let start = ids.count
    appendBytes(of: word, to: &ids)
    // Scanning for the lowest rank beats a heap as long as the word is short, as nearly all are.
    if ids.count - start <= 64 {
      mergeByScanning(&ids, from: start)
    } else {
      var chain = MergeChain(ids[start...], merges: merges)
      ids.removeSubrange(start...)
      try chain.mergeAll(pace: pace)
      ids.append(contentsOf: chain.symbols)
    }
  }

  private func appendBytes(of word: UnsafeRawBufferPointer, to ids: inout [Int]) {
    var follows = false  // whether the byte before was unknown too
    for byte in word {
      let id = vocabulary.byteIDs[Int(byte)]
      if id >= 0 {
        ids.append(id)
      } else if let unknownID, !(follows && fusesUnknown) {
        ids.append(unknownID)
      }
      follows = id < 0
    }
  }

  /// Merges `symbols[start...]` pair by pair, the lowest rank first and the leftmost among equals.
  private func mergeByScanning(_ symbols: inout [Int], from start: Int) {
    guard symbols.count - start > 1 else { return }
    var candidates = (start..<symbols.count - 1).map { merges.merge(symbols[$0], symbols[$0 + 1]) }
    while true {
      var best: Merge?
      var place = 0
      for (index, candidate) in candidates.enumerated() {
        if let candidate, candidate.rank < best?.rank ?? Int.max {
          best = candidate
          place = index
        }
      }
      guard let best else { return }
      symbols[start + place] = best.id
      symbols.remove(at: start + place + 1)
      candidates.remove(at: place)
      if place < candidates.count {
        candidates[place] = merges.merge(best.id, symbols[start + place + 1])
      }
      if place > 0 {
        candidates[place - 1] = merges.merge(symbols[start + place - 1], best.id)
      }
    }
  }
}
