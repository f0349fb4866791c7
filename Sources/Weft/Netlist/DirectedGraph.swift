/// A graph whose vertices are numbered from zero, the successors of all of them in one array.
struct DirectedGraph {
  private var starts: [Int32] = [0]
  private var successors: [Int32] = []

  /// A graph without vertices.
  init() {}

  /// A graph of `count` vertices and these edges; the successors of a vertex keep the order of its edges.
  init(count: Int, edges: [(from: Int32, to: Int32)]) {
    var next = [Int32](repeating: 0, count: count + 1)
    for edge in edges { next[Int(edge.from) + 1] += 1 }
    for vertex in 0..<count { next[vertex + 1] += next[vertex] }
    starts = next
    successors = [Int32](repeating: 0, count: edges.count)
    for edge in edges {
      successors[Int(next[Int(edge.from)])] = edge.to
      next[Int(edge.from)] += 1
    }
  }

  /// The number of vertices.
  var count: Int { starts.count - 1 }

  /// Adds a vertex with these successors.
  mutating func addVertex(to vertices: some Sequence<Int32>) {
    successors.append(contentsOf: vertices)
    starts.append(Int32(successors.count))
  }

  /// The successors of a vertex.
  subscript(vertex: Int) -> ArraySlice<Int32> { successors[Int(starts[vertex])..<Int(starts[vertex + 1])] }

  /// The groups of vertices that reach each other, each in ascending order; a vertex on no circle is in none. By
  /// R. Tarjan, "Depth-first search and linear graph algorithms" (1972).
  func circles() -> [[Int]] {
    var order = [Int32](repeating: -1, count: count)
    var low = order
    var isOpen = [Bool](repeating: false, count: count)
    var open: [Int] = []
    var groups: [[Int]] = []
    var found: Int32 = 0
    var path: [(vertex: Int, edge: Int)] = []
    func enter(_ vertex: Int) {
      order[vertex] = found
      low[vertex] = found
      found += 1
      open.append(vertex)
      isOpen[vertex] = true
      path.append((vertex, Int(starts[vertex])))
    }
    // A vertex without successors is on no circle.
    for start in 0..<count where order[start] < 0 && starts[start] < starts[start + 1] {
      enter(start)
      while let (vertex, edge) = path.last {
        if edge < Int(starts[vertex + 1]) {
          path[path.count - 1].edge += 1
          let successor = Int(successors[edge])
          if order[successor] < 0 {
            enter(successor)
          } else if isOpen[successor] {
            low[vertex] = min(low[vertex], order[successor])
          }
          continue
        }
        path.removeLast()
        if let parent = path.last?.vertex { low[parent] = min(low[parent], low[vertex]) }
        if low[vertex] == order[vertex], let first = open.lastIndex(of: vertex) {
          let group = open[first...]
          for member in group { isOpen[member] = false }
          if group.count > 1 || self[vertex].contains(Int32(vertex)) { groups.append(group.sorted()) }
          open.removeSubrange(first...)
        }
      }
    }
    return groups
  }
}
