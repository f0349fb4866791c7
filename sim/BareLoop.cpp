// A bare C++ loop over a model: what simulation from Swift is measured against. Each cycle writes three ports and reads
// one, as the Swift side does. It prints nanoseconds a cycle and the sum of what it read.
//
// It is compiled together with what `verilator --cc --prefix Model` writes for an array with the ports `enable`,
// `activations`, `weights` and `sums`; the number of cycles is its argument.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Model.h"
#include "verilated.h"

/// Gives the low 64 bits of a port of any width a value and clears the rest.
template <typename Port>
static void write(Port &port, uint64_t value) {
  if constexpr (sizeof(Port) <= sizeof value) {
    port = static_cast<Port>(value);
  } else {
    std::memset(&port, 0, sizeof port);
    std::memcpy(&port, &value, sizeof value);
  }
}

/// The second 32-bit word of a wide port.
template <typename Port>
static uint32_t secondWord(const Port &port) {
  uint32_t value = 0;
  std::memcpy(&value, reinterpret_cast<const char *>(&port) + sizeof value, sizeof value);
  return value;
}

int main(int count, char **arguments) {
  const int64_t cycles = count > 1 ? std::atoll(arguments[1]) : 1000000;
  VerilatedContext context;
  Model model{&context, "TOP"};
  uint64_t sum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int64_t cycle = 0; cycle < cycles; ++cycle) {
    write(model.enable, 1);
    write(model.activations, cycle * 77777);
    write(model.weights, cycle * 33333);
    model.clock = 1;
    model.eval();
    model.clock = 0;
    model.eval();
    sum += secondWord(model.sums);
  }
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
  std::printf("%.1f %llu\n", time.count() / cycles, static_cast<unsigned long long>(sum));
  model.final();
}
