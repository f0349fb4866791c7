/// What the resets of a design do while it is proved.
public enum ResetBehaviour: Hashable, Sendable {
  /// They stay inactive: runs start as the hardware is after configuration or a reset.
  case inactive
  /// Each is active at whichever steps the solver chooses, so that a proof also holds of what a reset in the middle of
  /// a run leaves behind: registers without reset, memories, and other domains.
  case anyTime
}
