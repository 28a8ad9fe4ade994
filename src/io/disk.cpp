#include "io/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace onepass::io {
namespace {

namespace fs = std::filesystem;

bool is_written_file(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink == 0) return false;
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/// The numbers of all open descriptors.
std::vector<int> open_descriptors() {
  std::vector<int> descriptors;
  std::error_code error;
  for (fs::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end; entry.increment(error))
    descriptors.push_back(std::stoi(entry->path().filename()));
  return descriptors;
}

/// Waits until the content of a file or folder is on the disk.
void sync_path(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

void sync_open_files() {
  // Another thread may close a descriptor in between: then this fails, or synchronizes another file, which is harmless.
  for (const int descriptor : open_descriptors()) {
    if (is_written_file(descriptor)) ::fdatasync(descriptor);
  }
}

std::error_code rename_durably(const fs::path& part, const fs::path& path) {
  sync_path(part, 0);
  std::error_code error;
  fs::rename(part, path, error);
  if (!error) sync_path(path.parent_path().empty() ? fs::path(".") : path.parent_path(), O_DIRECTORY);
  return error;
}

DiskSync::DiskSync(std::chrono::milliseconds interval)
    : thread_([this, interval] {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, interval, [this] { return stopping_; })) {
          lock.unlock();
          sync_open_files();
          lock.lock();
        }
      }) {}

DiskSync::~DiskSync() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

}  // namespace onepass::io
