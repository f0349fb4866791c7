// The fixed part of a compiled model: a C interface over the class `Model` that Verilator makes.
//
// `WeftModel.h` is generated beside each model. It names the ports, the main clock and the choices of the build:
//   WEFT_PORTS(PORT)      PORT("name", member) for every port
//   WEFT_CLOCK            the member that holds the main clock; absent in a design without one
//   WEFT_PREVIOUS_CLOCK   the member of the model's root that holds the clock's level at the last evaluation; only where
//                         nothing happens when the clock falls
//   WEFT_SETTLES_FIRST    1 where logic has to settle before a clock edge, since resets act at once
//   WEFT_INTERNALS        1 where internal signals are kept
//   WEFT_TRACE            0: no waves, 1: VCD, 2: FST
#include "WeftModel.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>

#include "Model.h"
#include "verilated.h"

#ifdef WEFT_PREVIOUS_CLOCK
#include "Model___024root.h"
#endif
#if WEFT_INTERNALS
#include "verilated_syms.h"
#endif
#if WEFT_TRACE == 1
#include "verilated_vcd_c.h"
using Trace = VerilatedVcdC;
#elif WEFT_TRACE == 2
#include "verilated_fst_c.h"
using Trace = VerilatedFstC;
#endif

#define WEFT_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

struct Instance {
  VerilatedContext context;
  Model model{&context, "TOP"};
#if WEFT_TRACE
  std::unique_ptr<Trace> trace;
#endif
};

}  // namespace

WEFT_EXPORT Instance *weft_create() {
  auto instance = std::make_unique<Instance>();
#if WEFT_TRACE
  instance->context.traceEverOn(true);
#endif
  return instance.release();
}

WEFT_EXPORT void weft_destroy(Instance *instance) {
#if WEFT_TRACE
  if (instance->trace) instance->trace->close();
#endif
  instance->model.final();
  delete instance;
}

WEFT_EXPORT void weft_evaluate(Instance *instance) { instance->model.eval(); }

WEFT_EXPORT void weft_step(Instance *instance, int64_t cycles) {
  Model &model = instance->model;
  for (; cycles > 0; --cycles) {
    if (WEFT_SETTLES_FIRST) model.eval();
#ifdef WEFT_CLOCK
    model.WEFT_CLOCK = 1;
    model.eval();
    model.WEFT_CLOCK = 0;
#ifdef WEFT_PREVIOUS_CLOCK
    // All has settled, and the fall changes nothing but what the model remembers of the clock.
    model.rootp->WEFT_PREVIOUS_CLOCK = 0;
    continue;
#endif
#endif
    model.eval();
  }
}

/// The address of a port and its size in bytes, or null.
WEFT_EXPORT void *weft_port(Instance *instance, const char *name, size_t *byteCount) {
  Model &model = instance->model;
#define WEFT_PORT(portName, member)         \
  if (std::strcmp(name, portName) == 0) {   \
    *byteCount = sizeof(model.member);      \
    return &model.member;                   \
  }
  WEFT_PORTS(WEFT_PORT)
#undef WEFT_PORT
  return nullptr;
}

/// The address of a signal or memory by the names of its scope and its own, or null.
WEFT_EXPORT void *weft_signal(Instance *instance, const char *scopeName, const char *name) {
#if WEFT_INTERNALS
  if (const VerilatedScope *scope = instance->context.scopeFind(scopeName)) {
    if (const VerilatedVar *variable = scope->varFind(name)) return variable->datap();
  }
#else
  (void)instance, (void)scopeName, (void)name;
#endif
  return nullptr;
}

/// Opens a wave file. Returns whether that worked.
WEFT_EXPORT bool weft_trace_open(Instance *instance, const char *path) {
#if WEFT_TRACE
  instance->trace = std::make_unique<Trace>();
  instance->model.trace(instance->trace.get(), 99);
  instance->trace->open(path);
  if (!instance->trace->isOpen()) instance->trace.reset();
  return instance->trace != nullptr;
#else
  (void)instance, (void)path;
  return false;
#endif
}

/// Writes the values of a moment, in picoseconds, to the open wave file.
WEFT_EXPORT void weft_record(Instance *instance, uint64_t time) {
#if WEFT_TRACE
  instance->context.time(time);
  if (instance->trace) instance->trace->dump(time);
#else
  (void)instance, (void)time;
#endif
}

/// Closes the wave file.
WEFT_EXPORT void weft_trace_close(Instance *instance) {
#if WEFT_TRACE
  if (!instance->trace) return;
  instance->trace->close();
  instance->trace.reset();
#else
  (void)instance;
#endif
}
