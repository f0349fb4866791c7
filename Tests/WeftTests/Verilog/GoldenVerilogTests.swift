import Testing
import Weft
import WeftLint

/// Compares the text of a design's last module and has the tools read all of it.
func expectVerilog(
  _ design: Design, options: VerilogOptions = .init(), _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(design.verilog(options).modules.last?.contents == text + "\n", sourceLocation: sourceLocation)
  let complaints = try LintTools.complaints(about: design)
  #expect(complaints.isEmpty, "\(complaints)", sourceLocation: sourceLocation)
}

@Suite struct GoldenVerilogTests {
  @Test func arithmetic() throws {
    let design = small { m in
      let (a, b) = (m.input("a", 8), m.input("b", 8))
      let wide = m.builder.extend(m.builder.multiply(a, b, signed: true), to: 24, signed: true)
      m.output(
        "sum", m.builder.add(m.builder.extend(a, to: 9, signed: false), m.builder.extend(b, to: 9, signed: false)))
      m.output("difference", m.builder.subtract(m.builder.extend(a, to: 10, signed: true), m.number(3, 10)))
      m.output("negative", m.builder.subtract(m.number(0, 8), a))
      m.output("product", m.builder.multiply(a, b, signed: false))
      m.output("scaled", m.builder.multiply(m.number(-3, 4), a, signed: true))
      m.output("accumulated", m.builder.add(wide, m.number(100_000, 24)))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [7:0] a,
        input [7:0] b,
        output [8:0] sum,
        output [9:0] difference,
        output [7:0] negative,
        output [15:0] product,
        output [11:0] scaled,
        output [23:0] accumulated
      );
        assign sum = {1'b0, a} + {1'b0, b};
        assign difference = {{2{a[7]}}, a} - 10'd3;
        assign negative = -a;
        assign product = a * b;
        assign scaled = -12'sd3 * $signed(a);
        wire [23:0] product_a_b = $signed(a) * $signed(b);
        assign accumulated = product_a_b + 24'd100000;
      endmodule
      """)
  }

  @Test func comparisons() throws {
    let design = small { m in
      let (a, b) = (m.input("a", 8), m.input("b", 8))
      let isEqual = m.builder.compare(.equal, a, b)
      m.output("isEqual", isEqual)
      m.output("isOther", m.builder.not(isEqual))
      m.output("isLess", m.builder.compare(.less, a, b))
      m.output("isAtLeast", m.builder.not(m.builder.compare(.lessSigned, a, m.number(-5, 8))))
      m.output("isPositive", m.builder.compare(.lessSigned, m.number(0, 8), a))
      m.output("isNever", m.builder.compare(.less, a, m.number(0, 8)))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [7:0] a,
        input [7:0] b,
        output isEqual,
        output isOther,
        output isLess,
        output isAtLeast,
        output isPositive,
        output isNever
      );
        assign isEqual = a == b;
        assign isOther = a != b;
        assign isLess = a < b;
        assign isAtLeast = $signed(a) >= -8'sd5;
        assign isPositive = $signed(a) > 8'sd0;
        assign isNever = 1'b0;
      endmodule
      """)
  }

  @Test func bits() throws {
    let design = small { m in
      let (a, b) = (m.input("a", 8), m.input("b", 8))
      let mask = m.builder.bitwise(.and, a, m.builder.bitwise(.or, b, m.number(0x0f, 8)))
      m.output("mask", mask)
      m.output(
        "flags",
        m.builder.concatenate([m.builder.reduce(.and, a), m.builder.reduce(.or, b), m.builder.reduce(.xor, mask)]))
      m.output("high", m.builder.slice(m.builder.add(a, b), low: 4, width: 4))
      m.output(
        "swapped", m.builder.concatenate([m.builder.slice(a, low: 0, width: 4), m.builder.slice(a, low: 4, width: 4)]))
      m.output("chosen", m.builder.select(m.builder.slice(a, low: 7, width: 1), m.builder.not(b), m.number(1, 8)))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [7:0] a,
        input [7:0] b,
        output [7:0] mask,
        output [2:0] flags,
        output [3:0] high,
        output [7:0] swapped,
        output [7:0] chosen
      );
        assign mask = a & (b | 8'd15);
        assign flags = {&a, |b, ^(a & (b | 8'd15))};
        wire [7:0] sum_a_b = a + b;
        assign high = sum_a_b[7:4];
        assign swapped = {a[3:0], a[7:4]};
        assign chosen = a[7] ? ~b : 8'd1;

        wire unused = &{1'b0, sum_a_b[3:0]};
      endmodule
      """)
  }

  @Test func shiftsAndElements() throws {
    let design = small { m in
      let (a, amount) = (m.input("a", 12), m.input("amount", 5))
      let index = m.input("index", 2)
      m.output("left", m.builder.shift(.left, a, by: amount))
      m.output("right", m.builder.shift(.rightArithmetic, a, by: amount))
      m.output("masked", m.builder.bitwise(.xor, a, m.builder.shift(.rightArithmetic, a, by: amount)))
      m.output("picked", m.builder.element(m.builder.slice(a, low: 0, width: 4), index: index, width: 1))
      m.output("triple", m.builder.element(a, index: index, width: 3))
      m.output("quarter", m.builder.element(a, index: index, width: 4))
      m.output("squares", m.builder.element(m.number(0x9410, 16), index: index, width: 4))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [11:0] a,
        input [4:0] amount,
        input [1:0] index,
        output [11:0] left,
        output [11:0] right,
        output [11:0] masked,
        output picked,
        output [2:0] triple,
        output [3:0] quarter,
        output [3:0] squares
      );
        assign left = a << amount;
        wire [11:0] xor_shifted_xor_a_a_11_amount_a_11 = ((a ^ {12{a[11]}}) >> amount) ^ {12{a[11]}};
        assign right = xor_shifted_xor_a_a_11_amount_a_11;
        assign masked = a ^ xor_shifted_xor_a_a_11_amount_a_11;
        wire [3:0] a_3_0 = a[3:0];
        assign picked = a_3_0[index];
        assign triple = a[{2'd0, index} * 4'd3 +: 3];
        assign quarter = index < 2'd3 ? a[{index, 2'd0} +: 4] : 4'd0;
        wire [15:0] constant_37904 = 16'd37904;
        assign squares = constant_37904[{index, 2'd0} +: 4];
      endmodule
      """)
  }

  /// The place of an element of three bits is a product, which has room for whatever the index is.
  @Test func elementsOfOddWidths() throws {
    let design = small { m in
      let (five, index) = (m.input("five", 15), m.input("index", 3))
      m.output("picked", m.builder.element(five, index: index, width: 3))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [14:0] five,
        input [2:0] index,
        output [2:0] picked
      );
        wire [23:0] extended_five = {9'd0, five};
        assign picked = extended_five[{2'd0, index} * 5'd3 +: 3];
      endmodule
      """)
  }

  @Test func statements() throws {
    let design = small { m in
      let (a, mode, go) = (m.input("a", 4), m.input("mode", 2), m.input("go", 1))
      let (next, flag) = (m.signal("next", 4, .output), m.signal("flag", 1, .output))
      m.drive(
        [next, flag],
        [
          m.assign(next, m.number(0, 4)), m.assign(flag, m.number(0, 1)),
          m.when(
            go,
            [
              m.match(
                mode,
                [([0], [m.assign(next, a)]), ([1, 2], [m.assign(next, low: 1, m.number(3, 2)), m.assign(flag, go)])],
                default: [])
            ],
            else: [
              m.when(
                m.builder.compare(.equal, a, m.number(9, 4)), [m.assign(flag, m.number(1, 1))],
                else: [m.assign(next, low: 3, go)])
            ]),
        ])
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [3:0] a,
        input [1:0] mode,
        input go,
        output reg [3:0] next,
        output reg flag
      );
        always @* begin
          next = 4'd0;
          flag = 1'b0;
          if (go) begin
            case (mode)
              2'd0: next = a;
              2'd1, 2'd2: begin
                next[2:1] = 2'd3;
                flag = go;
              end
              default: ;
            endcase
          end else if (a == 4'd9) begin
            flag = 1'b1;
          end else begin
            next[3] = go;
          end
        end
      endmodule
      """)
  }

  @Test func registers() throws {
    let falling = Domain(
      clock: "tick", edge: .falling, reset: "clear_n", resetKind: .asynchronous, isResetActiveHigh: false)
    let design = small { m in
      let (a, enable) = (m.input("a", 8), m.input("enable", 1))
      let count = m.register("count", 8, reset: 7)
      let free = m.register("free", 8, initial: 3, enable: enable)
      let slow = m.register("slow", 8, domain: falling, reset: 0, enable: enable)
      let fixed = m.register("fixed", 8, initial: 42)
      let isLow = m.builder.compare(.less, a, m.number(16, 8))
      let next = m.builder.add(m.read(count), m.number(1, 8))
      m.clock([count], [m.when(isLow, [m.assign(count, next)])])
      m.clock([free], [m.assign(free, low: 4, m.builder.slice(a, low: 0, width: 4))])
      m.clock([slow], domain: falling, [m.assign(slow, a)])
      for (name, register) in [("counted", count), ("kept", free), ("slowly", slow), ("constant", fixed)] {
        m.output(name, m.read(register))
      }
    }
    try expectVerilog(
      design,
      """
      module Small (
        input clock,
        input reset,
        input tick,
        input clear_n,
        input [7:0] a,
        input enable,
        output [7:0] counted,
        output [7:0] kept,
        output [7:0] slowly,
        output [7:0] constant
      );
        reg [7:0] count = 8'd7;
        reg [7:0] free = 8'd3;
        reg [7:0] slow = 8'd0;
        wire [7:0] fixed = 8'd42;

        always @(posedge clock) begin
          if (reset) begin
            count <= 8'd7;
          end else if (a < 8'd16) begin
            count <= count + 8'd1;
          end
        end

        always @(posedge clock) begin
          if (enable) begin
            free[7:4] <= a[3:0];
          end
        end

        always @(negedge tick or negedge clear_n) begin
          if (!clear_n) begin
            slow <= 8'd0;
          end else if (enable) begin
            slow <= a;
          end
        end

        assign counted = count;
        assign kept = free;
        assign slowly = slow;
        assign constant = fixed;
      endmodule
      """)
  }

  @Test func memories() throws {
    let design = small { m in
      let (address, wide) = (m.input("address", 2), m.input("wide", 3))
      let (data, write) = (m.input("data", 4), m.input("write", 1))
      let memory = m.memory("memory", width: 4, depth: 3, contents: [1, -2], style: .distributed)
      m.output("now", m.read(memory, named: "now_word", at: address, isSynchronous: false))
      m.output("later", m.read(memory, named: "later_word", at: wide, enable: write))
      m.write(memory, at: wide, data, when: write)
      let squares = m.memory("squares", width: 8, depth: 64, contents: Array(0..<40), style: .block)
      m.output("entry", m.read(squares, named: "entry_word", at: m.builder.concatenate([address, data])))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input clock,
        input [1:0] address,
        input [2:0] wide,
        input [3:0] data,
        input write,
        output [3:0] now,
        output [3:0] later,
        output [7:0] entry
      );
        wire [3:0] now_word;
        reg [3:0] later_word = 4'd0;
        reg [7:0] entry_word = 8'd0;

        (* ram_style = "distributed" *)
        reg [3:0] memory [0:2];
        initial begin
          memory[0] = 4'd1;
          memory[1] = 4'd14;
          memory[2] = 4'd0;
        end

        assign now_word = address < 2'd3 ? memory[address] : 4'd0;

        always @(posedge clock) begin
          if (write) begin
            if (wide < 3'd3) begin
              later_word <= memory[wide[1:0]];
            end else begin
              later_word <= 4'd0;
            end
          end
        end

        (* rom_style = "block" *)
        reg [7:0] squares [0:63];
        initial $readmemh("Small_squares.hex", squares);

        always @(posedge clock) begin
          entry_word <= squares[{address, data}];
        end

        assign now = now_word;
        assign later = later_word;

        always @(posedge clock) begin
          if (write) begin
            if (wide < 3'd3) begin
              memory[wide[1:0]] <= data;
            end
          end
        end

        assign entry = entry_word;
      endmodule
      """)
    #expect(design.verilog().images.map(\.name) == ["Small_squares.hex"])
    let words = (0..<64).map { BitVector(truncating: $0 < 40 ? $0 : 0, width: 8).hexadecimal + "\n" }
    #expect(design.verilog().images.first?.contents == words.joined())
    let text = design.verilog(.init(imageDirectory: "/images")).modules[0].contents
    #expect(text.contains("$readmemh(\"/images/Small_squares.hex\", squares);"))
  }

  @Test func instances() throws {
    let child = small { m in
      let (a, b) = (m.input("a", 8), m.input("b", 8))
      let sum = m.register("sum", 8, reset: 0)
      m.clock([sum], [m.assign(sum, m.builder.add(a, b))])
      m.output("total", m.read(sum))
      m.output("carry", m.builder.slice(a, low: 7, width: 1))
    }
    var module = SmallNetlist(name: "Parent")
    module.use(.main, reset: true)
    let (x, y) = (module.input("x", 8), module.input("y", 16))
    let place = SourcePlace(file: "Small.swift", line: 3)
    let adder = module.builder.add(Netlist.Instance(name: "adder", module: 0, place: place))
    let a = module.signal("adder_a", 8, .instanceInput(adder, port: "a"))
    let b = module.signal("adder_b", 8, .instanceInput(adder, port: "b"))
    let total = module.signal("adder_total", 8, .instanceOutput(adder, port: "total"))
    module.drive([a], [module.assign(a, module.builder.slice(y, low: 0, width: 8))])
    module.drive(
      [b],
      [
        module.assign(b, x),
        module.when(module.builder.slice(y, low: 15, width: 1), [module.assign(b, module.number(1, 8))]),
      ])
    module.output("result", module.read(total))
    let design = Design(modules: [child.top, module.builder.netlist])
    try expectVerilog(
      design, options: .init(includesPlaces: true),
      """
      module Parent (
        input clock,
        input reset,
        input [7:0] x,  // Small.swift:7
        input [15:0] y,  // Small.swift:7
        output [7:0] result  // Small.swift:7
      );
        reg [7:0] adder_b;  // Small.swift:7
        wire [7:0] adder_total;  // Small.swift:7

        always @* begin
          adder_b = x;  // Small.swift:7
          if (y[15]) begin
            adder_b = 8'd1;  // Small.swift:7
          end
        end

        assign result = adder_total;  // Small.swift:7

        wire unused_adder_carry;
        Small adder (  // Small.swift:3
          .clock(clock),
          .reset(reset),
          .a(y[7:0]),
          .b(adder_b),
          .total(adder_total),
          .carry(unused_adder_carry)
        );

        wire unused = &{1'b0, y[14:8]};
      endmodule
      """)
    #expect(design.verilog().fileList == "Small.v\nParent.v\n")
  }

  @Test func partsThatFeedEachOther() throws {
    let design = small { m in
      let (a, go) = (m.input("a", 4), m.input("go", 1))
      let chain = m.signal("chain", 4, .wire, format: .vector(count: 4, .bit))
      let value = m.read(chain)
      m.drive([chain], [m.assign(chain, low: 0, go)])
      for index in 1..<4 {
        let before = m.builder.slice(value, low: index - 1, width: 1)
        let here = m.builder.slice(a, low: index, width: 1)
        m.drive([chain], [m.assign(chain, low: index, m.builder.bitwise(.and, before, here))])
      }
      m.output("reached", value)
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [3:0] a,
        input go,
        output [3:0] reached
      );
        wire [3:0] chain;
        wire chain_0;
        wire chain_1;
        wire chain_2;
        wire chain_3;

        assign chain_0 = go;
        assign chain_1 = chain_0 & a[1];
        assign chain_2 = chain_1 & a[2];
        assign chain_3 = chain_2 & a[3];
        assign reached = chain;
        assign chain = {chain_3, chain_2, chain_1, chain_0};

        wire unused = &{1'b0, a[0]};
      endmodule
      """)
  }

  @Test func longExpressions() throws {
    let design = small { m in
      let terms = (0..<6).map { m.input("operand_number_\($0)", 16) }
      let sum = terms.dropFirst().reduce(terms[0]) { m.builder.add($0, $1) }
      m.output("sum", sum)
      m.output("joined", m.builder.concatenate(terms.reversed() + [m.builder.slice(sum, low: 0, width: 1)]))
    }
    try expectVerilog(
      design,
      """
      module Small (
        input [15:0] operand_number_0,
        input [15:0] operand_number_1,
        input [15:0] operand_number_2,
        input [15:0] operand_number_3,
        input [15:0] operand_number_4,
        input [15:0] operand_number_5,
        output [15:0] sum,
        output [96:0] joined
      );
        wire [15:0] sum_operand_number_0_operand_number_1_b4f2 =
            operand_number_0 + operand_number_1 + operand_number_2 + operand_number_3;
        wire [15:0] sum_operand_number_0_operand_number_1_1ac8 =
            sum_operand_number_0_operand_number_1_b4f2 + operand_number_4 + operand_number_5;
        assign sum = sum_operand_number_0_operand_number_1_1ac8;
        assign joined = {operand_number_5, operand_number_4, operand_number_3, operand_number_2,
            operand_number_1, operand_number_0, sum_operand_number_0_operand_number_1_1ac8[0]};
      endmodule
      """)
  }

  @Test func emptyModule() throws {
    try expectVerilog(
      small { _ in },
      """
      module Small ();
      endmodule
      """)
  }
}
