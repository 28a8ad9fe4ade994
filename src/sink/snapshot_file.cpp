#include "sink/snapshot_file.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "io/disk.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::sink {

SnapshotFile::SnapshotFile(std::filesystem::path path, std::chrono::milliseconds interval)
    : path_(std::move(path)), interval_(interval) {}

bool SnapshotFile::is_due() const { return !saved_ || std::chrono::steady_clock::now() - *saved_ >= interval_; }

void SnapshotFile::save(std::string_view content) {
  const auto next = path_.string() + ".new";
  errno = 0;
  std::ofstream file(next, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (!file) error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
  if (!error) error = io::rename_durably(next, path_);
  if (error) throw_system_error(error.value(), path_.string() + ": cannot be written: " + error.message());
  saved_ = std::chrono::steady_clock::now();
}

void SnapshotFile::discard() const {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace onepass::sink
