import Foundation
import Weft

/// The form of a coverage file: lists in a stable order.
private struct CoverageFile: Codable {
  struct Point: Codable {
    var key: Coverage.PointKey
    var count: Int
  }

  struct Toggle: Codable {
    var signal: String
    var width: Int
    var rose: String
    var fell: String
  }

  struct Transition: Codable {
    var transition: Coverage.Transition
    var count: Int
  }

  struct States: Codable {
    var register: String
    var visits: [String: Int]
    var transitions: [Transition]
  }

  var points: [Point]
  var toggles: [Toggle]
  var states: [States]
}

extension Coverage: Codable {
  public init(from decoder: any Decoder) throws {
    let file = try CoverageFile(from: decoder)
    for point in file.points { points[point.key, default: 0] += point.count }
    for toggle in file.toggles {
      guard toggle.width > 0, let rose = BitVector(hexadecimal: toggle.rose, width: toggle.width),
        let fell = BitVector(hexadecimal: toggle.fell, width: toggle.width)
      else { throw SimulationError("`\(toggle.signal)` has bits that do not fit its width of \(toggle.width)") }
      toggles[toggle.signal] = Toggle(rose: rose, fell: fell)
    }
    for register in file.states {
      states[register.register] = States(
        visits: register.visits,
        transitions: Dictionary(register.transitions.map { ($0.transition, $0.count) }, uniquingKeysWith: +))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    let file = CoverageFile(
      points: sortedPoints.map { .init(key: $0.key, count: $0.value) },
      toggles: toggles.sorted { $0.key < $1.key }.map { signal, toggle in
        .init(
          signal: signal, width: toggle.rose.width, rose: toggle.rose.hexadecimal, fell: toggle.fell.hexadecimal)
      },
      states: states.sorted { $0.key < $1.key }.map { register, states in
        .init(
          register: register, visits: states.visits,
          transitions: states.sortedTransitions.map { .init(transition: $0.key, count: $0.value) })
      })
    try file.encode(to: encoder)
  }

  /// Reads a coverage file. Throws ``SimulationError``.
  public init(contentsOf path: String) throws(SimulationError) {
    do {
      self = try JSONDecoder().decode(Coverage.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw SimulationError("cannot read the coverage file \(path): \(FileProblem.reason(error))")
    }
  }

  /// Writes the coverage to a file, which is the same for the same coverage. Throws ``SimulationError``.
  public func write(to path: String) throws(SimulationError) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    } catch {
      throw SimulationError("cannot write the coverage file \(path): \(FileProblem.reason(error))")
    }
  }
}

extension Coverage {
  /// The points in the order of the source.
  var sortedPoints: [(key: PointKey, value: Int)] {
    let order = Dictionary(uniqueKeysWithValues: PointKind.allCases.enumerated().map { ($1, $0) })
    return points.sorted {
      let (a, b) = ($0.key, $1.key)
      return (a.file, a.line, a.module, order[a.kind] ?? 0, a.number)
        < (b.file, b.line, b.module, order[b.kind] ?? 0, b.number)
    }
  }
}

extension Coverage.States {
  /// The transitions in the order of their names.
  var sortedTransitions: [(key: Coverage.Transition, value: Int)] {
    transitions.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }
  }
}
