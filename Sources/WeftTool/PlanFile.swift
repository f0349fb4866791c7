import Foundation
import WeftAccelerators

/// A plan as commands write it: with the model that it is for, so that the file alone says what is built.
struct PlanFile: Encodable {
  /// The plan.
  let plan: Plan
  /// The model that it is for.
  let model: ModelReference

  /// A plan for a model, in a folder from which the model's files are named.
  init(_ plan: Plan, for model: ModelOptions, in folder: URL) {
    self.plan = plan
    self.model = ModelReference(model, from: folder)
  }

  private enum CodingKeys: String, CodingKey {
    case model
  }

  /// Encodes the plan's fields, and the model beside them.
  func encode(to encoder: any Encoder) throws {
    try plan.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
  }

  /// The file's contents.
  var data: Data {
    get throws { try Console.json(self) + Data("\n".utf8) }
  }

  /// The model that the plan in a file is for, as options say it.
  ///
  /// - Throws: `ToolError` where the file has none.
  static func model(of path: String) throws -> ModelOptions {
    struct Contents: Decodable {
      var model: ModelReference
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ToolError("plan '\(path)': the file cannot be read")
    }
    guard let contents = try? JSONDecoder().decode(Contents.self, from: data) else {
      throw ToolError(
        "plan '\(path)': it does not say which model it is for; name the model, and the plan with --configuration")
    }
    return try contents.model.options(in: URL(fileURLWithPath: path).deletingLastPathComponent())
  }
}

/// A model as a plan names it: its files, seen from the plan's folder, and how it is quantised.
struct ModelReference: Codable {
  private var file: String
  private var calibration, size, layerBits: [String]?
  private var bits: String?

  init(_ model: ModelOptions, from folder: URL) {
    func some(_ values: [String]) -> [String]? { values.isEmpty ? nil : values }
    file = Self.path(model.file.model, from: folder)
    calibration = some(model.calibration.map { Self.changing(fileOf: $0) { Self.path($0, from: folder) } })
    (size, bits, layerBits) = (some(model.size), model.bits, some(model.layerBits))
  }

  /// The options that say the same from the folder in which a command runs.
  fileprivate func options(in folder: URL) throws -> ModelOptions {
    func place(_ path: String) -> String { folder.appendingPathComponent(path).standardizedFileURL.path }
    func each(_ option: String, _ values: [String]?) -> [String] { (values ?? []).flatMap { [option, $0] } }
    let frames = calibration?.map { Self.changing(fileOf: $0, place) }
    return try ModelOptions.parse(
      each("--size", size) + each("--calibration", frames) + each("--layer-bits", layerBits)
        + each("--bits", bits.map { [$0] }) + ["--", file.hasPrefix("/") ? file : place(file)])
  }

  /// `[NAME=]FILE` with another file.
  private static func changing(fileOf text: String, _ change: (String) -> String) -> String {
    guard let equals = text.firstIndex(of: "="), !FileManager.default.fileExists(atPath: text) else {
      return change(text)
    }
    return text[...equals] + change(String(text[text.index(after: equals)...]))
  }

  /// A file as seen from a folder.
  private static func path(_ file: String, from folder: URL) -> String {
    let (file, folder) = (URL(fileURLWithPath: file).standardizedFileURL, folder.standardizedFileURL)
    let (names, base) = (file.pathComponents, folder.pathComponents)
    let common = zip(names, base).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: base.count - common) + names.dropFirst(common)).joined(separator: "/")
  }
}
