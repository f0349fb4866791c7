import Foundation
import WeftAccelerators

/// What a driver has to know of an accelerator behind a serial line.
public struct SerialDescription: Hashable, Sendable, Codable {
  /// In which order the elements of an output come.
  public struct Order: Hashable, Sendable, Codable {
    /// Elements of a packet.
    public var elementsPerPacket: Int
    /// Rows and channels of a transfer.
    public var rowLanes, channelLanes: Int
    /// Groups of rows, and rows of pixels of a whole one and of the last.
    public var rowGroups, rowsPerGroup, rowsInLastGroup: Int
    /// Columns of pixels.
    public var columns: Int
    /// Rows and columns of the map that a pixel has.
    public var verticalPhases, horizontalPhases: Int
    /// The transfers of a column, a list for each pass over the columns: row, row and column of the phase, channel.
    public var passes: [[[Int]]]

    init(_ order: LinkOrder, elementsPerPacket: Int) {
      self.elementsPerPacket = elementsPerPacket
      (rowLanes, channelLanes) = (order.rowLanes, order.channelLanes)
      (rowGroups, rowsPerGroup, rowsInLastGroup) = (order.rowGroups, order.rowsPerGroup, order.rowsInLastGroup)
      columns = order.columns
      (verticalPhases, horizontalPhases) = (order.verticalPhases, order.horizontalPhases)
      passes = Dictionary(grouping: order.steps, by: \.pass).sorted { $0.key < $1.key }.map { _, steps in
        steps.map { [$0.row, $0.phase.row, $0.phase.column, $0.channel] }
      }
    }
  }

  /// An output, and the order in which it comes.
  public struct Output: Hashable, Sendable, Codable {
    /// What it is.
    public var tensor: AcceleratorDescription.Tensor
    /// How it comes.
    public var order: Order
  }

  /// The name of the design.
  public var name: String
  /// What tells the accelerator from others.
  public var hash: UInt32
  /// Bits a second on the line.
  public var baud: Int
  /// Elements of an input that may be sent at first, and as many more as a credit stands for.
  public var capacity, credit: Int
  /// The inputs, in the order of their indices.
  public var inputs: [AcceleratorDescription.Tensor]
  /// The outputs, in the order of their indices.
  public var outputs: [Output]

  /// The description of an accelerator.
  public init<Unit: StageUnit>(_ accelerator: SerialAccelerator<Unit>, name: String, baud: Int) {
    self.name = name
    self.baud = baud
    hash = accelerator.configurationHash
    (capacity, credit) = (SerialSettings.capacity, SerialSettings.credit)
    inputs = accelerator.inputs.map { AcceleratorDescription.Tensor($0, layout: .nchw) }
    outputs = accelerator.outputs.indices.map { index in
      Output(
        tensor: AcceleratorDescription.Tensor(accelerator.outputs[index]),
        order: Order(
          accelerator.grid.outputOrders[index], elementsPerPacket: accelerator.elementsPerPacket(ofOutput: index)))
    }
  }

  /// As JSON.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
