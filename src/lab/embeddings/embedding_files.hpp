// Writes embeddings and their detections row by row: embeddings.npy and detections.csv in a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "onepass/types.hpp"

namespace onepass::lab {

/// Amount of data written to the files.
struct FilePosition {
  std::int64_t rows = 0;
  std::int64_t dimensions = 0;  ///< 0 before the first row
  std::int64_t csv_bytes = 0;
};

/// One row of detections.csv.
struct DetectionRow {
  std::string source;
  std::int64_t frame = 0;  ///< from 1
  Box box;                 ///< frame pixels
  float score = 0;
  int class_id = 0;
  std::string class_name;
  std::int64_t track = 0;  ///< 0: none
};

/// Both file names end in ".part" until finish().
class EmbeddingFiles {
 public:
  /// Starts new files. @throws std::runtime_error if the folder cannot be written.
  explicit EmbeddingFiles(const std::filesystem::path& folder);

  /// Resumes at an earlier position; data written after it is dropped.
  /// @throws std::runtime_error if the part files are missing or shorter.
  EmbeddingFiles(const std::filesystem::path& folder, const FilePosition& position);

  /// @throws std::runtime_error if the embedding's length differs from that of earlier rows.
  void append(const DetectionRow& row, const Embedding& embedding);

  /// Hands all data to the operating system and returns the position.
  FilePosition flush();

  /// Completes the files and renames them to their final names.
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
