// Preloaded into a process, it moves the wall clock of that process by as many seconds as the file "clock" in the working
// directory says, at once when the file changes. What runs on the monotonic clock is left alone, as when somebody sets the
// time. (libfaketime can't be used: jemalloc, Valkey's allocator, asks for the time before libfaketime is ready to tell it.)
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *seconds_ahead;

__attribute__((constructor)) static void open_file(void) {
  int file = open("clock", O_RDWR | O_CREAT, 0600);
  if (file < 0) return;
  if (ftruncate(file, sizeof *seconds_ahead) == 0) {
    void *shared = mmap(NULL, sizeof *seconds_ahead, PROT_READ, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) seconds_ahead = shared;
  }
  close(file);
}

static int64_t ahead(void) { return seconds_ahead ? *seconds_ahead : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = syscall(SYS_gettimeofday, now, zone);
  if (result == 0) now->tv_sec += ahead();
  return result;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
