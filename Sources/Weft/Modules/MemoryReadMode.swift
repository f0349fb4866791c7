/// What a synchronous read port of a memory gives where the memory is written at the same clock edge.
public enum MemoryReadMode: Hashable, Sendable {
  /// The word that was there before the edge.
  case readFirst
  /// The word that is there after the edge. The memory is read first; what the writes put there is kept beside it and
  /// goes before it, so that any kind of memory will do.
  case writeFirst
  /// What the port gave before: it does not read at an edge at which a write port is active.
  case noChange
}
