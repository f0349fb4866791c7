#include "emulator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static FILE *questions, *answers;
static uint64_t next_address;

/* Reads the answer; the part behind "ok". */
static const char *answer(void)
{
  static char *line;
  static size_t room;
  fflush(questions);
  if (getline(&line, &room, answers) < 2 || strncmp(line, "ok", 2) != 0) {
    fprintf(stderr, "emulator: %s", line != NULL ? line : "the simulation has ended\n");
    exit(1);
  }
  return line + 2;
}

int emulator_open(char *const command[])
{
  int down[2], up[2];
  if (pipe(down) != 0 || pipe(up) != 0) return -1;
  const pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    dup2(down[0], 0);
    dup2(up[1], 1);
    close(down[0]);
    close(down[1]);
    close(up[0]);
    close(up[1]);
    execvp(command[0], command);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  questions = fdopen(down[1], "w");
  answers = fdopen(up[0], "r");
  if (questions == NULL || answers == NULL) return -1;
  fprintf(questions, "memory\n");
  next_address = strtoull(answer(), NULL, 16);
  return 0;
}

uint32_t emulator_read(uint32_t offset)
{
  fprintf(questions, "read %" PRIx32 "\n", offset);
  return (uint32_t)strtoul(answer(), NULL, 16);
}

void emulator_write(uint32_t offset, uint32_t word)
{
  fprintf(questions, "write %" PRIx32 " %" PRIx32 "\n", offset, word);
  answer();
}

uint64_t emulator_allocate(size_t bytes)
{
  const uint64_t address = next_address;
  next_address += (bytes + 8191) & ~(uint64_t)4095;
  return address;
}

void emulator_store(uint64_t address, const void *bytes, size_t count)
{
  const unsigned char *byte = bytes;
  fprintf(questions, "store %" PRIx64 " ", address);
  for (size_t index = 0; index < count; index++) fprintf(questions, "%02x", byte[index]);
  fputc('\n', questions);
  answer();
}

void emulator_load(uint64_t address, void *bytes, size_t count)
{
  unsigned char *byte = bytes;
  fprintf(questions, "load %" PRIx64 " %zx\n", address, count);
  const char *digits = answer();
  while (*digits == ' ') digits++;
  for (size_t index = 0; index < count; index++) {
    const char pair[3] = {digits[2 * index], digits[2 * index + 1], 0};
    byte[index] = (unsigned char)strtoul(pair, NULL, 16);
  }
}

void emulator_close(void)
{
  fclose(questions);
  fclose(answers);
}
