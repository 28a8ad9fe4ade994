#include "sink/snapshot_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "onepass/temporary_error.hpp"

namespace onepass::sink {

namespace fs = std::filesystem;

SnapshotFile::SnapshotFile(fs::path path, SnapshotTiming timing)
    : path_(std::move(path)), next_(path_.string() + ".new"), timing_(std::move(timing)), due_(timing_.now()) {
  remove_next();
}

bool SnapshotFile::is_due() const { return timing_.now() >= due_; }

bool SnapshotFile::save(const std::function<std::string()>& content) {
  constexpr int least_pause = 50;  // in durations of a snapshot
  const auto start = timing_.now();
  failure_ = nullptr;
  try {
    replace(content());
  } catch (const std::exception&) {
    failure_ = std::current_exception();
  }
  const auto end = timing_.now();
  due_ = end + std::max<std::chrono::steady_clock::duration>(timing_.interval, least_pause * (end - start));
  return !failure_;
}

void SnapshotFile::finish(std::string_view content) {
  failure_ = nullptr;
  replace(content);
}

void SnapshotFile::discard() {
  std::error_code ignored;
  fs::remove(path_, ignored);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void SnapshotFile::replace(std::string_view content) const {
  errno = 0;
  std::ofstream file(next_, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (!file) error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
  if (!error) fs::rename(next_, path_, error);
  if (!error) return;
  remove_next();
  throw_system_error(error.value(), path_.string() + ": cannot be written: " + error.message());
}

void SnapshotFile::remove_next() const {
  std::error_code ignored;
  if (fs::is_regular_file(next_, ignored)) fs::remove(next_, ignored);
}

}  // namespace onepass::sink
