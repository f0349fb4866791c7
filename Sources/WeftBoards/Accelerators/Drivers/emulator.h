/* Runs a driver against a simulation: compile all of it with `-include emulator.h`, and link emulator.c. */
#ifndef EMULATOR_H
#define EMULATOR_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <stddef.h>
#include <stdint.h>

#define ACCELERATOR_READ_WORD(base, offset) ((void)(base), emulator_read(offset))
#define ACCELERATOR_WRITE_WORD(base, offset, word) ((void)(base), emulator_write(offset, word))

/* Starts the simulation: `weft emulate` and its arguments, the last one NULL. Returns 0, or -1 where it does not start. */
int emulator_open(char *const command[]);

/* The word of a register. */
uint32_t emulator_read(uint32_t offset);

/* Changes a register. */
void emulator_write(uint32_t offset, uint32_t word);

/* Room for so many bytes in the simulation's memory, at a multiple of 4,096. */
uint64_t emulator_allocate(size_t bytes);

/* Copies bytes to the simulation's memory, and from there. */
void emulator_store(uint64_t address, const void *bytes, size_t count);
void emulator_load(uint64_t address, void *bytes, size_t count);

/* Ends the simulation. */
void emulator_close(void);

#endif
