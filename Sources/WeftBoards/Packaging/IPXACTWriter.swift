import Weft
import WeftStreams

/// Writes a component in a dialect of IP-XACT.
struct IPXACTWriter {
  private let block: IPXACTComponent
  private let dialect: IPXACTDialect
  private var interface: BlockInterface { block.interface }

  init(_ block: IPXACTComponent, _ dialect: IPXACTDialect) {
    self.block = block
    self.dialect = dialect
  }

  /// The root element.
  var component: XMLElement {
    let identity = block.identity
    var root = element(
      "component",
      [
        element("vendor", identity.vendor), element("library", identity.library), element("name", identity.name),
        element("version", identity.version),
        element("busInterfaces", buses + [clock, reset].compactMap { $0 } + interrupts),
      ])
    root.attributes = [
      ("xmlns:" + dialect.prefix, dialect.namespace), ("xmlns:xilinx", "http://www.xilinx.com"),
      ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ]
    let spaces = interface.buses.filter { $0.role == .manager && $0.kind != .axi4Stream }.map(addressSpace)
    if !spaces.isEmpty { root.children.append(element("addressSpaces", spaces)) }
    let maps = interface.buses.filter { $0.role == .subordinate && $0.kind != .axi4Stream }.map(memoryMap)
    if !maps.isEmpty { root.children.append(element("memoryMaps", maps)) }
    root.children += [
      model, fileSets, element("description", block.summary), element("parameters", [name]), extensions,
    ]
    return root
  }

  // MARK: Elements

  private func element(_ name: String, _ children: [XMLElement]) -> XMLElement {
    XMLElement("\(dialect.prefix):\(name)", [:], children)
  }

  private func element(_ name: String, _ text: String) -> XMLElement {
    XMLElement("\(dialect.prefix):\(name)", text: text)
  }

  private func element(_ name: String, _ attributes: [(String, String)], text: String = "") -> XMLElement {
    var result = element(name, text)
    result.attributes = attributes.map { ("\(dialect.prefix):\($0.0)", $0.1) }
    return result
  }

  // MARK: Interfaces

  /// An interface that a library of Xilinx knows, with the block's port for each of its signals.
  private func busInterface(
    _ name: String, library: String, type: String, role: XMLElement, signals: [(name: String, port: String)],
    parameters: [(String, String)] = []
  ) -> XMLElement {
    func reference(_ tag: String, _ type: String) -> XMLElement {
      element(tag, [("vendor", "xilinx.com"), ("library", library), ("name", type), ("version", "1.0")])
    }
    let portMaps = element(
      "portMaps",
      signals.map { signal in
        element(
          "portMap",
          [
            element("logicalPort", [element("name", signal.name)]),
            element("physicalPort", [element("name", signal.port)]),
          ])
      })
    var children = [element("name", name), reference("busType", type)]
    switch dialect {
    case .ieee2009: children += [reference("abstractionType", type + "_rtl"), role, portMaps]
    case .ieee2014:
      let abstraction = element("abstractionType", [reference("abstractionRef", type + "_rtl"), portMaps])
      children += [element("abstractionTypes", [abstraction]), role]
    }
    if !parameters.isEmpty {
      children.append(element("parameters", parameters.map { parameter($0.0, $0.1, owner: name) }))
    }
    return element("busInterface", children)
  }

  private func parameter(_ name: String, _ value: String, owner: String) -> XMLElement {
    var result = element("parameter", [element("name", name), element("value", value)])
    let id = "\(owner)_\(name)".uppercased()
    switch dialect {
    case .ieee2009: result.children[1].attributes = [("spirit:id", "BUSIFPARAM_VALUE." + id)]
    case .ieee2014: result.attributes = [("parameterId", id)]
    }
    return result
  }

  private var buses: [XMLElement] {
    interface.buses.map { bus in
      let isStream = bus.kind == .axi4Stream
      let signals = bus.signals.map { (name: $0.name, port: $0.port.name) }
      let parameters = isStream ? [] : [("PROTOCOL", bus.kind == .axi4 ? "AXI4" : "AXI4LITE")]
      return busInterface(
        bus.name, library: "interface", type: isStream ? "axis" : "aximm", role: role(of: bus), signals: signals,
        parameters: parameters)
    }
  }

