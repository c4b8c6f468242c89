/* Lets calls to the file system fail, one after the other, or writes them down: loaded before the C library (LD_PRELOAD),
 * it stands where the kernel would answer, below Python and below SQLite. Only files below the folder FAULT_ROOT are
 * concerned.
 *
 * fault_arm(at, error, classes, stays): the at-th call of these classes fails with errno = error, and with `stays` all
 * that follow. fault_hit(): the name of the one that failed. fault_tell(function): is told the name of each such call.
 *
 * fault_record(path): what changes files, and what waits for the disk, is written to a journal from now on, each once it
 * is done: a line of what, file (its inode), place, size, with paths and bytes after it. fault_mark(text): so is a note.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1, DEVICE = 2, LOCK = 4 };
static long at_, seen_;
static int error_, classes_, stays_;
static const char *hit_ = "";
static char ours_[4096];

void fault_arm(long at, int error, int classes, int stays) {
  at_ = at, error_ = error, classes_ = classes, stays_ = stays, seen_ = 0, hit_ = "";
}
static void (*tell_)(const char *);
void fault_tell(void (*tell)(const char *)) { tell_ = tell; }
const char *fault_hit(void) { return hit_; }

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

static int fails(const char *name, int class) {
  if (!(class & classes_)) return 0;
  long number = __atomic_add_fetch(&seen_, 1, __ATOMIC_SEQ_CST);
  if (tell_) tell_(name);
  if (at_ == 0 || (stays_ ? number < at_ : number != at_)) return 0;
  if (!*hit_) hit_ = name;
  errno = error_;
  return 1;
}
static int concerned(const char *path) {
  static const char *root;
  if (!root) root = getenv("FAULT_ROOT");
  return root && path && strncmp(path, root, strlen(root)) == 0;
}
static int known(int fd) { return fd >= 0 && fd < (int)sizeof ours_ && ours_[fd]; }
static int keep(int fd) {
  if (fd >= 0 && fd < (int)sizeof ours_) ours_[fd] = 1;
  return fd;
}

static int journal_ = -1;
static pthread_mutex_t one_ = PTHREAD_MUTEX_INITIALIZER;

/* Write a record: a line, then `size` bytes. */
static void record(char what, ino_t file, off_t place, const void *bytes, size_t size) {
  if (journal_ < 0) return;
  ssize_t (*put)(int, const void *, size_t) = REAL(ssize_t, "write", int, const void *, size_t);
  char line[96];
  int length = snprintf(line, sizeof line, "%c %lu %ld %zu\n", what, (unsigned long)file, (long)place, size);
  int before = errno;
  pthread_mutex_lock(&one_);
  if (put(journal_, line, length) != length || put(journal_, bytes, size) != (ssize_t)size) abort();
  pthread_mutex_unlock(&one_);
  errno = before;
}
static ino_t inode(int fd) {
  struct stat found;
  return fstat(fd, &found) ? 0 : found.st_ino;
}
static void record_path(char what, ino_t file, const char *path) { record(what, file, 0, path, strlen(path)); }
static void record_two(char what, const char *from, const char *to) {
  char both[8192];
  int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
  record(what, 0, 0, both, length);
}
/* A folder goes by its path, a file by its inode. */
static void record_sync(int fd) {
  struct stat found;
  if (journal_ < 0 || fstat(fd, &found)) return;
  if (!S_ISDIR(found.st_mode)) {
    record('S', found.st_ino, 0, "", 0);
    return;
  }
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  if (length > 0) record('D', 0, 0, path, length);
}
void fault_record(const char *path) {
  journal_ = REAL(int, "open", const char *, int, ...)(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}
void fault_mark(const char *text) { record_path('M', 0, text); }

#define OPEN(name)                                                                      \
  int name(const char *path, int flags, ...) {                                          \
    va_list rest;                                                                       \
    va_start(rest, flags);                                                              \
    mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0;                         \
    va_end(rest);                                                                       \
    int mine = concerned(path);                                                         \
    if (mine && fails("open", (flags & O_CREAT) ? ROOM | DEVICE : DEVICE)) return -1;   \
    int is_new = mine && journal_ >= 0 && (flags & O_CREAT) && access(path, F_OK);      \
    int fd = REAL(int, #name, const char *, int, ...)(path, flags, mode);               \
    if (mine && fd >= 0 && is_new) record_path('C', inode(fd), path);                   \
    else if (mine && fd >= 0 && (flags & O_TRUNC)) record('T', inode(fd), 0, "", 0);    \
    return mine ? keep(fd) : fd;                                                        \
  }
OPEN(open)
OPEN(open64)
int close(int fd) {
  if (fd >= 0 && fd < (int)sizeof ours_) ours_[fd] = 0;
  return REAL(int, "close", int)(fd);
}
static ssize_t written(int fd, const void *data, ssize_t done, off_t place) {
  if (done > 0 && known(fd)) record('W', inode(fd), place, data, done);
  return done;
}
static off_t place_of(int fd) {
  if (journal_ < 0 || !known(fd)) return 0;
  int appends = fcntl(fd, F_GETFL) & O_APPEND;
  return lseek(fd, 0, appends ? SEEK_END : SEEK_CUR);
}
ssize_t write(int fd, const void *data, size_t size) {
  if (known(fd) && fails("write", ROOM | DEVICE)) return -1;
  off_t place = place_of(fd);
  return written(fd, data, REAL(ssize_t, "write", int, const void *, size_t)(fd, data, size), place);
}
#define PWRITE(name)                                                                    \
  ssize_t name(int fd, const void *data, size_t size, off_t offset) {                   \
    if (known(fd) && fails("pwrite", ROOM | DEVICE)) return -1;                         \
    ssize_t done = REAL(ssize_t, #name, int, const void *, size_t, off_t)(fd, data, size, offset); \
    return written(fd, data, done, offset);                                             \
  }
PWRITE(pwrite)
PWRITE(pwrite64)
#define SENDFILE(name)                                                                  \
  ssize_t name(int out, int in, off_t *offset, size_t size) {                           \
    if (known(out) && fails("write", ROOM | DEVICE)) return -1;                         \
    off_t from = offset ? *offset : lseek(in, 0, SEEK_CUR), place = place_of(out);      \
    ssize_t done = REAL(ssize_t, #name, int, int, off_t *, size_t)(out, in, offset, size); \
    if (done > 0 && known(out) && journal_ >= 0) {                                      \
      char *data = malloc(done);                                                        \
      if (!data || pread(in, data, done, from) != done) abort();                        \
      written(out, data, done, place);                                                  \
      free(data);                                                                       \
    }                                                                                   \
    return done;                                                                        \
  }
SENDFILE(sendfile)
SENDFILE(sendfile64)
static int synced(int fd, const char *name) {
  if (known(fd) && fails(name, DEVICE)) return -1;
  int failed = REAL(int, name, int)(fd);
  if (!failed && known(fd)) record_sync(fd);
  return failed;
}
int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }
#define FTRUNCATE(name)                                                                 \
  int name(int fd, off_t size) {                                                        \
    if (known(fd) && fails("ftruncate", ROOM | DEVICE)) return -1;                      \
    int failed = REAL(int, #name, int, off_t)(fd, size);                                \
    if (!failed && known(fd)) record('T', inode(fd), size, "", 0);                      \
    return failed;                                                                      \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)
int rename(const char *from, const char *to) {
  if (concerned(to) && fails("rename", ROOM | DEVICE)) return -1;
  int failed = REAL(int, "rename", const char *, const char *)(from, to);
  if (!failed && concerned(to)) record_two('R', from, to);
  return failed;
}
int link(const char *from, const char *to) {
  if (concerned(to) && fails("link", ROOM | DEVICE)) return -1;
  int failed = REAL(int, "link", const char *, const char *)(from, to);
  if (!failed && concerned(to)) record_two('L', from, to);
  return failed;
}
int unlink(const char *path) {
  if (concerned(path) && fails("unlink", DEVICE)) return -1;
  int failed = REAL(int, "unlink", const char *)(path);
  if (!failed && concerned(path)) record_path('U', 0, path);
  return failed;
}
int rmdir(const char *path) {
  int failed = REAL(int, "rmdir", const char *)(path);
  if (!failed && concerned(path)) record_path('U', 0, path);
  return failed;
}
int mkdir(const char *path, mode_t mode) {
  if (concerned(path) && fails("mkdir", ROOM | DEVICE)) return -1;
  int failed = REAL(int, "mkdir", const char *, mode_t)(path, mode);
  if (!failed && concerned(path)) record_path('F', 0, path);
  return failed;
}
int chmod(const char *path, mode_t mode) {
  return concerned(path) && fails("chmod", DEVICE) ? -1 : REAL(int, "chmod", const char *, mode_t)(path, mode);
}
#define FCNTL(name)                                                                     \
  int name(int fd, int command, ...) {                                                  \
    va_list rest;                                                                       \
    va_start(rest, command);                                                            \
    void *argument = va_arg(rest, void *);                                              \
    va_end(rest);                                                                       \
    int takes = command == F_SETLK && ((struct flock *)argument)->l_type != F_UNLCK;    \
    if (takes && known(fd) && fails("lock", LOCK)) return -1;                           \
    return REAL(int, #name, int, int, ...)(fd, command, argument);                      \
  }
FCNTL(fcntl)
FCNTL(fcntl64)
/* SQLite waits for a lock in its log for ten seconds, whatever it is told: not for one that is never given. */
static int in_vain(void) { return at_ && stays_ && (classes_ & LOCK) && *hit_; }
int usleep(useconds_t microseconds) {
  return in_vain() ? 0 : REAL(int, "usleep", useconds_t)(microseconds);
}
int nanosleep(const struct timespec *wanted, struct timespec *left) {
  return in_vain() ? 0 : REAL(int, "nanosleep", const struct timespec *, struct timespec *)(wanted, left);
}
