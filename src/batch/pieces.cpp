#include "batch/pieces.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace onepass::batch {
namespace {

namespace fs = std::filesystem;

/// The folders of pieces directly in a folder, as "out/day.pieces or out/night.pieces".
std::string piece_folders_in(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && entry.path().extension() == ".pieces") found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  return fmt::format("{}", fmt::join(found, " or "));
}

std::vector<fs::path> manifests_in(const fs::path& folder) {
  if (!fs::exists(folder)) throw std::runtime_error(folder.string() + ": no such folder");
  if (!fs::is_directory(folder)) throw std::runtime_error(folder.string() + ": is a file; expected a folder of pieces");
  std::vector<fs::path> manifests;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().string().ends_with(".manifest.json")) manifests.push_back(entry.path());
  }
  if (manifests.empty()) {
    const auto below = piece_folders_in(folder);
    throw std::runtime_error(folder.string() + ": has no finished pieces of a source" +
                             (below.empty() ? "" : "; give " + below));
  }
  std::ranges::sort(manifests);
  return manifests;
}

/// The outputs that every piece of this recipe has.
std::vector<std::string> kinds_in(const Recipe& recipe) {
  std::vector<std::string> kinds{"piece"};
  if (has_memory(recipe)) kinds.emplace_back("memory");
  return kinds;
}

void add(RunStatistics& sum, const RunStatistics& piece) {
  sum.decode_s += piece.decode_s;
  sum.detect_s += piece.detect_s;
  sum.embed_s += piece.embed_s;
  sum.track_s += piece.track_s;
  sum.write_s += piece.write_s;
  sum.total_s += piece.total_s;
  sum.errors.concealed += piece.errors.concealed;
  sum.errors.undecodable += piece.errors.undecodable;
}

}  // namespace

Pieces find_pieces(const fs::path& folder) {
  Pieces pieces;
  const auto paths = manifests_in(folder);
  RunStatistics sum;
  for (const auto& path : paths) {
    auto manifest = read_manifest(path);
    if (!manifest.recipe.piece) {
      const auto below = piece_folders_in(folder);
      throw std::runtime_error(path.string() + ": is no manifest of a piece" +
                               (below.empty() ? "" : "; give " + below));
    }
    if (const auto what = defect(manifest, path, kinds_in(manifest.recipe)); !what.empty())
      throw std::runtime_error(fmt::format("{}: {}; track this piece again", path.string(), what));
    manifest.recipe.piece.reset();
    if (pieces.records.empty()) pieces.whole = manifest;
    if (const auto what = difference(manifest.recipe, pieces.whole.recipe); !what.empty())
      throw std::runtime_error(
          fmt::format("{} does not fit {}: it was tracked with {}", path.string(), paths.front().string(), what));
    add(sum, manifest.statistics);
    pieces.records.push_back(path.parent_path() / manifest.outputs.front().file);
  }
  pieces.whole.statistics = sum;
  pieces.whole.outputs.clear();
  return pieces;
}

}  // namespace onepass::batch
