// Stands for a disk that fails; load it into a program with LD_PRELOAD.
//
// ONEPASS_DISK: a folder that gets a copy of every file as it was when it was last synchronized, under the number of
// its inode. After a power failure, exactly this is certain to be left. ONEPASS_READ_ONLY: as soon as this file exists,
// every write to a file, and every renaming, fails, as after the system has remounted a faulty disk read-only.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

bool is_regular(int descriptor, struct stat& status) {
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// Copies the file to ONEPASS_DISK. The copy gets its name when it is complete.
void keep(int descriptor) {
  const char* folder = std::getenv("ONEPASS_DISK");
  struct stat status {};
  if (!folder || !is_regular(descriptor, status)) return;
  const auto name = folder + ("/" + std::to_string(status.st_ino));
  const auto part = name + "." + std::to_string(::syscall(SYS_gettid));
  const int source = ::open(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), O_RDONLY | O_CLOEXEC);
  const int target = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::array<char, 65536> bytes{};
  for (ssize_t count = 0; (count = ::read(source, bytes.data(), bytes.size())) > 0;)
    ::syscall(SYS_write, target, bytes.data(), static_cast<std::size_t>(count));
  ::close(source);
  ::close(target);
  std::error_code ignored;
  std::filesystem::rename(part, name, ignored);
}

bool is_read_only() {
  const char* fault = std::getenv("ONEPASS_READ_ONLY");
  return fault && ::access(fault, F_OK) == 0;
}

}  // namespace

// These replace the functions of the C library.
extern "C" int fsync(int descriptor) {
  keep(descriptor);
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

extern "C" int fdatasync(int descriptor) {
  keep(descriptor);
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  if (is_read_only()) {
    errno = EROFS;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_rename, from, to));
}

extern "C" ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  struct stat status {};
  if (is_regular(descriptor, status) && is_read_only()) {
    errno = EROFS;
    return -1;
  }
  return ::syscall(SYS_write, descriptor, bytes, count);
}
