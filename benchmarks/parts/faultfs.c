/* Lets calls to the file system fail, one after the other: loaded before the C library (LD_PRELOAD), it stands where the
 * kernel would answer, below Python and below SQLite. Only files below the folder FAULT_ROOT are concerned.
 *
 * fault_arm(at, error, classes, stays): the at-th call of these classes fails with errno = error, and with `stays` all
 * that follow. fault_hit(): the name of the one that failed. fault_tell(function): is told the name of each such call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
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
#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

#define OPEN(name)                                                                      \
  int name(const char *path, int flags, ...) {                                          \
    va_list rest;                                                                       \
    va_start(rest, flags);                                                              \
    mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0;                         \
    va_end(rest);                                                                       \
    int mine = concerned(path);                                                         \
    if (mine && fails("open", (flags & O_CREAT) ? ROOM | DEVICE : DEVICE)) return -1;   \
    int fd = REAL(int, #name, const char *, int, ...)(path, flags, mode);               \
    return mine ? keep(fd) : fd;                                                        \
  }
OPEN(open)
OPEN(open64)
int close(int fd) {
  if (fd >= 0 && fd < (int)sizeof ours_) ours_[fd] = 0;
  return REAL(int, "close", int)(fd);
}
ssize_t write(int fd, const void *data, size_t size) {
  if (known(fd) && fails("write", ROOM | DEVICE)) return -1;
  return REAL(ssize_t, "write", int, const void *, size_t)(fd, data, size);
}
#define PWRITE(name)                                                                    \
  ssize_t name(int fd, const void *data, size_t size, off_t offset) {                   \
    if (known(fd) && fails("pwrite", ROOM | DEVICE)) return -1;                         \
    return REAL(ssize_t, #name, int, const void *, size_t, off_t)(fd, data, size, offset); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)
int fsync(int fd) { return known(fd) && fails("fsync", DEVICE) ? -1 : REAL(int, "fsync", int)(fd); }
int fdatasync(int fd) { return known(fd) && fails("fdatasync", DEVICE) ? -1 : REAL(int, "fdatasync", int)(fd); }
int ftruncate(int fd, off_t size) {
  return known(fd) && fails("ftruncate", ROOM | DEVICE) ? -1 : REAL(int, "ftruncate", int, off_t)(fd, size);
}
int ftruncate64(int fd, off_t size) {
  return known(fd) && fails("ftruncate", ROOM | DEVICE) ? -1 : REAL(int, "ftruncate64", int, off_t)(fd, size);
}
int rename(const char *from, const char *to) {
  return concerned(to) && fails("rename", ROOM | DEVICE) ? -1
             : REAL(int, "rename", const char *, const char *)(from, to);
}
int link(const char *from, const char *to) {
  return concerned(to) && fails("link", ROOM | DEVICE) ? -1 : REAL(int, "link", const char *, const char *)(from, to);
}
int unlink(const char *path) {
  return concerned(path) && fails("unlink", DEVICE) ? -1 : REAL(int, "unlink", const char *)(path);
}
int mkdir(const char *path, mode_t mode) {
  return concerned(path) && fails("mkdir", ROOM | DEVICE) ? -1 : REAL(int, "mkdir", const char *, mode_t)(path, mode);
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
