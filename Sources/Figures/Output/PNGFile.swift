internal import CPNG

/// A PNG file in memory: the image by libpng, then the chunks for which its simple interface has no
/// place. That interface alone keeps libpng's `longjmp` away from Swift's frames.
struct PNGFile {
  let image: CairoImage
  let dpi: Int
  let metadata: [(keyword: String, text: String)]

  /// - Throws: `FigureError` where libpng fails or a keyword is not one.
  func bytes() throws -> [UInt8] {
    var chunks = PNGChunk.resolution(dpi: dpi)
    for (keyword, text) in metadata { chunks += try PNGChunk.text(keyword, text) }
    var file = try encoded()
    // The header chunk is always the first: its 13 bytes behind the signature.
    let headerEnd = 8 + 12 + 13
    guard file.count > headerEnd else { throw FigureError("libpng wrote no image") }
    file.insert(contentsOf: chunks, at: headerEnd)
    return file
  }

  private func encoded() throws -> [UInt8] {
    let pixels = try image.rgb()
    var head = png_image()
    head.version = png_uint_32(PNG_IMAGE_VERSION)
    head.width = png_uint_32(image.width)
    head.height = png_uint_32(image.height)
    head.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    // Figures are flat areas, which compress as well without libpng's search for row filters.
    head.flags = png_uint_32(PNG_IMAGE_FLAG_FAST)
    defer { png_image_free(&head) }
    // Room for pixels that do not shrink at all: deflate adds 5 bytes to 16 KB, filters one a row.
    let bound = pixels.count + image.height + pixels.count / 1000 + 4096
    var failed = false
    let file = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      var size = png_alloc_size_t(bound)
      failed =
        pixels.withUnsafeBytes {
          png_image_write_to_memory(&head, buffer.baseAddress, &size, 0, $0.baseAddress, 0, nil)
        } == 0
      count = failed ? 0 : Int(size)
    }
    guard !failed else {
      let message = withUnsafeBytes(of: head.message) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw FigureError("libpng cannot write the image: \(message)")
    }
    return file
  }
}
