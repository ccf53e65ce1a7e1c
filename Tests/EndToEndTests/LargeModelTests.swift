import Foundation
import TestTools
import Testing

/// Work on a model larger than the memory it is given: `make test-large` sets PARE_LARGE=1.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["PARE_LARGE"] == "1"))
struct LargeModelTests {
  /// 3.8 billion parameters, 15 GB in f32, scored with 3 GB for the process's own data: the mapped
  /// file is the system's to keep or drop.
  @Test func importanceFromTheMap() throws {
    let folder = try TemporaryFolder()
    let model = SparseModel(
      layers: 16, hidden: 4096, ffn: 14336, heads: 32, kvHeads: 8, vocab: 32000)
    try model.write(to: folder.path + "/large")
    let cell = """
      d = tokens([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]])
      s = importance("large", d)
      print(s.neurons.shape, s.heads.shape, s.channels.shape)
      print([bool((s.neurons > 0).any()), bool((s.heads > 0).any()), bool((s.layers > 0).any())])
      print(loss("large", d).tokens)
      """
    let script = try folder.write("score.pare", cell)
    // The shell's limit holds for what it becomes.
    let result = try Program.run(
      shell: "ulimit -d 3000000; exec \"$PARE\" run \"\(script)\"", in: folder.path, longest: 1200)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output == """
        [16, 14336] [16, 32] [4096]
        [True, True, True]
        14

        """)
    // Loading it whole is what the limit forbids.
    let loading = try Program.run(
      shell: "ulimit -d 3000000; exec \"$PARE\" -e 'load(\"large\")'", in: folder.path,
      longest: 600)
    #expect(loading.status == 1)
  }

  /// Mistral-NeMo-12B's shape cut to Mistral-NeMo-Minitron-8B's by scores of its own, from disk to
  /// disk, in less than 1 GB of resident memory; an interrupted one leaves nothing.
  @Test func pruningFromDiskToDisk() throws {
    let folder = try TemporaryFolder()
    try SparseModel(
      layers: 40, hidden: 5120, ffn: 14336, heads: 32, kvHeads: 8, vocab: 131_072
    ).write(to: folder.path + "/large")
    let scoring = try Program.run(
      ["-e", "save(importance(\"large\", tokens([[1, 2, 3, 4]])), \"scores.safetensors\")"],
      in: folder.path, longest: 1800)
    #expect(scoring.status == 0, "\(scoring.errors)")
    let cut =
      "prune(\"large\", load(\"scores.safetensors\"), hidden=4096, ffn=11520, to=\"small\").parameters"
    let stopped = try Program.run(["-e", cut], in: folder.path, longest: 1800) { process in
      let begins = try waited(seconds: 300) { try folder.names().contains { $0.hasSuffix(".tmp") } }
      #expect(begins)
      process.interrupt()
    }
    #expect(stopped.status == 130)
    #expect(try folder.names() == ["large", "scores.safetensors"])
    var peak = 0
    let result = try Program.run(["-e", cut], in: folder.path, longest: 1800) { process in
      while process.isRunning {
        peak = max(peak, peakResidentKilobytes(of: process.processIdentifier) ?? 0)
        usleep(100_000)
      }
    }
    #expect(result.status == 0 && result.output == "8414105600\n", "\(result.errors)")
    #expect(peak > 0 && peak < 1_000_000, "a peak of \(peak) kB")
  }

  /// A distillation of SmolLM2 of 200 updates in bf16 beside the same in f32: the means over ten
  /// updates of 256 tokens stay within 1 %.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PARE_MODEL"] != nil))
  func bfloatCurve() throws {
    let script = fixturePath("../../Benchmarks/curve.pare")
    let curves = try ["f32", "bf16"].map { precision in
      let result = try Program.run(["--precision", precision, "run", script], longest: 3600)
      #expect(result.status == 0, "\(result.errors)")
      return result.output.split(separator: "\n").compactMap { Double($0) }
    }
    #expect(curves.allSatisfy { $0.count == 200 })
    for step in 10...200 {
      let means = curves.map { $0[(step - 10)..<step].reduce(0, +) / 10 }
      #expect(abs(means[1] - means[0]) <= 0.01 * means[0], "updates up to \(step)")
    }
  }

  /// The most memory that a process had resident, nil where it has ended.
  private func peakResidentKilobytes(of process: Int32) -> Int? {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.split(separator: " ").dropLast().last ?? "") }
  }
}

