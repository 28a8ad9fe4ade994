#include "batch/fingerprint.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "io/bounded_file.hpp"
#include "io/checksum.hpp"
#include "io/location.hpp"
#include "io/sequence_info.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::batch {
namespace {

namespace fs = std::filesystem;

/// Checksums and names, which are summed up in the end.
struct Sum {
  Fingerprint total;
  std::string text;

  void add(std::uint64_t bytes, const std::string& line) {
    total.bytes += bytes;
    ++total.files;
    text += line + "\n";
  }

  Fingerprint result() {
    total.checksum = io::checksum_of(text);
    return total;
  }
};

Fingerprint sampled(const fs::path& file) {
  constexpr std::uint64_t blocks = 16;
  constexpr std::uint64_t length = 64 * 1024;
  io::BoundedFile content(file, file.string() + ": cannot be read");
  const auto size = content.size();
  std::string bytes;
  if (size <= blocks * length) {
    bytes = content.read(0, size);
  } else {
    for (std::uint64_t i = 0; i < blocks; ++i) bytes += content.read((size - length) * i / (blocks - 1), length);
  }
  return {size, 1, io::checksum_of(bytes)};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void add_names(const fs::path& folder, Sum& sum) {
  for (const auto& file : files_in(folder)) {
    const auto bytes = fs::file_size(file);
    sum.add(bytes, fmt::format("{} {}", file.filename().string(), bytes));
  }
}

void add_content(const fs::path& file, Sum& sum) {
  sum.add(fs::file_size(file), fmt::format("{} {:08x}", file.extension().string(), io::checksum_of_file(file)));
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::optional<Fingerprint> fingerprint_of_source(const std::string& location) {
  static_cast<void>(source_name(location));  // reports a missing source
  if (io::is_camera(location) || io::is_url(location)) return std::nullopt;
  if (!fs::is_directory(location)) return sampled(location);
  Sum sum;
  const fs::path folder(location);
  const auto ini = folder / "seqinfo.ini";
  if (fs::exists(ini)) {
    add_content(ini, sum);
    const auto images = folder / io::read_sequence_info(ini).image_folder;
    if (fs::is_directory(images)) add_names(images, sum);
  } else {
    add_names(folder, sum);
  }
  return sum.result();
}

std::optional<Fingerprint> fingerprint_of_file(const fs::path& path) {
  if (path.empty()) return std::nullopt;
  if (!fs::exists(path)) throw std::runtime_error(path.string() + ": no such file");
  Sum sum;
  if (fs::is_directory(path)) {
    for (const auto& file : files_in(path)) add_content(file, sum);
    return sum.result();
  }
  add_content(path, sum);
  const auto weights = fs::path(path).replace_extension(".bin");
  if (path.extension() == ".xml" && fs::exists(weights)) add_content(weights, sum);
  return sum.result();
}

Fingerprint fingerprint_of_output(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path)) {
    const auto bytes = fs::file_size(path, error);
    if (error) throw std::runtime_error(fmt::format("{}: cannot be read: {}", path.string(), error.message()));
    return {bytes, 1, io::checksum_of_file(path)};
  }
  Sum sum;
  for (const auto& file : files_below(path))
    sum.add(fs::file_size(file),
            fmt::format("{} {:08x}", file.lexically_relative(path).generic_string(), io::checksum_of_file(file)));
  return sum.result();
}

}  // namespace onepass::batch
