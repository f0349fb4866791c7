/// A page of HTML, its style within.
struct Page: CustomStringConvertible {
  let title: String
  let body: [Element]

  var description: String {
    let head = Element(
      "head", [:],
      [
        Element("meta", ["charset": "utf-8"]),
        Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Element("title", text: title), Element("style", text: Self.style),
      ])
    let html = Element(
      "html", ["lang": "en"], [head, Element("body", [:], [Element("main", [:], body)])])
    return "<!DOCTYPE html>\n\(html)\n"
  }

  private static let style = """
    body { margin: 0; background: #ffffff; color: \(Style.text); font: 14px/1.5 \(Style.font) }
    main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px }
    h1 { margin: 0; font-size: 24px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere }
    h2 { margin: 0 0 4px; font-size: 16px; font-weight: 600 }
    p { margin: 0 0 12px; max-width: 78ch; color: \(Style.muted) }
    .lead { margin: 4px 0 24px }
    .note { margin-top: 16px; padding: 8px 12px; border-left: 3px solid \(Style.second); color: \(Style.text) }
    section { margin-top: 40px }
    .wide { overflow-x: auto }
    svg { display: block }
    .figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 0; background: \(Style.line);
      border: 1px solid \(Style.line) }
    .figures div { padding: 12px 16px; background: #ffffff }
    dt { color: \(Style.muted); font-size: 12px }
    dd { margin: 0; font-size: 20px; font-variant-numeric: tabular-nums }
    dd.small { color: \(Style.muted); font-size: 12px }
    table { width: 100%; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums }
    table.narrow { width: auto; min-width: 560px }
    th { padding: 6px 0 6px 16px; border-bottom: 1px solid \(Style.muted); color: \(Style.muted); font-weight: 400;
      text-align: right; vertical-align: bottom }
    td { padding: 5px 0 5px 16px; border-bottom: 1px solid \(Style.faint); text-align: right; white-space: nowrap }
    th:first-child, td:first-child { padding-left: 0; text-align: left; white-space: normal; overflow-wrap: anywhere }
    tr.here td { background: \(Style.accentFaint) }
    @media (max-width: 760px) { .figures { grid-template-columns: repeat(2, 1fr) } }
    @media print { main { padding: 0 } section { break-inside: avoid } }
    """
}
