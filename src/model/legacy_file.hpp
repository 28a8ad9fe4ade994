// The layout that torch.save wrote before release 1.6: five pickles in a row, then the storages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/pickle.hpp"

namespace onepass {

/// Where a storage's numbers lie in the file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct LegacyFile {
  pickle::Document document;  ///< the fourth pickle: the object that was saved
  std::unordered_map<std::string, Extent> storages;
};

/// Whether a file that begins with these bytes is one: the first pickle is torch's magic number.
bool is_legacy_file(std::string_view first_bytes);

/// Every extent lies in the file. @throws std::runtime_error if it is damaged.
LegacyFile read_legacy_file(const std::filesystem::path& path);

}  // namespace onepass
