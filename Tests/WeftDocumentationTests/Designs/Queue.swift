import Weft

/// A queue of a power of two of places.
struct Queue: Module {
  /// The number of places, as a power of two.
  var depthBits = 2
  var bits = 8

  var arrivals: Stream<Unsigned> { sink(.unsigned(bits)) }
  var departures: Stream<Unsigned> { source(.unsigned(bits)) }

  var places: Vector<Unsigned> { register(.vector(1 << depthBits, of: .unsigned(bits))) }
  var arrived: Unsigned { register(.unsigned(depthBits + 1), reset: 0) }
  var departed: Unsigned { register(.unsigned(depthBits + 1), reset: 0) }
  var waiting: Unsigned { wire(arrived &- departed) }

  var body: Circuit {
    arrivals.ready <== waiting != Unsigned(1 << depthBits)
    departures.valid <== waiting != 0
    departures.payload <== places[departed.truncated(to: depthBits)]
    When(arrivals.fires) {
      places[arrived.truncated(to: depthBits)] <== arrivals.payload
      arrived <== arrived &+ 1
    }
    When(departures.fires) { departed <== departed &+ 1 }
  }
}
