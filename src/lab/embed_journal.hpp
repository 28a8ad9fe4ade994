// Journal of an embedding run's progress, so that an interrupted run can resume.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lab/embedding_files.hpp"
#include "onepass/embedding_statistics.hpp"

namespace onepass::lab {

struct EmbedJournal {
  std::string settings;         ///< all settings that affect the result; must be the same on resume
  std::int64_t source = 0;      ///< index of the current source; earlier sources are finished
  std::int64_t next_index = 0;  ///< index of the first frame that is not in the files
  FilePosition files;
  EmbeddingStatistics statistics;  ///< the embedder's statistics
};

/// Replaces the file atomically.
void write_journal(const std::filesystem::path& path, const EmbedJournal& journal);

/// Returns nothing if the file does not exist. @throws std::runtime_error if it is damaged.
std::optional<EmbedJournal> read_journal(const std::filesystem::path& path);

}  // namespace onepass::lab
