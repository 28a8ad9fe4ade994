// Where an interrupted embedding run stands, so that it can go on.
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
  std::string settings;         ///< everything that decides the result; must be the same on going on
  std::int64_t source = 0;      ///< the source at hand, from 0; those before it are finished
  std::int64_t next_index = 0;  ///< of the first frame that is not in the files
  FilePosition files;
  EmbeddingStatistics statistics;  ///< of the embedder
};

/// Replaces the file at once or not at all.
void write_journal(const std::filesystem::path& path, const EmbedJournal& journal);

/// Nothing where there is no such file. @throws std::runtime_error where it is damaged.
std::optional<EmbedJournal> read_journal(const std::filesystem::path& path);

}  // namespace onepass::lab
