/* Runs an accelerator without an operating system. */
#ifndef ACCELERATOR_H
#define ACCELERATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a call ended. */
enum accelerator_result {
  ACCELERATOR_OK = 0,
  ACCELERATOR_MISSING = -1,   /* there is no accelerator at the address, or another one */
  ACCELERATOR_MISPLACED = -2, /* an address is out of reach, or the image is not at a multiple of 4,096 */
  ACCELERATOR_SILENT = -3,    /* the accelerator does not answer */
  ACCELERATOR_FULL = -4,      /* as many frames are under way as there may be */
  ACCELERATOR_STOPPED = -5    /* an error has stopped it: accelerator_error says which */
};

struct accelerator {
  volatile uint32_t *registers;
  uint64_t parameters;
  uint32_t started; /* frames since it was opened */
};

/* Opens the accelerator whose registers are at `registers`. `parameters` is the address of the image of weights and
   biases, if it has one. Memory that the accelerator reads has to be written back from caches before a frame starts,
   and what it writes to be invalidated before it is read. */
int accelerator_open(struct accelerator *accelerator, volatile uint32_t *registers, uint64_t parameters);

/* Begins anew: frames that were started are forgotten, and so is an error. */
int accelerator_restart(struct accelerator *accelerator);

/* Starts a frame whose inputs lie at the addresses in `inputs` and whose outputs go to those in `outputs`. */
int accelerator_start(struct accelerator *accelerator, const uint64_t *inputs, const uint64_t *outputs);

/* Whether the frame of that number, from zero, is done: 1 or 0, or an error. */
int accelerator_is_done(const struct accelerator *accelerator, uint32_t frame);

/* Waits for a frame, by looking again and again. */
int accelerator_wait(const struct accelerator *accelerator, uint32_t frame);

/* Forgets the interrupts that are pending: what an interrupt's handler does. */
void accelerator_acknowledge(const struct accelerator *accelerator);

/* What stopped the accelerator, and at which tensor: the inputs, then the outputs, then the parameters. */
uint32_t accelerator_error(const struct accelerator *accelerator, uint32_t *source);

/* The cycles from the end of the frame before the last to that of the last. */
uint32_t accelerator_cycles_per_frame(const struct accelerator *accelerator);

/* Stops the accelerator. */
int accelerator_close(struct accelerator *accelerator);

#ifdef __cplusplus
}
#endif

#endif
