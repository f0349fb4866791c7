/// The groups of vertices that reach each other, by R. Tarjan, "Depth-first search and linear graph algorithms" (1972).
/// `next` lists the successors of each vertex.
func stronglyConnectedComponents(_ next: [[Int]]) -> [[Int]] {
  var order = Array(repeating: -1, count: next.count)
  var low = order
  var isOpen = Array(repeating: false, count: next.count)
  var open: [Int] = []
  var groups: [[Int]] = []
  var count = 0
  for start in next.indices where order[start] < 0 {
    var path = [(vertex: start, edge: 0)]
    while let (vertex, edge) = path.last {
      if edge == 0 {
        order[vertex] = count
        low[vertex] = count
        count += 1
        open.append(vertex)
        isOpen[vertex] = true
      }
      if edge < next[vertex].count {
        path[path.count - 1].edge += 1
        let successor = next[vertex][edge]
        if order[successor] < 0 {
          path.append((successor, 0))
        } else if isOpen[successor] {
          low[vertex] = min(low[vertex], order[successor])
        }
        continue
      }
      path.removeLast()
      if let parent = path.last?.vertex { low[parent] = min(low[parent], low[vertex]) }
      if low[vertex] == order[vertex] {
        var group: [Int] = []
        while let member = open.popLast() {
          isOpen[member] = false
          group.append(member)
          if member == vertex { break }
        }
        groups.append(group.sorted())
      }
    }
  }
  return groups
}
