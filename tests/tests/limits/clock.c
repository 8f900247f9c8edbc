/* A wall clock that is set from outside, for one process: loaded before the C library, it adds the number of
   seconds in the file CLOCK_OFFSET_FILE (a machine's `long`) to what `gettimeofday` tells. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long *offset;

static void find_offset(void) {
    const char *name = getenv("CLOCK_OFFSET_FILE");
    int file = name ? open(name, O_RDONLY) : -1;
    if (file < 0) _exit(127);
    void *mapped = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) _exit(127);
    offset = mapped;
    close(file);
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (!offset) find_offset();
    /* The call itself: the library's function may come back here. */
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec + *offset;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}
