#include "cli/batch/unit_runner.hpp"

#include <exception>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "batch/piece_record.hpp"
#include "batch/unit_lock.hpp"
#include "cli/errors.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_claims.hpp"
#include "cli/track/memories.hpp"
#include "cli/track/source_run.hpp"
#include "cli/track/track_checks.hpp"
#include "io/location.hpp"
#include "io/output_file.hpp"
#include "pipeline/absence.hpp"
#include "video/open_source.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> kinds_of(const UnitFiles& files) {
  std::vector<std::string> kinds;
  for (const auto& [kind, path] : files.listed()) kinds.push_back(kind);
  return kinds;
}

}  // namespace

const char* to_string(UnitState state) {
  switch (state) {
    case UnitState::finished:
      return "finished";
    case UnitState::skipped:
      return "skipped";
    case UnitState::stopped:
      return "stopped";
    case UnitState::failed:
      return "failed";
  }
  return "";
}

UnitRunner::UnitRunner(const TrackOptions& options, const Config& config)
    : options_(options), config_(config), recipes_(options, config) {}

const DetectorFactory& UnitRunner::detectors() {
  const std::lock_guard lock(mutex_);
  try {
    if (!detectors_) detectors_ = std::make_unique<DetectorFactory>(options_.model, config_);
  } catch (...) {
    throw ModelError{std::current_exception()};
  }
  return *detectors_;
}

/// One attempt to track a unit.
struct UnitRunner::Attempt {
  const batch::Unit& unit;
  UnitFiles files;
  const UnitCallbacks& callbacks;
  batch::Recipe recipe;
  Overwrite overwrite = Overwrite::refuse;
  bool has_outputs = false;  ///< outputs were begun
  std::string space{};       ///< of the embeddings in the memory, if there is one
};

UnitRunner::Before UnitRunner::state_before(const Attempt& attempt) const {
  const auto& path = attempt.files.manifest;
  const bool overwrites = options_.outputs.overwrite;
  if (!fs::exists(path)) return Before::nothing;
  if (!options_.batch.skip_existing && overwrites) return Before::unfinished;
  if (!options_.batch.skip_existing)
    throw std::runtime_error(
        path + ": this unit is tracked already; use --skip-existing to keep it, --overwrite to replace it");
  std::optional<batch::Manifest> manifest;
  try {
    manifest = batch::read_manifest(path);
  } catch (const std::runtime_error&) {
    if (!overwrites) throw;
    return Before::unfinished;
  }
  const auto difference = batch::difference(manifest->recipe, attempt.recipe);
  if (!difference.empty() && !overwrites)
    throw std::runtime_error(
        fmt::format("{}: this unit was tracked with {}; use --overwrite to replace it, or another "
                    "folder to keep it",
                    path, difference));
  const auto defect = batch::defect(*manifest, path, kinds_of(attempt.files));
  if (difference.empty() && defect.empty()) return Before::finished;
  attempt.callbacks.warn(fmt::format("{}: {}; the unit is tracked again", path,
                                     difference.empty() ? defect : "it was tracked with " + difference));
  return Before::unfinished;
}

bool UnitRunner::is_finished(const batch::Unit& unit, const UnitFiles& files, const UnitCallbacks& callbacks) const {
  return state_before({.unit = unit, .files = files, .callbacks = callbacks, .recipe = recipe_of(unit)}) ==
         Before::finished;
}

UnitResult UnitRunner::run(const batch::Unit& unit, const UnitFiles& files, const UnitCallbacks& callbacks) {
  try {
    if (const auto folder = fs::path(files.manifest).parent_path(); !folder.empty()) fs::create_directories(folder);
    Attempt attempt{.unit = unit, .files = files, .callbacks = callbacks, .recipe = recipe_of(unit)};
    if (!config_.tracker.memory.enabled) attempt.files.memory.clear();
    batch::UnitLock lock(files.manifest + ".lock");
    // The lock file stays while outputs are unfinished: it allows the next attempt to replace them.
    const auto release = [&] {
      if (!lock.was_begun() && !attempt.has_outputs) lock.finish();
    };
    try {
      const auto result = this->attempt(attempt, lock.was_begun());
      result.exit_code == 0 ? lock.finish() : release();
      return result;
    } catch (...) {
      release();
      throw;
    }
  } catch (const std::exception& error) {
    return {.state = UnitState::failed, .exit_code = exit_code_of(error), .message = message_of(error)};
  }
}

