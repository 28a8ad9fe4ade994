// Reads the file layout of torch.save before release 1.6: five consecutive pickles, then the storages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/read/pickle.hpp"

namespace onepass::model {

/// Position of a storage's elements in the file.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct LegacyFile {
  pickle::Document document;  ///< the fourth pickle: the saved object
  std::unordered_map<std::string, Extent> storages;
};

/// Whether these first bytes of a file are those of a legacy file, whose first pickle is torch's magic number.
bool is_legacy_file(std::string_view first_bytes);

/// @return a document and extents that all lie within the file. @throws std::runtime_error if the file is damaged.
LegacyFile read_legacy_file(const std::filesystem::path& path);

}  // namespace onepass::model
