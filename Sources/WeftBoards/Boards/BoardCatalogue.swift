import Foundation

extension Board {
  /// The boards known by name.
  public static let known: [Board] = [
    pynqZ1, zc706, zcu102, zcu104, ultra96, kcu1500, ulx3s, ecp5Evaluation, icebreaker,
  ]

  /// The board of a name, in small letters or not, or the one that a JSON file describes.
  ///
  /// - Throws: `BoardError` with the names there are, or with what is wrong in the file.
  public static func named(_ name: String) throws(BoardError) -> Board {
    if name.hasSuffix(".json") { return try Board(at: name) }
    guard let board = known.first(where: { $0.name == name.lowercased() }) else {
      throw BoardError(
        "there is no board '\(name)'; the boards are " + known.map(\.name).joined(separator: ", ")
          + ", and the path of a board's own JSON file will do")
    }
    return board
  }

  /// The board that a JSON file describes.
  private init(at path: String) throws(BoardError) {
    do {
      self = try JSONDecoder().decode(Board.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let DecodingError.keyNotFound(key, context) {
      let place = (context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
      throw BoardError("'\(path)' describes no board: '\(place)' is missing; `weft boards pynq-z1 --json` shows one")
    } catch let error as DecodingError {
      throw BoardError("'\(path)' describes no board: \(error); `weft boards pynq-z1 --json` shows one")
    } catch {
      throw BoardError("'\(path)' cannot be read: \(error.localizedDescription)")
    }
    try check()
  }
}
