import WeftExploration

extension AcceleratorReport {
  /// The report as one file of HTML that needs no other and no network.
  public var page: String {
    var body = heading
    body.append(KeyFigures(of: self).element)
    if let most = batches.max(), most > 1 {
      let counts = zip(network.outputs, batches).map { "\($1) of \($0.name)" }
      body.append(
        note("A frame here is a pass of the accelerator, which takes \(most) frames and gives "
          + counts.joined(separator: ", ") + "."))
    }
    if verification == nil {
      body.append(note("Nothing was simulated: all cycles are predicted from the plan. Frames measure them."))
    } else if !isMeasured {
      body.append(
        note("Cycles between frames are measured from three frames on; the part of each stage that works is computed"
          + " from the predicted ones."))
    }
    body += section(
      "The grid",
      "Branches from top to bottom, stages from left to right. A box's area is its product lanes; it is filled as far"
        + " as the lanes compute real outputs, at \(isMeasured ? "the measured" : "the predicted") pace.",
      [wide(GridDrawing(of: self).picture)])
    body += section("Predicted and measured", nil, [PredictionTable(of: self).element])
    body += section("Stages", StageTable.caption, [StageTable(of: self).element])
    if let timeline = TimelineDrawing(of: self) {
      body += section(
        "\(timeline.frames == 1 ? "One frame" : "Two frames") in time",
        "For each stage the cycles from the first to the last transfer of its result, as the simulated ready/valid"
          + " handshakes show them.", [wide(timeline.picture)])
    }
    if let roofline = RooflineChart(of: self) {
      body += section("Roofline", roofline.caption, [wide(roofline.picture)])
    } else {
      body += section("Roofline", "The accelerator fetches nothing from external memory: only its lanes limit it.", [])
    }
    if let comparison = PublishedComparison(of: self) {
      body += section("Beside the published decoder", comparison.caption, [comparison.element])
    }
    return Page(title: network.name, body: body).description
  }

  private var heading: [Element] {
    let place = device.map { "on \($0.name), " } ?? ""
    let megahertz = Figures.decimal(clock / 1e6, places: 0)
    return [
      Element("h1", text: network.name),
      Element(
        "p", ["class": "lead"],
        text: "An elastic accelerator of \(stages.count) stages in \(network.outputs.count) "
          + "\(network.outputs.count == 1 ? "branch" : "branches"), \(place)at \(megahertz)\u{2009}MHz"),
    ]
  }

  private func note(_ text: String) -> Element { Element("p", ["class": "note"], text: text) }

  private func wide(_ picture: Picture) -> Element { Element("div", ["class": "wide"], [picture.element]) }

  private func section(_ title: String, _ caption: String?, _ content: [Element]) -> [Element] {
    [Element("section", [:], [Element("h2", text: title)] + (caption.map { [Element("p", text: $0)] } ?? []) + content)]
  }
}
