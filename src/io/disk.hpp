// Forces files to the disk, so that a power failure loses little of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

namespace onepass::io {

/// Waits until everything written so far to the regular files that this process has open for writing is on the disk.
/// An error is ignored: the file's own writes report it.
void sync_open_files();

/// Renames a complete file, so that after a power failure `path` is the old or the new file, whole.
/// @return the error of the renaming; the part file then stays.
std::error_code rename_durably(const std::filesystem::path& part, const std::filesystem::path& path);

/// A thread that calls sync_open_files() again and again while the object exists. The threads that write do not wait
/// for the disk.
class DiskSync {
 public:
  explicit DiskSync(std::chrono::milliseconds interval);
  ~DiskSync();
  DiskSync(const DiskSync&) = delete;
  DiskSync& operator=(const DiskSync&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace onepass::io
