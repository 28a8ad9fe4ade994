#include "cli/batch/stitching.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "batch/fingerprint.hpp"
#include "batch/unit_lock.hpp"
#include "cli/batch/staged_outputs.hpp"
#include "cli/batch/unit_recipe.hpp"
#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "cli/progress.hpp"
#include "core/printable.hpp"
#include "io/location.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_source(const std::string& location, const std::string& why) {
  throw std::runtime_error(
      fmt::format("{}: is not the source that the pieces were tracked in: {}", io::without_credentials(location), why));
}

/// Refuses a source of another size or length: of URLs, nothing is known of their content.
void require_alike(const SourceInfo& tracked, const SourceInfo& given, const std::string& location) {
  if (!tracked.size.empty() && !given.size.empty() && tracked.size != given.size)
    refuse_source(location, fmt::format("its pictures have {}x{} pixels, not {}x{}", given.size.width,
                                        given.size.height, tracked.size.width, tracked.size.height));
  if (tracked.frame_count && given.frame_count && *tracked.frame_count != *given.frame_count)
    refuse_source(location, fmt::format("it has {} frames, not {}", *given.frame_count, *tracked.frame_count));
}

/// The frames of the source with their images, or those of the records.
class StitchedFrames {
 public:
  StitchedFrames(batch::Stitcher& stitcher, const StitchOptions& options, const batch::Recipe& recipe)
      : stitcher_(stitcher) {
    if (!options.outputs.needs_images()) return;
    if (options.source.empty()) throw UsageError("this output needs the images; give the --source");
    const auto content = recipe.source ? batch::fingerprint_of_source(options.source) : std::nullopt;
    if (content && *content != *recipe.source) refuse_source(options.source, "its content differs");
    SourceOptions source;
    source.stride = stitcher.header().source.stride;
    source.stream = stream_of(recipe);
    images_ = open_source(options.source, source);
    if (!content) require_alike(stitcher.header().source, images_->info(), options.source);
  }

  std::optional<batch::RecordedFrame> next() {
    auto frame = stitcher_.next();
    while (frame && images_) {
      auto shown = images_->next();
      if (!shown) throw std::runtime_error(images_->info().name + ": ends before its pieces do");
      if (shown->index != frame->frame.index) continue;
      frame->frame = std::move(*shown);
      break;
    }
    return frame;
  }

 private:
  batch::Stitcher& stitcher_;
  std::unique_ptr<FrameSource> images_;
};

std::int64_t write_frames(StitchedFrames& frames, const batch::Stitcher& stitcher, Sinks& sinks,
                          const std::function<bool()>& stop) {
  ProgressLine progress(stitcher.header().source.name, stitcher.header().source.frame_count);
  RunStatistics statistics;
  while (const auto frame = frames.next()) {
    if (stop()) throw Interrupted("interrupted; nothing was stitched, and the pieces are kept");
    for (auto& sink : sinks) sink->write(frame->frame, frame->tracks);
    ++statistics.frames;
    statistics.identities = stitcher.identities();
    progress.update(statistics);
  }
  return statistics.frames;
}

/// The lock of a unit; without a manifest, that of its first output.
std::string lock_of(const UnitFiles& files) {
  if (!files.manifest.empty()) return files.manifest + ".lock";
  for (const auto& [kind, path] : files.listed()) {
    if (path == "-") continue;
    auto place = fs::path(path).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();  // "crops/"
    return place.string() + ".lock";
  }
  return "";
}

/// The memory that the pieces were tracked with.
MemoryConfig memory_in(const batch::Recipe& recipe) {
  if (!batch::has_memory(recipe)) return {};
  Config config;
  for (const auto& [name, value] : recipe.parameters) {
    if (name.starts_with("memory.")) apply_setting(config, name, value);
  }
  return config.tracker.memory;
}

/// @param placing becomes true when outputs of a former run may be gone
Stitched write_outputs(const batch::Pieces& pieces, const UnitFiles& files, const StitchOptions& options,
                       Overwrite overwrite, bool& placing) {
  batch::Stitcher stitcher(pieces.records, memory_in(pieces.whole.recipe));
  const auto& header = stitcher.header();
  CountingPlan counting(options.outputs.counting, {header.source.name}, ZoneStore::Missing::error);
  const auto stream = counting.counted(0, {header.source, header.class_names}, header.end_after_s, header.source.size);
  warn_of_losses(options.outputs, options.outputs.needs_images(), stream.class_names, options.warn);
  auto outputs = options.outputs;
  outputs.event_options.end_after_s = header.end_after_s;
  outputs.overwrite = true;  // of what a killed process has left beside the places
  StitchedFrames frames(stitcher, options, pieces.whole.recipe);
  if (overwrite == Overwrite::refuse) require_free(files.outputs);
  StagedOutputs staged(files.outputs);
  auto sinks = open_sinks(outputs, staged.paths(), stream);
  sinks.push_back(std::make_unique<CountingSummary>(stream));
  Stitched result;
  pipeline::FirstError error;
  error.attempt([&] { result.frames = write_frames(frames, stitcher, sinks, options.stop); });
  error.attempt([&] { close_all(sinks); });
  error.rethrow();
  result.identities = stitcher.identities();
  result.seams = stitcher.seams();
  result.recognized = stitcher.recognized();
  result.counted = counting_summary(sinks);
  placing = true;
  if (!files.manifest.empty()) fs::remove(files.manifest);  // before the outputs that it describes change
  staged.put_in_place(stream, outputs.settings);
  return result;
}

/// Whether outputs that exist may be replaced: that is wanted, or a unit has made them.
bool may_replace(const UnitFiles& files, const OutputOptions& outputs) {
  return outputs.overwrite || (!files.manifest.empty() && fs::exists(files.manifest));
}

}  // namespace

void require_replaceable(const UnitFiles& files, const OutputOptions& outputs) {
  if (!may_replace(files, outputs) && !fs::exists(lock_of(files))) require_free(files.outputs);
}

Stitched stitch(const batch::Pieces& pieces, const UnitFiles& files, const StitchOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  std::optional<batch::UnitLock> lock;
  if (const auto path = lock_of(files); !path.empty()) {
    if (const auto folder = fs::path(path).parent_path(); !folder.empty()) fs::create_directories(folder);
    lock.emplace(path);
  }
  const bool was_begun = lock && lock->was_begun();
  bool placing = false;
  Stitched result;
  pipeline::FirstError error;
  error.attempt([&] {
    const bool replaces = was_begun || may_replace(files, options.outputs);
    result = write_outputs(pieces, files, options, overwrite_if(replaces), placing);
    if (files.manifest.empty()) return;
    auto manifest = pieces.whole;
    manifest.statistics.frames = result.frames;
    manifest.statistics.identities = result.identities;
    manifest.statistics.write_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    write_manifest(std::move(manifest), files);
  });
  if (lock && (!error || (!was_begun && !placing))) lock->finish();  // otherwise it says that outputs are not complete
  error.rethrow();
  return result;
}

std::string seams_line(const std::string& name, const Stitched& stitched) {
  std::int64_t continued = 0;
  std::int64_t open = 0;
  for (const auto& seam : stitched.seams) {
    continued += seam.continued;
    open += seam.open;
  }
  auto line =
      fmt::format("{}: {} frames, {} ids from {} pieces; {} tracks continue across the seams, {} end there",
                  printable(name), stitched.frames, stitched.identities, stitched.seams.size() + 1, continued, open);
  if (stitched.recognized > 0) line += fmt::format("; {} were recognized from earlier pieces", stitched.recognized);
  return line;
}

}  // namespace onepass::cli