  private func role(of bus: BusInterface) -> XMLElement {
    let isStream = bus.kind == .axi4Stream
    switch bus.role {
    case .manager:
      return element("master", isStream ? [] : [element("addressSpaceRef", [("addressSpaceRef", bus.name)])])
    case .subordinate:
      return element("slave", isStream ? [] : [element("memoryMapRef", [("memoryMapRef", bus.name)])])
    }
  }

  private func signal(
    _ port: String, type: String, signal: String, isDriven: Bool, parameters: [(String, String)]
  ) -> XMLElement {
    busInterface(
      port, library: "signal", type: type, role: element(isDriven ? "master" : "slave", [] as [XMLElement]),
      signals: [(signal, port)], parameters: parameters)
  }

  private var clock: XMLElement? {
    guard let domain = interface.domain else { return nil }
    var parameters = [("ASSOCIATED_BUSIF", interface.buses.map(\.name).joined(separator: ":"))]
    if interface.hasReset { parameters.append(("ASSOCIATED_RESET", domain.reset)) }
    parameters.append(("FREQ_HZ", "\(Int(block.clock))"))
    return signal(domain.clock, type: "clock", signal: "CLK", isDriven: false, parameters: parameters)
  }

  private var reset: XMLElement? {
    guard let domain = interface.domain, interface.hasReset else { return nil }
    let polarity = domain.isResetActiveHigh ? "ACTIVE_HIGH" : "ACTIVE_LOW"
    return signal(domain.reset, type: "reset", signal: "RST", isDriven: false, parameters: [("POLARITY", polarity)])
  }

  private var interrupts: [XMLElement] {
    interface.interrupts.map {
      signal(
        $0.name, type: "interrupt", signal: "INTERRUPT", isDriven: true, parameters: [("SENSITIVITY", "LEVEL_HIGH")])
    }
  }

  // MARK: Addresses

  private func addressSpace(of bus: BusInterface) -> XMLElement {
    element(
      "addressSpace",
      [element("name", bus.name), element("range", "\(size(of: bus))"), element("width", "\(bus.dataWidth)")])
  }

  private func memoryMap(of bus: BusInterface) -> XMLElement {
    let registers = bus == interface.control ? block.registers?.registers ?? [] : []
    let addresses = element(
      "addressBlock",
      [
        element("name", "registers"), element("baseAddress", "0"), element("range", "\(size(of: bus))"),
        element("width", "\(bus.dataWidth)"), element("usage", "register"),
      ] + registers.flatMap { self.registers($0, width: bus.dataWidth) })
    return element("memoryMap", [element("name", bus.name), addresses])
  }

  /// A register; several one by one, since an array of the standard has no gaps.
  private func registers(_ register: Register, width: Int) -> [XMLElement] {
    let fields = register.fields.map(field)
    return (0..<(register.count ?? 1)).map { index in
      var children = [element("name", register.count == nil ? register.name : "\(register.name)_\(index)")]
      if !register.description.isEmpty { children.append(element("description", register.description)) }
      let offset = register.offset + index * register.stride
      children += [element("addressOffset", "\(offset)"), element("size", "\(width)")]
      return element("register", children + fields)
    }
  }

  private func field(_ field: Register.Field) -> XMLElement {
    var children = [element("name", field.name)]
    if !field.description.isEmpty { children.append(element("description", field.description)) }
    children.append(element("bitOffset", "\(field.lowBit)"))
    if dialect == .ieee2014, field.access.isStored {
      children.append(element("resets", [element("reset", [element("value", "\(field.resetBits)")])]))
    }
    children += [element("bitWidth", "\(field.width)")] + access(of: field.access)
    return element("field", children)
  }

  /// What software may do with a field, and what that does to it.
  private func access(of access: RegisterAccess) -> [XMLElement] {
    switch access {
    case .readWrite: [element("access", "read-write")]
    case .readOnly: [element("volatile", "true"), element("access", "read-only")]
    case .writeOnly, .writePulse: [element("access", "write-only")]
    case .writeOneToClear:
      [element("volatile", "true"), element("access", "read-write"), element("modifiedWriteValue", "oneToClear")]
    case .writeOneToSet:
      [element("volatile", "true"), element("access", "read-write"), element("modifiedWriteValue", "oneToSet")]
    case .readToClear: [element("volatile", "true"), element("access", "read-only"), element("readAction", "clear")]
    }
  }

