#include "cli/batch/unit_files.hpp"

#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "batch/piece_record.hpp"
#include "cli/errors.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_extension = ".manifest.json";

/// The name of an output in a manifest: "mot" for --save-mot.
std::string kind_of(std::string_view flag) {
  constexpr std::string_view prefix = "--save-";
  return std::string(flag.starts_with(prefix) ? flag.substr(prefix.size()) : flag);
}

bool is_folder(const std::string& path) { return path.ends_with('/') || fs::is_directory(path); }

std::string manifest_of(const TrackOptions& options, const UnitFiles& files, const std::string& name,
                        std::size_t count) {
  const auto& given = options.batch.manifest;
  const auto file_name = name + std::string(manifest_extension);
  if (!given.empty() && is_folder(given)) return fs::path(given) / file_name;
  if (!given.empty() && count > 1) throw UsageError("--manifest needs a folder for several sources, such as out/");
  if (!given.empty()) return given;
  const auto outputs = files.listed();
  if (outputs.empty()) throw UsageError("units need an output folder, such as --save-mot out/ or --manifest out/");
  return fs::path(outputs.front().second).parent_path() / file_name;
}

/// Moves outputs that are folders of files into a folder of the unit, also if it is the only one: another unit that
/// comes later must not write among its files.
void take_own_folders(OutputPaths& paths, const OutputOptions& options, const std::string& name) {
  for (std::size_t i = 0; i < paths.files.size(); ++i) {
    if (!options.files[i].empty() && extension_of(sink_outputs()[i], options.settings).empty())
      paths.files[i] = fs::path(options.files[i]) / name;
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> UnitFiles::listed() const {
  std::vector<std::pair<std::string, std::string>> result;
  const auto add = [&result](const std::string& kind, const std::string& path) {
    if (!path.empty()) result.emplace_back(kind, path);
  };
  for (std::size_t i = 0; i < outputs.files.size(); ++i) add(kind_of(sink_outputs()[i].flag), outputs.files[i]);
  add("events", outputs.events);
  add("counts", outputs.counts);
  add("explain", outputs.explain);
  add("piece", record);
  add("memory", memory);
  return result;
}

std::vector<UnitFiles> plan_unit_outputs(const TrackOptions& options, const std::vector<std::string>& names,
                                         const std::vector<std::string>& inputs) {
  auto outputs = options.outputs;
  outputs.overwrite = true;  // whether files may be replaced is decided for every unit
  std::vector<UnitFiles> result;
  for (auto& paths : plan_outputs(outputs, names, inputs)) {
    take_own_folders(paths, outputs, names[result.size()]);
    result.push_back({.outputs = std::move(paths)});
  }
  return result;
}

std::vector<UnitFiles> plan_files(const TrackOptions& options, const std::vector<std::string>& names,
                                  const std::vector<std::string>& inputs) {
  auto result = plan_unit_outputs(options, names, inputs);
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i].manifest = manifest_of(options, result[i], names[i], names.size());
  return result;
}

std::string pieces_folder(const UnitFiles& whole) {
  auto path = whole.manifest;
  if (path.ends_with(manifest_extension)) path.resize(path.size() - manifest_extension.size());
  return path + ".pieces";
}

UnitFiles files_of_piece(const UnitFiles& whole, const batch::Piece& piece) {
  const auto stem = fs::path(pieces_folder(whole)) / batch::file_name(piece);
  const auto record = stem.string() + ".jsonl";
  return {.outputs = {},
          .record = record,
          .memory = batch::memory_of(record).string(),
          .manifest = stem.string() + std::string(manifest_extension)};
}

void require_folders(const TrackOptions& options) {
  const auto require = [](const std::string& flag, const std::string& path) {
    if (!path.empty() && !is_folder(path))
      throw UsageError(
          fmt::format("{} {}: units that are read one by one need a folder, such as {}/", flag, path, path));
  };
  for (std::size_t i = 0; i < options.outputs.files.size(); ++i)
    require(sink_outputs()[i].flag, options.outputs.files[i]);
  require("--events", options.outputs.events);
  require("--save-counts", options.outputs.counting.counts);
  require("--explain", options.outputs.explain);
  require("--manifest", options.batch.manifest);
}

}  // namespace onepass::cli
