import Compression
import Corpus
import Kernels
import Models
import TestFixtures
import TestTools
import Testing

/// What a step's limit is made of: the products that it needs, once each.
@Suite struct ListedProductsTests {
  @Test func aDistillationStepListsEachPassOnce() throws {
    let device = CPUDevice(threads: 2)
    let teacher = try Model.load(fixturePath("models/llama-tied"), on: device)
    let sizes = teacher.architecture
    let (batch, length) = (2, 8)
    let ids = (0..<batch * length).map { $0 * 7 % sizes.vocab }
    var settings = TrainingSettings(steps: 2)
    settings.batch = batch
    let trainer = try Trainer(
      try teacher.copy(), .distillation(teacher: teacher, temperature: 1),
      try TokenWindows(ids, length: length), settings: settings)
    device.startListingProducts()
    try trainer.train { step in
      if step == 1 { device.startListingProducts() }
    }
    let work = device.stopListingProducts().reduce(0) { sum, entry in
      sum + entry.key.rows * entry.key.columns * entry.key.inner * entry.key.batch * entry.value
    }
    // Each matrix of a layer, and the head, is multiplied once by the teacher, and by the student
    // forward, for its input's gradient and for its own.
    let layer =
      sizes.hidden * sizes.headDim * 2 * (sizes.heads + sizes.kvHeads) + 3 * sizes.hidden
      * sizes.ffn
    let matrices = sizes.layers * layer + sizes.vocab * sizes.hidden
    #expect(work == 4 * batch * length * matrices)
  }
}
