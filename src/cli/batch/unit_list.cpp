#include "cli/batch/unit_list.hpp"

#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "core/printable.hpp"
#include "io/line_reader.hpp"
#include "io/location.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::cli {
namespace {

/// The name of a source, which need not exist: a missing one is reported when its turn comes.
std::string name_of(const std::string& source) {
  try {
    return source_name(source);
  } catch (const std::runtime_error&) {
    return as_file_name(std::filesystem::path(source).stem().string());
  }
}

bool is_skipped(std::string_view line) { return line.empty() || line.starts_with('#'); }

std::vector<batch::Unit> read_list(const std::string& path) {
  std::vector<batch::Unit> units;
  io::LineReader reader(path);
  for (std::string_view line; reader.next(line);) {
    if (is_skipped(io::trimmed(line))) continue;
    units.push_back(read_unit(io::trimmed(line), fmt::format("{}:{}", path, reader.line_number())));
  }
  if (units.empty()) throw std::runtime_error(path + ": lists no units");
  return units;
}

}  // namespace

batch::Unit read_unit(std::string_view line, const std::string& where) {
  batch::Unit unit;
  try {
    unit = batch::parse_unit(line);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  }
  if (unit.name.empty()) unit.name = name_of(unit.source);
  return unit;
}

void DetectionsCheck::check(const batch::Unit& unit) {
  const auto source = io::without_credentials(unit.source);
  if (!options_.model.empty() && !unit.detections.empty())
    throw UsageError(source + ": this unit has \"detections\", which a --model does not use");
  if (!options_.model.empty() || !unit.detections.empty()) return;
  if (options_.detections.empty())
    throw UsageError(source + ": this unit has no \"detections\"; give it some, or a --model");
  if (source_.empty()) source_ = unit.source;
  if (source_ != unit.source)
    throw UsageError(source + ": --detections can be used with only one source; give each unit its \"detections\"");
}

std::vector<batch::Unit> listed_units(const TrackOptions& options) {
  std::vector<batch::Unit> units;
  if (!options.batch.units.empty()) {
    units = read_list(options.batch.units);
  } else {
    for (const auto& source : options.sources) units.push_back({.name = name_of(source), .source = source});
  }
  std::vector<std::string> names;
  DetectionsCheck detections(options);
  for (const auto& unit : units) {
    detections.check(unit);
    if (!unit.piece) names.push_back(unit.name);
  }
  const auto distinct_names = distinct(names);
  auto next = distinct_names.begin();
  for (auto& unit : units) {
    if (!unit.piece) unit.name = *next++;
  }
  return units;
}

std::vector<batch::Unit> pieces_of_unit(const batch::Unit& whole, const TrackOptions& options) {
  SourceOptions source_options;
  source_options.stream = options.stream;
  source_options.load_images = !options.model.empty();
  const auto source = open_source(whole.source, source_options);
  const auto& info = source->info();
  if (info.live || !info.frame_count)
    throw std::runtime_error(info.name +
                             ": its length is unknown, so that it cannot be split; give a file or a folder");
  const double duration_s = static_cast<double>(*info.frame_count) / info.frame_rate;
  std::vector<batch::Unit> units;
  try {
    const auto overlap_s = options.batch.overlap_s.value_or(BatchOptions::default_overlap_s);
    for (const auto& piece : batch::pieces_of(duration_s, {options.batch.split_s, overlap_s})) {
      auto unit = whole;
      unit.piece = piece;
      units.push_back(std::move(unit));
    }
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--split {:g}s: {}", options.batch.split_s, error.what()));
  }
  return units;
}

}  // namespace onepass::cli
