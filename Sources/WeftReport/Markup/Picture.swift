/// A drawing: SVG of a width and a height, by itself or within a page.
public struct Picture: Hashable, Sendable {
  /// Its size in pixels at its natural scale.
  public var width, height: Double
  /// What is drawn, the first below the others.
  public var elements: [Element]

  /// A drawing.
  public init(width: Double, height: Double, elements: [Element]) {
    self.width = width
    self.height = height
    self.elements = elements
  }

  /// The drawing as an element, which shrinks with the page where that is narrower.
  public var element: Element {
    Element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(width.coordinate) \(height.coordinate)",
        "width": width, "font-family": Style.font, "font-size": Style.textSize, "fill": Style.text,
      ], elements)
  }

  /// The drawing on white, as a file of its own.
  public var file: String {
    let margin = 16.0
    let sheet = Element("rect", ["width": width + 2 * margin, "height": height + 2 * margin, "fill": "#ffffff"])
    let drawing = Element("g", ["transform": "translate(\(margin.coordinate) \(margin.coordinate))"], elements)
    return Picture(width: width + 2 * margin, height: height + 2 * margin, elements: [sheet, drawing])
      .element.description + "\n"
  }

  /// Pictures beside each other.
  public static func row(_ pictures: [Picture], gap: Double = 24) -> Picture {
    var (x, elements) = (0.0, [Element]())
    for picture in pictures {
      elements.append(Element("g", ["transform": "translate(\(x.coordinate) 0)"], picture.elements))
      x += picture.width + gap
    }
    return Picture(
      width: max(0, x - gap), height: pictures.map(\.height).max() ?? 0, elements: elements)
  }
}
