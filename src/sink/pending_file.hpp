// A file that appears under its final name only when it is complete.
#pragma once

#include <filesystem>

#include "onepass/track_sink.hpp"

namespace onepass {

/// What to do where the path is a device or a named pipe, such as /dev/null: write to it as it is, or refuse.
enum class SpecialFiles { allow, refuse };

/// Names a part file beside the final path, to be written by somebody else, and renames it in the end.
///
/// Missing parent folders are an error, for they are more often a typing mistake than a wish. A part file that a crash
/// has left behind is overwritten. Nothing is synchronised to disk.
class PendingFile {
 public:
  /// Creates the part file, empty, so that a path that cannot be written fails before any work is done.
  /// With Overwrite::append the part file is the final one, with all that is in it.
  /// @throws std::runtime_error naming the path: it exists (without Overwrite::replace), is a folder, its folder is
  ///         missing, or it cannot be written.
  PendingFile(std::filesystem::path path, std::filesystem::path part, Overwrite overwrite, SpecialFiles special_files);

  const std::filesystem::path& path() const { return path_; }

  /// Where to write; the final path itself if that is a device.
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

}  // namespace onepass
