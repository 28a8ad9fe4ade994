// Provides a file that is replaced as a whole again and again, so that a crash loses little of a result that can only
// be written completely.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

namespace onepass::sink {

class SnapshotFile {
 public:
  /// Touches no file. @param interval of the computer's clock, between two snapshots
  explicit SnapshotFile(std::filesystem::path path, std::chrono::milliseconds interval = std::chrono::seconds(2));

  /// Whether nothing was saved yet, or the interval has passed since.
  bool is_due() const;

  /// Replaces the file, which is the old or the new one, whole, even after a power failure.
  /// @throws std::runtime_error naming the path.
  void save(std::string_view content);

  /// Removes the file, if there is one.
  void discard() const;

 private:
  std::filesystem::path path_;
  std::chrono::milliseconds interval_;
  std::optional<std::chrono::steady_clock::time_point> saved_;
};

}  // namespace onepass::sink
