// Journal of an embedding run's progress, so that an interrupted run can resume.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "embed/embedder.hpp"
#include "lab/embeddings/embedding_files.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::lab {

struct EmbedJournal {
  std::string settings;         ///< all settings that affect the result; must be the same on resume
  std::int64_t source = 0;      ///< index of the current source; earlier sources are finished
  std::int64_t next_index = 0;  ///< index of the first frame that is not in the files
  FilePosition files;
  embed::EmbedderState embedder;
};

/// Replaces the file atomically.
void write_journal(const std::filesystem::path& path, const EmbedJournal& journal);

/// Error for the setting overwrite: the journal cannot be used, so the run must start again.
SettingError damaged_journal(const std::filesystem::path& path, const std::string& why);

/// Returns nothing if the file does not exist. @throws SettingError if it is damaged; see damaged_journal().
std::optional<EmbedJournal> read_journal(const std::filesystem::path& path);

}  // namespace onepass::lab
