internal import CCairo

/// Pixels that Cairo draws on.
package final class CairoImage {
  let surface: OpaquePointer
  package let width: Int
  package let height: Int

  /// - Throws: `FigureError` where the memory is not there.
  init(width: Int, height: Int) throws {
    guard
      let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { throw FigureError("Cairo cannot start") }
    self.surface = surface
    self.width = width
    self.height = height
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError(
        "no image of \(width) x \(height) pixels: "
          + String(cString: cairo_status_to_string(status)))
    }
  }

  deinit { cairo_surface_destroy(surface) }

  /// The image as red, green and blue bytes, row by row.
  /// - Throws: `FigureError` where Cairo has lost the pixels.
  package func rgb() throws -> [UInt8] {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else {
      throw FigureError("the image of \(width) x \(height) pixels is not in memory")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    return [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, count in
      var out = 0
      for row in 0..<height {
        let line = UnsafeRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
        for column in 0..<width {
          let pixel = line[column]
          bytes[out] = UInt8(truncatingIfNeeded: pixel >> 16)
          bytes[out + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
          bytes[out + 2] = UInt8(truncatingIfNeeded: pixel)
          out += 3
        }
      }
      count = out
    }
  }
}
