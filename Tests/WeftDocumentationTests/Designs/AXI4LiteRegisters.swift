import Weft

/// Registers of 32 bits at an AXI4-Lite port, written by bytes; an address beyond them is answered with SLVERR.
struct AXI4LiteRegisters: Module {
  /// The number of registers, fewer than addresses of `addressBits` reach.
  var count = 4
  var addressBits = 8

  var awaddr: Bits { input(.bits(addressBits)) }
  var awvalid: Bit { input(.bit) }
  var awready: Bit { output(.bit) }
  var wdata: Bits { input(.bits(32)) }
  var wstrb: Bits { input(.bits(4)) }
  var wvalid: Bit { input(.bit) }
  var wready: Bit { output(.bit) }
  var bresp: Bits { output(.bits(2)) }
  var bvalid: Bit { output(.bit) }
  var bready: Bit { input(.bit) }
  var araddr: Bits { input(.bits(addressBits)) }
  var arvalid: Bit { input(.bit) }
  var arready: Bit { output(.bit) }
  var rdata: Bits { output(.bits(32)) }
  var rresp: Bits { output(.bits(2)) }
  var rvalid: Bit { output(.bit) }
  var rready: Bit { input(.bit) }
  var values: Vector<Bits> { output(.vector(count, of: .bits(32))) }

  var registers: Vector<Bits> { register(.vector(count, of: .bits(32)), reset: 0) }
  var isAnswering: Bit { register(.bit, reset: 0) }
  var writeResponse: Bits { register(.bits(2)) }
  var isReading: Bit { register(.bit, reset: 0) }
  var readResponse: Bits { register(.bits(2)) }
  var readData: Bits { register(.bits(32)) }

  var writeIndex: Unsigned { wire(awaddr[2..<addressBits].asUnsigned) }
  var readIndex: Unsigned { wire(araddr[2..<addressBits].asUnsigned) }
  var takesWrite: Bit { wire(awvalid & wvalid & (!isAnswering | bready)) }
  var takesRead: Bit { wire(arvalid & (!isReading | rready)) }

  var body: Circuit {
    awready <== takesWrite
    wready <== takesWrite
    bvalid <== isAnswering
    bresp <== writeResponse
    When(takesWrite) {
      isAnswering <== 1
      writeResponse <== response(writeIndex)
      for register in 0..<count {
        for byte in 0..<4 {
          When((writeIndex == Unsigned(register)) & wstrb[byte]) {
            registers[register][(8 * byte)..<(8 * byte + 8)] <== wdata[(8 * byte)..<(8 * byte + 8)]
          }
        }
      }
    } else: {
      When(bready) { isAnswering <== 0 }
    }

    arready <== takesRead
    rvalid <== isReading
    rdata <== readData
    rresp <== readResponse
    When(takesRead) {
      isReading <== 1
      readResponse <== response(readIndex)
      readData <== registers[readIndex]
    } else: {
      When(rready) { isReading <== 0 }
    }
    values <== registers
  }

  /// OKAY for a register, else SLVERR.
  private func response(_ index: Unsigned) -> Bits { (index < Unsigned(count)).select(0, else: 2) }
}
