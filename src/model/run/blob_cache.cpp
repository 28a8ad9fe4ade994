#include "model/run/blob_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/murmur3.h>
}

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "io/checksum.hpp"

namespace onepass::model {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".network";

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

bool others_can_write(const struct stat& status) { return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0; }

bool is_own(const struct stat& status) { return status.st_uid == ::geteuid() && !others_can_write(status); }

/// Whether nobody but the user and root can replace what is in the folder.
bool is_safe_parent(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  return is_own(status) || (status.st_uid == 0 && (!others_can_write(status) || (status.st_mode & S_ISVTX) != 0));
}

/// The opened folder, if it can be trusted.
File open_folder(const fs::path& folder) {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status {};
  if (number >= 0 && ::fstat(number, &status) == 0 && is_own(status) && is_safe_parent(folder.parent_path()))
    return File(number);
  if (number >= 0) ::close(number);
  return File(-1);
}

std::string file_name(std::string_view key) {
  return fmt::format("{:08x}-{}{}", io::checksum_of(key), key.size(), extension);
}

/// What comes before the blob in its file; its length depends on the key alone.
std::string header_of(std::string_view key, std::string_view blob) {
  return fmt::format("onepass network 1 {:016x} {:016x} {:08x}\n{}", key.size(), blob.size(), io::checksum_of(blob),
                     key);
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::optional<std::string> read_all(int file, std::uintmax_t most_bytes) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || !is_own(status)) return std::nullopt;
  if (static_cast<std::uintmax_t>(status.st_size) > most_bytes) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  for (std::size_t place = 0; place < bytes.size();) {
    const auto count = ::read(file, bytes.data() + place, bytes.size() - place);
    if (count <= 0) return std::nullopt;
    place += static_cast<std::size_t>(count);
  }
  return bytes;
}

/// Removes the files that were not used for the longest time, until the others have at most this size.
void remove_oldest(const fs::path& folder, std::uintmax_t most_bytes) {
  struct Entry {
    fs::file_time_type used;
    fs::path path;
    std::uintmax_t size;
  };
  std::vector<Entry> entries;
  std::error_code error;
  std::uintmax_t total = 0;
  for (fs::directory_iterator next(folder, error), end; !error && next != end; next.increment(error)) {
    std::error_code unreadable;  // another process may have removed the file
    const Entry entry{next->last_write_time(unreadable), next->path(), next->file_size(unreadable)};
    const bool is_ours = entry.path.filename().string().find(extension) != std::string::npos;
    if (unreadable || !is_ours) continue;
    total += entry.size;
    entries.push_back(entry);
  }
  std::ranges::sort(entries, {}, &Entry::used);
  for (const auto& entry : entries) {
    if (total <= most_bytes) return;
    if (fs::remove(entry.path, error)) total -= entry.size;
  }
}

}  // namespace

std::optional<fs::path> user_cache_folder() {
  const auto absolute = [](const char* variable) -> std::optional<fs::path> {
    const char* const value = std::getenv(variable);
    if (!value || !fs::path(value).is_absolute()) return std::nullopt;
    return fs::path(value);
  };
  if (const auto cache = absolute("XDG_CACHE_HOME")) return *cache / "onepass";
  if (const auto home = absolute("HOME")) return *home / ".cache" / "onepass";
  return std::nullopt;
}

std::string digest(std::string_view bytes) {
  const std::unique_ptr<AVMurMur3, decltype(&::av_free)> state(av_murmur3_alloc(), ::av_free);
  if (!state) throw std::bad_alloc();
  av_murmur3_init(state.get());
  av_murmur3_update(state.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  std::array<std::uint8_t, 16> result{};
  av_murmur3_final(state.get(), result.data());
  return fmt::format("{:02x}", fmt::join(result, ""));
}

std::optional<std::string> BlobCache::load(std::string_view key) const {
  const auto folder = open_folder(folder_);
  if (!folder) return std::nullopt;
  const File file(::openat(folder.number(), file_name(key).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return std::nullopt;
  auto bytes = read_all(file.number(), most_bytes_);
  if (!bytes) return std::nullopt;
  const auto start = header_of(key, {}).size();
  if (bytes->size() < start || !bytes->starts_with(header_of(key, std::string_view(*bytes).substr(start))))
    return std::nullopt;
  ::futimens(file.number(), nullptr);
  return bytes->substr(start);
}

void BlobCache::store(std::string_view key, std::string_view blob) const {
  if (blob.size() > most_bytes_ / 2) return;
  ::mkdir(folder_.parent_path().c_str(), S_IRWXU);
  ::mkdir(folder_.c_str(), S_IRWXU);
  const auto folder = open_folder(folder_);
  if (!folder) return;
  const auto name = file_name(key);
  const auto thread = std::hash<std::thread::id>()(std::this_thread::get_id());
  const auto part = fmt::format("{}.{}.{:x}.part", name, ::getpid(), thread);
  bool written = false;
  {
    const File file(::openat(folder.number(), part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                             S_IRUSR | S_IWUSR));
    written = file && write_all(file.number(), header_of(key, blob)) && write_all(file.number(), blob);
  }
  if (written) written = ::renameat(folder.number(), part.c_str(), folder.number(), name.c_str()) == 0;
  if (!written) ::unlinkat(folder.number(), part.c_str(), 0);
  remove_oldest(folder_, most_bytes_);
}

}  // namespace onepass::model