extension Program {
  /// Runs a line of the shell, in which $PARE is the built program.
  fileprivate static func run(
    shell line: String, in folder: String, longest: Double
  ) throws -> Result {
    let script = folder + "/line.sh"
    try ("PARE='\(path)'\n" + line + "\n").write(toFile: script, atomically: true, encoding: .utf8)
    return try run(["\(script)"], program: "/bin/sh", in: folder, longest: longest)
  }
}

/// A llama whose file is mostly a hole: zeros, but for the norms and the beginning of every matrix.
private struct SparseModel {
  let layers: Int
  let hidden: Int
  let ffn: Int
  let heads: Int
  let kvHeads: Int
  let vocab: Int
  let headDim = 128

  private var tensors: [(name: String, shape: [Int])] {
    let (q, kv) = (heads * headDim, kvHeads * headDim)
    let perLayer = [
      ("input_layernorm.weight", [hidden]), ("self_attn.q_proj.weight", [q, hidden]),
      ("self_attn.k_proj.weight", [kv, hidden]), ("self_attn.v_proj.weight", [kv, hidden]),
      ("self_attn.o_proj.weight", [hidden, q]), ("post_attention_layernorm.weight", [hidden]),
      ("mlp.gate_proj.weight", [ffn, hidden]), ("mlp.up_proj.weight", [ffn, hidden]),
      ("mlp.down_proj.weight", [hidden, ffn]),
    ]
    let layers = (0..<layers).flatMap { layer in
      perLayer.map { (name: "model.layers.\(layer).\($0.0)", shape: $0.1) }
    }
    return [("model.embed_tokens.weight", [vocab, hidden])] + layers
      + [("model.norm.weight", [hidden]), ("lm_head.weight", [vocab, hidden])]
  }

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let config: [String: Any] = [
      "model_type": "llama", "hidden_size": hidden, "intermediate_size": ffn,
      "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": kvHeads,
      "head_dim": headDim, "vocab_size": vocab, "rms_norm_eps": 1e-5, "torch_dtype": "bfloat16",
      "tie_word_embeddings": false, "max_position_embeddings": 4096,
    ]
    try JSONSerialization.data(withJSONObject: config).write(
      to: URL(fileURLWithPath: folder + "/config.json"))
    var header: [String: Any] = [:]
    var offset = 0
    var places: [(offset: Int, isNorm: Bool, bytes: Int)] = []
    for (name, shape) in tensors {
      let bytes = shape.reduce(2, *)
      header[name] = ["dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + bytes]]
      places.append((offset, shape.count == 1, bytes))
      offset += bytes
    }
    var text = try JSONSerialization.data(withJSONObject: header)
    text.append(Data(repeating: 0x20, count: (8 - text.count % 8) % 8))
    let path = folder + "/model.safetensors"
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) })
    try file.write(contentsOf: text)
    let start = 8 + text.count
    var state: UInt64 = 7
    for place in places {
      // 256 kB: the rows of the first ids, neurons and heads. 0x3F80 is 1 in bf16; others are
      // ±0.01.
      let values = (0..<min(place.bytes, 1 << 18) / 2).map { _ -> UInt16 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return place.isNorm ? 0x3F80 : (state >> 63 == 0 ? 0x3C24 : 0xBC24)
      }
      try file.seek(toOffset: UInt64(start + place.offset))
      try file.write(contentsOf: values.withUnsafeBytes { Data($0) })
    }
    try file.truncate(atOffset: UInt64(start + offset))
    try file.close()
  }
}
