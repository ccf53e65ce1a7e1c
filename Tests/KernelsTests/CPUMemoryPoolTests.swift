import Kernels
import Synchronization
import Testing

@Suite("CPU: memory pool")
struct CPUMemoryPoolTests {
  @Test("size classes waste at most an eighth")
  func sizeClasses() {
    for bytes in [1, 63, 64, 65, 513, 1000, 4097, 1 << 20, (1 << 20) + 1, 999_999_999] {
      let size = MemoryPool.sizeClass(bytes)
      #expect(size >= bytes && size % 64 == 0)
      #expect(bytes <= 512 || size - bytes <= bytes / 8)
    }
    #expect(MemoryPool.sizeClass(0) == 64)
    #expect(MemoryPool.sizeClass(1 << 30) == 1 << 30)
  }

  @Test("blocks are aligned, and used again", arguments: [1, 100, 5000, 3 << 20])
  func reuse(_ count: Int) throws {
    let pool = MemoryPool()
    var block: MemoryBlock? = try pool.allocate(count, elementSize: 4)
    let place = block?.pointer
    #expect(UInt(bitPattern: place) % 64 == 0)
    #expect(pool.freeBytes == 0)
    block = nil
    #expect(pool.freeBytes >= count * 4)
    block = try pool.allocate(count, elementSize: 4)
    #expect(block?.pointer == place)
    #expect(pool.freeBytes == 0)
    block = nil
    pool.releaseFree()
    #expect(pool.freeBytes == 0)
  }

  @Test("blocks long unused go back to the system")
  func idle() throws {
    let pool = MemoryPool()
    _ = try pool.allocate(8 << 20, elementSize: 1)
    #expect(pool.freeBytes == 8 << 20)
    for _ in 0..<20_001 { _ = try pool.allocate(1, elementSize: 1) }
    _ = try pool.allocate(3 << 20, elementSize: 1)
    #expect(pool.freeBytes < 8 << 20)
  }

  @Test("a request past what is available is refused with both numbers")
  func refusal() throws {
    let available = Mutex(1000 << 20)
    let pool = MemoryPool(availableMemory: { available.withLock { $0 } })
    let refused = KernelError.outOfMemory(
      requested: 1001 << 20, available: 1000 << 20, device: "cpu")
    #expect(throws: refused) { try pool.allocate(1001 << 20, elementSize: 1) }
    #expect(refused.description.contains("1001 MB") && refused.description.contains("1000 MB"))
    // Small requests add up.
    available.withLock { $0 = 1 << 20 }
    #expect(throws: KernelError.self) {
      var blocks: [MemoryBlock] = []
      for _ in 0..<100 { blocks.append(try pool.allocate(2 << 20, elementSize: 1)) }
    }
  }

  @Test("free blocks are given up before a request is refused")
  func release() throws {
    let pool = MemoryPool(availableMemory: { 100 << 20 })
    _ = try pool.allocate(90 << 20, elementSize: 1)
    #expect(throws: KernelError.self) { try pool.allocate(200 << 20, elementSize: 1) }
    #expect(pool.freeBytes == 0)
  }

  @Test("memory in use, pooled and available")
  func memory() throws {
    let device = CPUDevice(threads: 1, availableMemory: { 100 << 20 })
    #expect(device.memory == MemoryUse(used: 0, pooled: 0, available: 100 << 20))
    var buffer: Buffer? = try device.allocate(1 << 20, .f32)
    #expect(buffer?.count == 1 << 20)
    #expect(device.memory == MemoryUse(used: 4 << 20, pooled: 0, available: 100 << 20))
    buffer = nil
    #expect(device.memory == MemoryUse(used: 0, pooled: 4 << 20, available: 104 << 20))
    #expect(CPUDevice(threads: 1, availableMemory: { .max }).memory.available == .max)
  }
}
