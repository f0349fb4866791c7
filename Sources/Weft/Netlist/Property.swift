extension Netlist {
  /// What is claimed of the hardware: checked while it is simulated, and proved or refuted for all inputs.
  ///
  /// A property looks at the values just before an edge of its domain's clock, at which the domain's reset is inactive;
  /// one without a domain just before the edges of all clocks, while no reset is active.
  public struct Property: Hashable, Sendable {
    /// What a property says of its condition.
    public enum Kind: String, Hashable, Sendable {
      /// The condition always holds.
      case assertion
      /// The surroundings see to it that the condition holds.
      case assumption
      /// The condition holds at some time.
      case cover
    }

    /// What is said of the condition.
    public var kind: Kind
    /// A sentence for people.
    public var sentence: String
    /// One bit. An assertion's and an assumption's is one also where the statement's surrounding conditions fail.
    public var condition: NodeID
    /// The domain at whose clock edges it is looked at, or `nil` for all.
    public var domain: Domain?
    /// Where it stands.
    public var place: SourcePlace

    /// A property of a condition.
    public init(
      kind: Kind, sentence: String, condition: NodeID, domain: Domain? = .main, place: SourcePlace
    ) {
      self.kind = kind
      self.sentence = sentence
      self.condition = condition
      self.domain = domain
      self.place = place
    }
  }
}
