internal import CCrypto

/// HMAC-SHA256 over the frames of a message (RFC 2104), in hexadecimal digits.
package enum Signature {
  /// The signature under a key; empty where there is no key.
  package static func sign(_ frames: some Sequence<[UInt8]>, key: [UInt8]) -> [UInt8] {
    guard !key.isEmpty else { return [] }
    let content = Array(frames.joined())
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    HMAC(EVP_sha256(), key, Int32(key.count), content, content.count, &digest, &count)
    let digits = Array("0123456789abcdef".utf8)
    return digest.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Whether two signatures are equal, in a time that does not tell where they differ.
  package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
  }
}
