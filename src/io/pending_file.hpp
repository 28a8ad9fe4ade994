// Provides files that appear under their final name only when they are complete.
#pragma once

#include <filesystem>

#include "onepass/overwrite.hpp"

namespace onepass::io {

/// What to do if the path is a device or a named pipe, such as /dev/null: write to it directly, or refuse.
enum class SpecialFiles { allow, refuse };

/// Whether an output has no name that a file could be put beside: "-" (standard output), a device, a named pipe or a
/// socket. A path that does not exist is a file's.
bool is_written_directly(const std::filesystem::path& path);

/// Names a part file next to the final path, which the caller writes, and renames it at the end.
///
/// A missing parent folder is an error, because it is usually a typing mistake. A part file that a crash has left
/// behind is overwritten. After a power failure the final path is the old or the new file, whole.
class PendingFile {
 public:
  /// Creates an empty part file, so that a path that cannot be written fails before any work is done.
  /// With Overwrite::append the part file is the final file and keeps its content.
  /// @throws SettingError "overwrite" naming the path if it exists (with Overwrite::refuse).
  /// @throws std::runtime_error naming the path if it is a folder, is in a missing folder, or cannot be written.
  PendingFile(std::filesystem::path path, std::filesystem::path part, Overwrite overwrite, SpecialFiles special_files);

  const std::filesystem::path& path() const { return path_; }

  /// Path to write to; the final path itself for a device or with Overwrite::append.
  const std::filesystem::path& part() const { return part_; }

  /// Gives the file its final name.
  /// @throws std::runtime_error naming the path; the part file stays.
  void commit() const;

  /// Removes the part file.
  void discard() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  Overwrite overwrite_;
};

}  // namespace onepass::io
