/// Rows of cells under the names of their columns.
struct Table {
  /// A cell's text and, where others ask for it, its name in the page.
  struct Cell: ExpressibleByStringInterpolation {
    let text: String
    var id: String?

    init(stringLiteral text: String) { self.text = text }
    init(_ text: String, id: String? = nil) {
      self.text = text
      self.id = id
    }

    fileprivate var element: Element { id.map { Element("td", ["id": $0], text: text) } ?? Element("td", text: text) }
  }

  let columns: [String]
  var rows: [[Cell]]
  /// The rows that stand out.
  var marked: Set<Int> = []
  var isNarrow = false

  var element: Element {
    let head = Element("thead", [:], [Element("tr", [:], columns.map { Element("th", text: $0) })])
    let body = rows.enumerated().map { index, cells in
      Element("tr", marked.contains(index) ? ["class": "here"] : [:], cells.map(\.element))
    }
    let table = Element("table", isNarrow ? ["class": "narrow"] : [:], [head, Element("tbody", [:], body)])
    return Element("div", ["class": "wide"], [table])
  }
}
