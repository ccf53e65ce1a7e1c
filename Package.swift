// swift-tools-version: 6.1
import PackageDescription

// The kernels of the OpenCL device, one file a family, become part of the program.
let openCLSources = [
  "vectors", "walk", "rows", "movement", "elementwise", "activation", "norm", "rotary", "softmax",
  "reduction", "statistics", "optimizer", "product", "vocabulary", "distillation", "attention",
  "attention_gradient", "layer_norm",
]

// A target imports only targets declared above its own line; LayeringTests reads this file for it.
let package = Package(
  name: "pare",
  products: [.executable(name: "pare", targets: ["pare"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // Line 0: module maps of system libraries, C kernels, and the two formats everything rests on.
    .systemLibrary(name: "CReadline"),
    .systemLibrary(name: "CPNG"),
    .systemLibrary(name: "CCairo"),
    .systemLibrary(name: "CFontconfig"),
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CPCRE2"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CZeroMQ"),
    .systemLibrary(name: "CCrypto"),
    .target(name: "COpenCL"),
    .target(name: "CKernels"),
    .target(name: "JSONFormat"),
    .target(name: "Files", dependencies: ["CZlib"]),

    // Line 1: each knows nothing of its neighbours.
    .target(
      name: "Kernels", dependencies: ["CKernels", "COneDNN", "COpenCL", "Files"],
      resources: openCLSources.map { .embedInCode("OpenCL/\($0).cl") },
      linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "Language"),
    .target(name: "NotebookFormat", dependencies: ["JSONFormat", "Files"]),
    .target(name: "Figures", dependencies: ["CCairo", "CFontconfig", "CPNG"]),
    .target(name: "Tokenizers", dependencies: ["JSONFormat", "CPCRE2"]),
    .target(name: "Checkpoints", dependencies: ["JSONFormat", "Files"]),

    // Lines 2 to 9.
    .target(name: "Tensors", dependencies: ["Kernels"]),
    .target(
      name: "Models",
      dependencies: ["Tensors", "Kernels", "Tokenizers", "Checkpoints", "JSONFormat", "Files"]),
    .target(
      name: "Corpus",
      dependencies: ["Models", "Tensors", "Kernels", "Tokenizers", "JSONFormat", "Files"]),
    .target(name: "Evaluation", dependencies: ["Corpus", "Models", "Tensors", "Kernels"]),
    .target(
      name: "Compression",
      dependencies: [
        "Evaluation", "Corpus", "Models", "Tensors", "Kernels", "Checkpoints", "JSONFormat",
        "Files",
      ]),
    .target(
      name: "Workbench",
      dependencies: [
        "Compression", "Evaluation", "Corpus", "Models", "Tensors", "Kernels", "Checkpoints",
        "Tokenizers", "Figures", "NotebookFormat", "Language", "JSONFormat", "Files",
      ]),
    .target(
      name: "Jupyter",
      dependencies: [
        "Workbench", "Kernels", "Language", "NotebookFormat", "JSONFormat", "Files", "CZeroMQ",
        "CCrypto",
      ]),
    .executableTarget(
      name: "pare",
      dependencies: [
        "Jupyter", "Workbench", "Kernels", "Language", "NotebookFormat", "JSONFormat", "Files",
        "CReadline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Shared by tests: what needs no more than line 0, the devices and golden values, and what
    // runs AMX code on a processor without AMX.
    .target(name: "TestTools", dependencies: ["JSONFormat", "Files"], path: "Tests/TestTools"),
    .target(
      name: "TestFixtures",
      dependencies: [
        "TestTools", "Corpus", "Models", "Tensors", "Kernels", "COpenCL", "Checkpoints",
        "JSONFormat", "Files",
      ],
      path: "Tests/TestFixtures"),
    .target(name: "AMXEmulator", path: "Tests/AMXEmulator"),
    .testTarget(name: "AMXEmulatorTests", dependencies: ["TestTools", "AMXEmulator"]),
    .testTarget(name: "PackageTests"),
    .testTarget(name: "JSONFormatTests", dependencies: ["JSONFormat"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(
      name: "KernelsTests", dependencies: ["TestFixtures", "TestTools", "AMXEmulator", "Kernels"]),
    .testTarget(
      name: "LanguageTests", dependencies: ["TestTools", "Language"],
      exclude: ["Programs", "Corpus.json", "generated_programs.py"]),
    .testTarget(
      name: "NotebookFormatTests", dependencies: ["TestTools", "NotebookFormat", "JSONFormat"]),
    .testTarget(
      name: "FiguresTests", dependencies: ["Figures", "TestTools", "JSONFormat", "Files"]),
    .testTarget(
      name: "TokenizersTests", dependencies: ["TestTools", "Tokenizers", "JSONFormat", "Files"]),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["TestTools", "Checkpoints", "JSONFormat", "Files"]),
    .testTarget(
      name: "TensorsTests",
      dependencies: ["TestFixtures", "TestTools", "Tensors", "Kernels", "JSONFormat", "Files"]),
    .testTarget(
      name: "ModelsTests",
      dependencies: [
        "TestFixtures", "TestTools", "Models", "Tensors", "Kernels", "Tokenizers", "Checkpoints",
        "JSONFormat", "Files",
      ]),
    .testTarget(
      name: "CompressionTests",
      dependencies: [
        "TestFixtures", "TestTools", "Compression", "Evaluation", "Corpus", "Models", "Tensors",
        "Kernels", "Tokenizers", "Checkpoints", "JSONFormat", "Files",
      ]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "TestTools", "Workbench", "Language", "NotebookFormat", "Figures", "JSONFormat", "Kernels",
        "Files",
      ]),
    .testTarget(
      name: "JupyterTests", dependencies: ["TestTools", "Jupyter", "JSONFormat", "Files"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["TestTools", "JSONFormat", "Files", "NotebookFormat"], exclude: ["Kernel"]),
  ]
)
