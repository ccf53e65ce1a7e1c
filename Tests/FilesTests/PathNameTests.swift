import Files
import Testing

@Suite struct PathNameTests {
  @Test(arguments: [
    ("-", "-", ""), ("a", "a", ""), ("a/b", "b", "a"), ("/a", "a", "/"), ("/a/b/", "b", "/a"),
    ("a//b//", "b", "a"), ("/", "/", "/"), ("", "", ""), ("./x", "x", "."), ("é/ü", "ü", "é"),
  ])
  func namesAndParents(path: String, name: String, parent: String) {
    #expect(lastName(of: path) == name)
    #expect(parentFolder(of: path) == parent)
  }
}
