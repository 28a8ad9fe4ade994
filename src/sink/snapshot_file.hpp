// Provides a file that is replaced as a whole again and again, so that a crash loses little of a result that can only
// be written completely.
#pragma once

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace onepass::sink {

struct SnapshotTiming {
  std::chrono::milliseconds interval = std::chrono::seconds(2);  ///< of the clock, between two snapshots
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The file is the old or the new one, whole, after a crash of the program. It is not forced to the disk, so that
/// tracking does not wait for it: a power failure may lose it.
class SnapshotFile {
 public:
  /// Removes "<path>.new", which a killed run may have left, and touches no other file.
  explicit SnapshotFile(std::filesystem::path path, SnapshotTiming timing = {});

  /// Whether nothing was saved yet, or enough time has passed since: the interval, and 50 times what the last snapshot
  /// took, so that snapshots never take more than 2 % of the time.
  bool is_due() const;

  /// Replaces the file. A failure keeps the old file and is kept for discard(): the next snapshot may succeed.
  /// @param content makes the content; its time counts as that of the snapshot
  /// @return whether it succeeded
  bool save(const std::function<std::string()>& content);

  /// Replaces the file with its final content.
  /// @throws std::runtime_error naming the path.
  void finish(std::string_view content);

  /// Removes the file, if there is one.
  /// @throws what the last save() failed with, if it failed.
  void discard();

 private:
  void replace(std::string_view content) const;
  void remove_next() const;

  std::filesystem::path path_;
  std::filesystem::path next_;  ///< becomes the file
  SnapshotTiming timing_;
  std::chrono::steady_clock::time_point due_;
  std::exception_ptr failure_;  ///< of the last save()
};

}  // namespace onepass::sink
