import Testing
import WeftAccelerators
import WeftNetworks
import WeftSimulation

/// The orders in which maps travel.
@Suite struct LinkOrderTests {
  /// The orders of all links of random plans.
  private static func orders(seed: UInt64) throws -> [LinkOrder] {
    var random = SplitMix64(seed: seed)
    return try [GridTests.network(seed: seed), RandomNetwork(seed: seed).quantized()].flatMap { network in
      try Plan(randomFor: network, largest: 7, using: &random).geometries(for: network)
        .flatMap { $0.inputOrders + [$0.outputOrder] }
    }
  }

  @Test(arguments: 0..<60) func everyElementTravelsOnce(seed: UInt64) throws {
    for order in try Self.orders(seed: seed) {
      let indices = order.indices
      #expect(indices.count == order.transfersPerFrame, "seed \(seed)")
      #expect(indices.joined().filter { $0 >= 0 }.sorted() == Array(0..<order.shape.count), "seed \(seed)")
    }
  }

  /// A transfer has neighbouring channels of rows that are a pixel apart; only rows from some row on may be missing.
  @Test(arguments: 0..<60) func lanesOfATransferAreNeighbours(seed: UInt64) throws {
    for order in try Self.orders(seed: seed) {
      let channelStep = order.shape.height * order.shape.width
      let rowStep = order.verticalPhases * order.shape.width
      for transfer in order.indices {
        let rows = transfer.prefix { $0 >= 0 }.count / order.channelLanes
        let expected = (0..<order.lanes).map { lane in
          let (row, channel) = lane.quotientAndRemainder(dividingBy: order.channelLanes)
          return row < rows ? transfer[0] + row * rowStep + channel * channelStep : -1
        }
        #expect(rows >= 1 && transfer == expected, "seed \(seed)")
      }
    }
  }

  @Test func rasterGoesPixelByPixel() {
    let order = LinkOrder.raster(MapShape(channels: 2, height: 2, width: 3))
    #expect(order.indices.map { $0[0] } == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  }
}
