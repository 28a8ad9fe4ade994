#include "onepass/zone_store.hpp"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "io/checksum.hpp"
#include "io/output_file.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

std::string revision_of(const std::string& content) {
  return fmt::format("{:x}-{:08x}", content.size(), io::checksum_of(std::string_view(content)));
}

void write_file(const fs::path& path, const std::string& text) {
  io::OutputFile file(path, Overwrite::replace);
  file.write(text);
  file.close();
}

/// The file itself where the path is a symbolic link, which a new file must not replace.
fs::path target_of(const fs::path& path) {
  std::error_code error;
  const auto target = fs::canonical(path, error);
  return error ? path : target;
}

}  // namespace

std::string ZoneStore::content() const {
  std::error_code ignored;
  if (!fs::exists(path_, ignored)) {
    if (missing_ == Missing::empty) return "";
    fail(path_, "no such file");
  }
  std::ifstream file(path_, std::ios::binary);
  if (!file || fs::is_directory(path_)) fail(path_, "cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

StoredZones ZoneStore::read() const {
  const std::lock_guard lock(mutex_);
  const auto text = content();
  if (missing_ == Missing::empty && text.empty()) return {{}, revision_of(text)};
  return {parse_zones(text, path_.string()), revision_of(text)};
}

StoredZones ZoneStore::write(const std::vector<Zone>& zones, const std::string& revision) {
  const std::lock_guard lock(mutex_);
  const auto text = zones_text(zones);
  StoredZones result{{}, revision_of(text)};
  try {
    result.zones = parse_zones(text, "");
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(error.what());
  }
  const auto former = content();
  if (revision_of(former) != revision) throw ZonesChanged(path_.string() + ": has changed since these zones were read");
  replace(former, text);
  written_ = text;
  return result;
}

void ZoneStore::replace(const std::string& former, const std::string& text) {
  const auto target = target_of(path_);
  std::error_code error;
  const bool exists = fs::exists(target, error);
  if (exists && ::access(target.c_str(), W_OK) != 0)
    fail(path_, "cannot be written: " + std::generic_category().message(errno));
  if (exists && former != written_) write_file(target.string() + ".bak", former);
  const auto mode = exists ? fs::status(target, error).permissions() : fs::perms::unknown;
  write_file(target, text);
  if (mode != fs::perms::unknown) fs::permissions(target, mode, error);
}

}  // namespace onepass