  /// The bytes that a bus reaches.
  private func size(of bus: BusInterface) -> UInt64 { 1 << UInt64(min(bus.addressWidth, 63)) }

  // MARK: Files

  private static let views = [
    ("xilinx_anylanguagesynthesis", "Synthesis", ":vivado.xilinx.com:synthesis"),
    ("xilinx_anylanguagebehavioralsimulation", "Simulation", ":vivado.xilinx.com:simulation"),
  ]

  private var model: XMLElement {
    let ports = element("ports", interface.ports.map(port))
    switch dialect {
    case .ieee2009:
      let views = Self.views.map { view in
        element(
          "view",
          [
            element("name", view.0), element("displayName", view.1), element("envIdentifier", view.2),
            element("language", "Verilog"), element("modelName", interface.name),
            element("fileSetRef", [element("localName", view.0 + "_view_fileset")]),
          ])
      }
      return element("model", [element("views", views), ports])
    case .ieee2014:
      let views = Self.views.map { view in
        element(
          "view",
          [
            element("name", view.0), element("displayName", view.1), element("envIdentifier", view.2),
            element("componentInstantiationRef", view.0 + "_instantiation"),
          ])
      }
      let instantiations = Self.views.map { view in
        element(
          "componentInstantiation",
          [
            element("name", view.0 + "_instantiation"), element("language", "Verilog"),
            element("moduleName", interface.name),
            element("fileSetRef", [element("localName", view.0 + "_view_fileset")]),
          ])
      }
      return element("model", [element("views", views), element("instantiations", instantiations), ports])
    }
  }

  private func port(_ port: BlockPort) -> XMLElement {
    var wire = [element("direction", port.isInput ? "in" : "out")]
    if port.width > 1 {
      let vector = element("vector", [element("left", "\(port.width - 1)"), element("right", "0")])
      wire.append(dialect == .ieee2009 ? vector : element("vectors", [vector]))
    }
    return element("port", [element("name", port.name), element("wire", wire)])
  }

  private var fileSets: XMLElement {
    let files =
      block.sources.map { element("file", [element("name", $0), element("fileType", "verilogSource")]) }
      + block.images.map { element("file", [element("name", $0), element("userFileType", "mem")]) }
    let images2014 = block.images.map { image in
      element("file", [element("name", image), XMLElement("ipxact:fileType", ["user": "mem"])])
    }
    let listed = dialect == .ieee2009 ? files : Array(files.prefix(block.sources.count)) + images2014
    return element(
      "fileSets",
      Self.views.map { element("fileSet", [element("name", $0.0 + "_view_fileset")] + listed) })
  }

  // MARK: Presentation

  private var name: XMLElement {
    var result = element("parameter", [element("name", "Component_Name"), element("value", block.identity.name + "_0")])
    switch dialect {
    case .ieee2009:
      result.children[1].attributes = [
        ("spirit:resolve", "user"), ("spirit:id", "PARAM_VALUE.Component_Name"), ("spirit:order", "1"),
      ]
    case .ieee2014: result.attributes = [("parameterId", "COMPONENT_NAME")]
    }
    return result
  }

  private static let families = ["zynq", "zynquplus", "kintexu", "kintex7", "virtexuplus", "artix7"]

  private var extensions: XMLElement {
    let families = Self.families.map { XMLElement("xilinx:family", ["xilinx:lifeCycle": "Production"], text: $0) }
    let core = XMLElement(
      "xilinx:coreExtensions", [:],
      [
        XMLElement("xilinx:supportedFamilies", [:], families),
        XMLElement("xilinx:taxonomies", [:], [XMLElement("xilinx:taxonomy", text: "/UserIP")]),
        XMLElement("xilinx:displayName", text: block.identity.name),
        XMLElement("xilinx:coreRevision", text: "1"),
      ])
    return element("vendorExtensions", [core])
  }
}
