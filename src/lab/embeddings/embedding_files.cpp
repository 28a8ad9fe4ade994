#include "lab/embeddings/embedding_files.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "io/npy.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* columns = "row,source,frame,left,top,width,height,score,class,class_name,track\n";

fs::path part_of(fs::path file) { return file += ".part"; }

/// Returns a field of a CSV file (RFC 4180), quoted if necessary.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + "\"";
}

std::int64_t value_bytes(const FilePosition& position) {
  return static_cast<std::int64_t>(io::npy_header_size) +
         position.rows * position.dimensions * static_cast<std::int64_t>(sizeof(float));
}

void cut(const fs::path& part, std::int64_t bytes) {
  std::error_code error;
  const auto size = fs::file_size(part, error);
  if (error || static_cast<std::int64_t>(size) < bytes)
    throw SettingError("overwrite", fmt::format("{}: is missing or shorter than it was; start again", part.string()));
  fs::resize_file(part, static_cast<std::uintmax_t>(bytes));
}

}  // namespace

EmbeddingFiles::EmbeddingFiles(const fs::path& folder)
    : folder_(folder),
      values_(part_of(embeddings(folder)), std::ios::binary),
      csv_(part_of(detections(folder)), std::ios::binary) {
  const std::int64_t none[] = {0, 0};
  values_ << io::npy_header(none);
  csv_ << columns;
  position_.csv_bytes = static_cast<std::int64_t>(std::string_view(columns).size());
  require_written();
}

EmbeddingFiles::EmbeddingFiles(const fs::path& folder, const FilePosition& position)
    : folder_(folder), position_(position) {
  cut(part_of(embeddings(folder)), value_bytes(position));
  cut(part_of(detections(folder)), position.csv_bytes);
  values_.open(part_of(embeddings(folder)), std::ios::binary | std::ios::in | std::ios::out | std::ios::ate);
  csv_.open(part_of(detections(folder)), std::ios::binary | std::ios::in | std::ios::out | std::ios::ate);
  require_written();
}

void EmbeddingFiles::append(const DetectionRow& row, const Embedding& embedding) {
  if (position_.rows == 0) position_.dimensions = embedding.size();
  if (embedding.size() != position_.dimensions)
    throw std::runtime_error(fmt::format("frame {} of {}: its embeddings have {} values, those of earlier rows {}",
                                         row.frame, row.source, embedding.size(), position_.dimensions));
  values_.write(reinterpret_cast<const char*>(embedding.data()),
                static_cast<std::streamsize>(embedding.size() * sizeof(float)));
  const auto line =
      fmt::format("{},{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f},{},{},{}\n", position_.rows, field(row.source),
                  row.frame, row.box.left, row.box.top, row.box.width, row.box.height, row.score, row.class_id,
                  field(row.class_name), row.track > 0 ? std::to_string(row.track) : "");
  csv_ << line;
  position_.csv_bytes += static_cast<std::int64_t>(line.size());
  ++position_.rows;
}

FilePosition EmbeddingFiles::flush() {
  values_.flush();
  csv_.flush();
  require_written();
  return position_;
}

void EmbeddingFiles::finish() {
  const std::int64_t shape[] = {position_.rows, position_.dimensions};
  values_.seekp(0);
  values_ << io::npy_header(shape);
  flush();
  values_.close();
  csv_.close();
  for (const auto& file : {embeddings(folder_), detections(folder_)}) {
    std::error_code error;
    fs::rename(part_of(file), file, error);
    if (error) throw std::runtime_error(fmt::format("{}: cannot be written: {}", file.string(), error.message()));
  }
}

void EmbeddingFiles::require_written() const {
  if (!values_ || !csv_)
    throw std::runtime_error(
        fmt::format("{}: cannot be written; check the free space and the permissions", folder_.string()));
}

}  // namespace onepass::lab
