#include "accelerator.h"

#include "accelerator_configuration.h"
#include "accelerator_registers.h"

#define PATIENCE 100000000u

static int is_quiet(const struct accelerator *accelerator)
{
  const uint32_t status = accelerator_status_read(accelerator->registers);
  return accelerator_status_idle_get(status) && !accelerator_status_running_get(status);
}

static int reach(uint64_t address)
{
  return ACCELERATOR_ADDRESS_BITS >= 64 || address >> ACCELERATOR_ADDRESS_BITS == 0;
}

static int stop(struct accelerator *accelerator)
{
  uint32_t patience = PATIENCE;
  accelerator_control_write(accelerator->registers, 0);
  while (!is_quiet(accelerator)) {
    if (patience-- == 0) return ACCELERATOR_SILENT;
  }
  return ACCELERATOR_OK;
}

int accelerator_open(struct accelerator *accelerator, volatile uint32_t *registers, uint64_t parameters)
{
  accelerator->registers = registers;
  accelerator->parameters = parameters;
  if (accelerator_identity_read(registers) != ACCELERATOR_MAGIC) return ACCELERATOR_MISSING;
  if (accelerator_version_revision_get(accelerator_version_read(registers)) != ACCELERATOR_REVISION)
    return ACCELERATOR_MISSING;
  if (accelerator_configuration_read(registers) != ACCELERATOR_HASH) return ACCELERATOR_MISSING;
  return accelerator_restart(accelerator);
}

int accelerator_restart(struct accelerator *accelerator)
{
  volatile uint32_t *registers = accelerator->registers;
  uint32_t patience = PATIENCE;
  const int result = stop(accelerator);
  if (result != ACCELERATOR_OK) return result;
#if ACCELERATOR_PARAMETER_BYTES > 0
  if (!reach(accelerator->parameters) || accelerator->parameters % 4096 != 0) return ACCELERATOR_MISPLACED;
  accelerator_parameters_address_write(registers, (uint32_t)accelerator->parameters);
#if ACCELERATOR_ADDRESS_BITS > 32
  accelerator_parameters_address_high_write(registers, (uint32_t)(accelerator->parameters >> 32));
#endif
#endif
  accelerator_acknowledge(accelerator);
  accelerator_interrupt_enable_write(
    registers, accelerator_interrupt_enable_failure_set(accelerator_interrupt_enable_frame_done_set(0, 1), 1));
  accelerator_control_write(registers, accelerator_control_enable_set(0, 1));
  while (!accelerator_status_running_get(accelerator_status_read(registers))) {
    if (patience-- == 0) return ACCELERATOR_SILENT;
  }
  accelerator->started = 0;
  return ACCELERATOR_OK;
}

int accelerator_start(struct accelerator *accelerator, const uint64_t *inputs, const uint64_t *outputs)
{
  volatile uint32_t *registers = accelerator->registers;
  const uint32_t status = accelerator_status_read(registers);
  uint32_t index;
  if (accelerator_status_failed_get(status)) return ACCELERATOR_STOPPED;
  if (accelerator_status_room_get(status) == 0) return ACCELERATOR_FULL;
  for (index = 0; index < ACCELERATOR_INPUTS; index++) {
    if (!reach(inputs[index])) return ACCELERATOR_MISPLACED;
    accelerator_input_address_write(registers, index, (uint32_t)inputs[index]);
#if ACCELERATOR_ADDRESS_BITS > 32
    accelerator_input_address_high_write(registers, index, (uint32_t)(inputs[index] >> 32));
#endif
  }
  for (index = 0; index < ACCELERATOR_OUTPUTS; index++) {
    if (!reach(outputs[index])) return ACCELERATOR_MISPLACED;
    accelerator_output_address_write(registers, index, (uint32_t)outputs[index]);
#if ACCELERATOR_ADDRESS_BITS > 32
    accelerator_output_address_high_write(registers, index, (uint32_t)(outputs[index] >> 32));
#endif
  }
  accelerator_control_write(registers, accelerator_control_start_set(accelerator_control_enable_set(0, 1), 1));
  accelerator->started++;
  return ACCELERATOR_OK;
}

int accelerator_is_done(const struct accelerator *accelerator, uint32_t frame)
{
  const uint32_t done = accelerator_frame_count_read(accelerator->registers);
  if (((done - frame - 1u) & 0x80000000u) == 0) return 1;
  if (accelerator_status_failed_get(accelerator_status_read(accelerator->registers))) return ACCELERATOR_STOPPED;
  return 0;
}

int accelerator_wait(const struct accelerator *accelerator, uint32_t frame)
{
  uint32_t patience = PATIENCE;
  int result = accelerator_is_done(accelerator, frame);
  while (result == 0) {
    if (patience-- == 0) return ACCELERATOR_SILENT;
    result = accelerator_is_done(accelerator, frame);
  }
  return result == 1 ? ACCELERATOR_OK : result;
}

void accelerator_acknowledge(const struct accelerator *accelerator)
{
  accelerator_interrupt_pending_write(accelerator->registers, 0xffffffffu);
}

uint32_t accelerator_error(const struct accelerator *accelerator, uint32_t *source)
{
  const uint32_t error = accelerator_error_read(accelerator->registers);
  if (source != NULL) *source = accelerator_error_source_get(error);
  return accelerator_error_outcome_get(error);
}

uint32_t accelerator_cycles_per_frame(const struct accelerator *accelerator)
{
  return accelerator_frame_time_read(accelerator->registers);
}

int accelerator_close(struct accelerator *accelerator) { return stop(accelerator); }
