#include "cli/batch/staged_outputs.hpp"

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "io/disk.hpp"
#include "io/pending_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string*> all_in(OutputPaths& paths) {
  std::vector<std::string*> all{&paths.events, &paths.counts};
  for (auto& file : paths.files) all.push_back(&file);
  return all;
}

std::string beside(fs::path place) {
  if (!place.has_filename()) place = place.parent_path();  // "crops/"
  return place.parent_path() / (".stitching-" + place.filename().string());
}

void require_free(const std::string& place, OutputClaims& claims) {
  if (place != "-") claims.claim(place, Overwrite::refuse);
  if (fs::is_directory(place) && !fs::is_empty(place))
    throw UsageError(place + ": this folder is not empty; use --overwrite to replace what is in it");
}

void move_file(const fs::path& from, const fs::path& to) {
  if (const auto error = io::rename_durably(from, to))
    throw std::runtime_error(fmt::format("{}: cannot be replaced: {}", to.string(), error.message()));
}

}  // namespace

void require_free(OutputPaths places) {
  OutputClaims claims;
  for (const auto* place : all_in(places)) {
    if (!place->empty()) require_free(*place, claims);
  }
}

StagedOutputs::StagedOutputs(const OutputPaths& places) : places_(places), paths_(places) {
  for (auto* path : all_in(paths_)) {
    if (!path->empty() && !io::is_written_directly(*path)) *path = beside(*path);
  }
}

/// Checks all outputs before the first one replaces that of a former run.
void StagedOutputs::require_written() {
  const auto from = all_in(paths_), to = all_in(places_);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (*from[i] != *to[i] && !fs::is_regular_file(*from[i]) && !fs::is_directory(*from[i]))
      throw std::runtime_error(*to[i] + ": was not written");
  }
}

StagedOutputs::~StagedOutputs() {
  std::error_code ignored;
  const auto from = all_in(paths_), to = all_in(places_);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (*from[i] != *to[i]) fs::remove_all(*from[i], ignored);
  }
}

void StagedOutputs::put_in_place(const StreamInfo& stream, const SinkSettings& settings) {
  require_written();
  for (std::size_t i = 0; i < paths_.files.size(); ++i) {
    const auto& from = paths_.files[i];
    const auto& to = places_.files[i];
    if (from == to || !fs::is_directory(from)) continue;
    sink_outputs()[i].make(to, Overwrite::replace, stream, settings);  // removes what a former run has left there
    for (const auto& entry : fs::directory_iterator(from))
      move_file(entry.path(), fs::path(to) / entry.path().filename());
  }
  const auto from = all_in(paths_), to = all_in(places_);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (*from[i] != *to[i] && fs::is_regular_file(*from[i])) move_file(*from[i], *to[i]);
  }
}

}  // namespace onepass::cli
