@main
struct Pare {
  static func main() {}
}
