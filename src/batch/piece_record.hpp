// The tracks of one piece in a file, exactly as the tracker gave them, so that pieces can be joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/unit.hpp"
#include "onepass/track_sink.hpp"

namespace onepass::batch {

/// What the record of a piece says of its source.
struct RecordHeader {
  SourceInfo source;  ///< name, frame rate, size, frame count and stride of the whole source
  std::vector<std::string> class_names;
  Piece piece;
  double end_after_s = 3;  ///< as in EventOptions
  std::string space{};     ///< of the embeddings in memory_of() the record; "" if the tracker had no memory
};

/// Returns where the memory of the tracker lies: beside the record.
std::filesystem::path memory_of(std::filesystem::path record);

/// One frame of a record; `frame.image` is empty.
struct RecordedFrame {
  Frame frame;
  std::vector<Track> tracks;
};

/// Writes JSON Lines: the header, one line per frame, and a last line that counts them.
std::unique_ptr<TrackSink> make_record_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const RecordHeader& header);

class RecordReader {
 public:
  /// @throws std::runtime_error naming the file if it is no record.
  explicit RecordReader(const std::filesystem::path& path);

  const RecordHeader& header() const { return header_; }
  const std::filesystem::path& path() const { return path_; }

  /// Returns the next frame; nullopt at the end.
  /// @throws std::runtime_error naming file and line if it is damaged, or ends early.
  std::optional<RecordedFrame> next();

 private:
  std::string line();

  std::filesystem::path path_;
  std::ifstream file_;
  RecordHeader header_;
  std::int64_t line_number_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t last_index_ = -1;
  bool ended_ = false;
};

}  // namespace onepass::batch
