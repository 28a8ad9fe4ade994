// Embeddings and the detections they belong to, row by row: embeddings.npy and detections.csv in a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "onepass/types.hpp"

namespace onepass::lab {

/// How far the files have come.
struct FilePosition {
  std::int64_t rows = 0;
  std::int64_t dimensions = 0;  ///< 0 before the first row
  std::int64_t csv_bytes = 0;
};

/// What detections.csv says of a row.
struct DetectionRow {
  std::string source;
  std::int64_t frame = 0;  ///< from 1
  Box box;                 ///< pixels of the frame
  float score = 0;
  int class_id = 0;
  std::string class_name;
  std::int64_t track = 0;  ///< 0: none
};

/// Until finish() both files end in ".part".
class EmbeddingFiles {
 public:
  /// Begins anew. @throws std::runtime_error where the folder cannot be written.
  explicit EmbeddingFiles(const std::filesystem::path& folder);

  /// Goes on from an earlier position; what was written behind it is dropped.
  /// @throws std::runtime_error where the part files are missing or shorter.
  EmbeddingFiles(const std::filesystem::path& folder, const FilePosition& position);

  /// @throws std::runtime_error where the length differs from that of the rows before.
  void append(const DetectionRow& row, const Embedding& embedding);

  /// Hands everything to the system, and says how far the files have come.
  FilePosition flush();

  /// Completes the files and gives them their names.
  void finish();

  std::int64_t rows() const { return position_.rows; }

  static std::filesystem::path embeddings(const std::filesystem::path& folder) { return folder / "embeddings.npy"; }
  static std::filesystem::path detections(const std::filesystem::path& folder) { return folder / "detections.csv"; }

 private:
  void require_written() const;

  std::filesystem::path folder_;
  FilePosition position_;
  std::ofstream values_;
  std::ofstream csv_;
};

}  // namespace onepass::lab
