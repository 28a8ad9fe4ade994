// Keeps two processes from working on one unit at the same time.
#pragma once

#include <filesystem>

namespace onepass::batch {

/// A lock file, locked with flock(): the lock ends with its process, however that ends. The file itself stays until
/// finish(), and so tells the next process that the unit was begun and not finished. Works between machines on file
/// systems whose locks do, such as NFS.
class UnitLock {
 public:
  /// @throws TemporaryError naming the file and its owner if another process holds the lock.
  /// @throws std::runtime_error or TemporaryError naming the file if it cannot be written.
  explicit UnitLock(std::filesystem::path path);
  ~UnitLock();
  UnitLock(const UnitLock&) = delete;
  UnitLock& operator=(const UnitLock&) = delete;

  /// Whether another process had begun the unit, and not finished it.
  bool was_begun() const { return was_begun_; }

  /// Removes the file: the unit is finished, or nothing was done.
  void finish();

 private:
  bool take();

  std::filesystem::path path_;
  int descriptor_ = -1;
  bool was_begun_ = false;
};

}  // namespace onepass::batch