UnitResult UnitRunner::attempt(Attempt& attempt, bool was_begun) {
  const auto before = state_before(attempt);
  if (before == Before::finished) return {.state = UnitState::skipped, .exit_code = 0, .message = ""};
  const bool may_replace = options_.outputs.overwrite || was_begun || before == Before::unfinished;
  attempt.overwrite = overwrite_if(may_replace);
  OutputClaims claims({attempt.unit.source, attempt.unit.detections});
  for (const auto& [kind, path] : attempt.files.listed()) claims.claim(path, attempt.overwrite);
  detectors();
  fs::remove(attempt.files.manifest);  // before the outputs that it describes change
  auto manifest = track(attempt);
  const auto statistics = manifest.statistics;
  if (statistics.stopped)
    return {.state = UnitState::stopped, .exit_code = 130, .message = "interrupted", .statistics = statistics};
  if (options_.strict) require_undamaged(attempt.unit.name, statistics.errors);
  write_manifest(std::move(manifest), attempt.files);
  return {.state = UnitState::finished, .exit_code = 0, .message = "", .statistics = statistics};
}

Sinks UnitRunner::open(const Attempt& attempt, const StreamInfo& stream, double end_after_s) const {
  const auto& unit = attempt.unit;
  if (unit.piece) {
    Sinks sinks;
    sinks.push_back(
        batch::make_record_sink(attempt.files.record, attempt.overwrite,
                                {stream.source, stream.class_names, *unit.piece, end_after_s, attempt.space}));
    return sinks;
  }
  auto outputs = options_.outputs;
  outputs.overwrite = attempt.overwrite == Overwrite::replace;
  outputs.event_options.end_after_s = end_after_s;
  CountingPlan counting(outputs.counting, {unit.name}, ZoneStore::Missing::error);
  return open_sinks(outputs, attempt.files.outputs, counting.counted(0, stream, end_after_s, stream.source.size));
}

std::unique_ptr<FrameSource> UnitRunner::open_source_of(const Attempt& attempt, const Config& config) const {
  const auto& unit = attempt.unit;
  SourceOptions source_options;
  source_options.stride = options_.stride;
  source_options.stream = options_.stream;
  source_options.load_images = loads_images(unit.source, options_, config);
  source_options.warn = attempt.callbacks.warn;
  return video::open_part(unit.source, source_options, unit.piece ? unit.piece->span : TimeSpan());
}

/// The manifest without versions and outputs, which write_manifest adds.
batch::Manifest UnitRunner::manifest_of(const Attempt& attempt, const SourceInfo& info,
                                        const RunStatistics& statistics) {
  return {.versions = {},
          .unit = attempt.unit.name,
          .location = io::without_credentials(attempt.unit.source),
          .recipe = attempt.recipe,
          .frame_rate = info.frame_rate,
          .width = info.size.width,
          .height = info.size.height,
          .statistics = statistics,
          .outputs = {}};
}

batch::Manifest UnitRunner::track(Attempt& attempt) {
  const auto& unit = attempt.unit;
  const auto& files = attempt.files;
  const auto& callbacks = attempt.callbacks;
  const auto config = config_of(config_, unit);
  const auto source = open_source_of(attempt, config);
  const auto& info = source->info();
  const auto seen = std::make_shared<std::vector<sink::SeenBox>>();
  const auto detector =
      detectors().open(detections_of(options_, unit), info, callbacks.warn, watch(options_.outputs, seen));
  Memories memories(config.tracker.memory, false);
  const auto memory = memories.begin({}, *detector);
  if (memory) attempt.space = detector->embedder()->space();
  Tracker tracker(config.tracker, info.frame_rate, memory);
  const StreamInfo stream{info, detector->class_names()};
  const bool draws = options_.outputs.needs_images();
  std::call_once(told_, [&] { warn_of_losses(options_.outputs, draws, stream.class_names, callbacks.warn); });
  auto sinks = open(attempt, stream, pipeline::longest_absence_s(config.tracker, info.frame_rate / info.stride));
  blur(sinks, options_.outputs, stream, [seen] { return *seen; });
  std::optional<io::OutputFile> decisions;
  if (!files.outputs.explain.empty()) decisions.emplace(files.outputs.explain, attempt.overwrite);
  if (decisions) tracker.on_event([&](const TrackEvent& event) { decisions->write(to_json(event) + "\n"); });
  attempt.has_outputs = true;

  RunOptions run_options;
  run_options.stop = callbacks.stop;
  run_options.progress = callbacks.progress;
  const auto work = [&] {
    const auto statistics = onepass::run(*source, *detector, tracker, sinks, run_options);
    if (decisions) decisions->close();
    return statistics;
  };
  const auto statistics = work_and_keep(work, [&] { memories.keep(memory, {files.memory, ""}, tracker, *detector); });
  return manifest_of(attempt, info, statistics);
}

}  // namespace onepass::cli
