import TestTools
import Testing

/// plan, prune and provenance as a user types them.
@Suite struct PruningFunctionTests {
  private static let fixtures = fixturePath("models")

  private func session() throws -> RecordingSession {
    let session = try RecordingSession()
    _ = try session.run(
      """
      source = "\(Self.fixtures)/llama-tied"
      model = load(source)
      scores = importance(model, tokens([list(range(k, k + 16)) for k in range(4)]))
      """)
    return session
  }

  @Test func aPlanIsATable() throws {
    let session = try session()
    #expect(
      try session.run("plan(model, ffn=0.5, layers=2)") == """
                                    before   after   ratio
        layers                           4       2  0.5000
        hidden                          36      36  1.0000
        heads                            6       6  1.0000
        kv_heads                         2       2  1.0000
        head_dim                         6       6  1.0000
        ffn                             40      20  0.5000
        vocab                           96      96  1.0000
        parameters                  34,884  14,868  0.4262
        non-embedding               31,428  11,412  0.3631
        bytes (f32)                139,536  59,472  0.4262
        bytes (bf16)                69,768  29,736  0.4262
        FLOPs per token             69,120  29,376  0.4250
        KV bytes per token (bf16)      192      96  0.5000
        """)
    #expect(
      try session.run(
        "plan(source, ffn=0.5).parameters == prune(model, scores, ffn=0.5).parameters") == "True")
    #expect(try session.run("plan(model.config).parameters == model.parameters") == "True")
    #expect(
      try session.run(
        "p = plan(model); [p.bytes(\"f32\"), p.kv_bytes_per_token(\"f32\"), p.flops_per_token(10) - p.flops_per_token()]"
      ) == "[139536, 384, 5760]")
  }

  @Test func aFolderIsPrunedIntoAnother() throws {
    let session = try session()
    try withTemporaryFolder { folder in
      _ = try session.run("p = prune(source, scores, ffn=20, to=\"\(folder)/small\")")
      #expect(
        try session.run(
          """
          a = load("\(folder)/small")
          b = prune(model, scores, ffn=20)
          ids = [[1, 2, 3, 4]]
          (p.parameters == a.parameters, (logits(a, ids) == logits(b, ids)).all().item())
          """) == "(True, True)")
      #expect(
        try session.run("a.provenance")
          == "cut from llama-tied: layers 0–3, 36 channels, 6 heads and 20 neurons a layer")
      #expect(
        try session.run(
          "(logits(prune(model, provenance=a.provenance), ids) == logits(a, ids)).all()")
          == "tensor(True)  bool [] cpu")
    }
    #expect(
      try session.error("prune(source, scores, ffn=20)").message.contains("to=\"folder\""))
    #expect(
      try session.error("prune(model, scores, ffn=20, to=\"x\")").message
        == "to= goes with the path of a folder in place of the model; save(student, path) saves one"
    )
    #expect(
      try session.error("prune(source, scores, ffn=20, to=\"\")").message
        == "to= is empty: give the folder to write")
    #expect(
      try session.error("prune(source, to=\"x\", provenance=3)").message
        .hasPrefix("provenance= makes a cut of a model in memory"))
    #expect(
      try session.error("prune(model, scores, ffn=20, provenance=3)").message
        == "provenance must be a provenance, as model.provenance is, not an int")
  }

  @Test func unkindWidthsAreSaid() throws {
    let session = try session()
    _ = try session.run("student = prune(model, scores, hidden=32)")
    #expect(
      session.notices == [
        "warning: transformers 5 refuses a llama whose hidden size (32) is no multiple of its heads "
          + "(6); Pare opens it"
      ])
    #expect(try session.run("model.provenance") == nil)
    #expect(try session.run("student.provenance.layers") == "[0, 1, 2, 3]")
    #expect(try session.run("student.provenance.earlier") == nil)
  }

  /// A measurement of layers outlives its session as the tensor that it is.
  @Test func aSavedDepthChoosesTheSameBlock() throws {
    let session = try session()
    try withTemporaryFolder { folder in
      _ = try session.run(
        """
        data = tokens([list(range(k, k + 16)) for k in range(4)])
        d = layer_importance(model, data, block=2)
        a = prune(model, layers=2, depth=d)
        save(d, "\(folder)/d.npy")
        b = prune(model, layers=2, depth=load("\(folder)/d.npy"))
        """)
      #expect(try session.run("a.provenance == b.provenance") == "True")
      #expect(
        try session.error("prune(model, layers=3, depth=load(\"\(folder)/d.npy\"))").message
          .hasPrefix("the depth importance is of blocks of 2 layers, and 1 are to be dropped"))
    }
    #expect(
      try session.error("prune(model, layers=2, depth=zeros(2, 3))").message
        == "a depth importance of 4 layers has the shape [layers − block + 1] or [4, 4], not [2, 3]"
    )
    #expect(
      try session.error("prune(model, layers=2, depth=[1.0])").message
        == "depth must be what layer_importance() gives, whole, not a list")
  }

  @Test func staleScoresAreSaid() throws {
    let session = try session()
    _ = try session.run("m = mask(model, scores, ffn=20)")
    #expect(session.notices == [])
    _ = try session.run("model.layers[0].mlp.up_proj.weight = 1.0\nm = mask(model, scores, ffn=20)")
    #expect(
      session.notices == [
        "warning: the weights of llama-tied changed since they were scored; importance(...) scores "
          + "them anew"
      ])
  }

  @Test func whatAPlanRefuses() throws {
    let session = try session()
    #expect(
      try session.error("plan(model, ffn=41)").message
        == "ffn=41 is not possible: the model has 40, and at least 1 must stay")
    let invented = [
      "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
      "vocab_size",
    ]
    let sizes = ["'llama'", "2**24", "2**24", "4096", "1", "2**24"]
    let config = zip(invented, sizes).map { "'\($0)': \($1)" }.joined(separator: ", ")
    #expect(
      try session.error("plan({\(config)})").message
        == "the config: the sizes make more than 1125899906842624 parameters")
    #expect(
      try session.error("plan(model).flops_per_token(10**18)").message
        == "length must be between 0 and 16777216, not 1000000000000000000")
    #expect(
      try session.error("finetune(model, tokens([[1, 2, 3]]), steps=1, batch=1, accumulate=10**15)")
        .message == "accumulate must be between 1 and 1048576, not 1000000000000000")
    #expect(
      try session.error("plan(3)").message
        == "model must be a model, a config (a dict) or a path, not an int")
    #expect(try session.error("plan({\"model_type\": \"bert\"})").message.contains("bert"))
    #expect(
      try session.error("plan(model).bytes(\"q8\")").message
        .hasPrefix("dtype must be one of 'f32'"))
  }
}
