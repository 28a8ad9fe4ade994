#include "cli/batch/stitching.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/batch/unit_runner.hpp"
#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "core/printable.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::cli {
namespace {

/// The frames of the source with their images, or those of the records.
class StitchedFrames {
 public:
  StitchedFrames(batch::Stitcher& stitcher, const StitchOptions& options) : stitcher_(stitcher) {
    if (!options.outputs.needs_images()) return;
    if (options.source.empty()) throw UsageError("this output needs the images; give the --source");
    SourceOptions source;
    source.stride = stitcher.header().source.stride;
    source.stream = options.stream;
    images_ = open_source(options.source, source);
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

}  // namespace

Stitched stitch(const batch::Pieces& pieces, const UnitFiles& files, const StitchOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  batch::Stitcher stitcher(pieces.records);
  const auto& header = stitcher.header();
  CountingPlan counting(options.outputs.counting, {header.source.name}, ZoneStore::Missing::error);
  const auto stream =
      counting.counted(0, {header.source, header.class_names}, header.end_after_s, header.source.size);
  auto outputs = options.outputs;
  outputs.event_options.end_after_s = header.end_after_s;
  StitchedFrames frames(stitcher, options);
  auto sinks = open_sinks(outputs, files.outputs, stream);
  sinks.push_back(std::make_unique<CountingSummary>(stream));
  Stitched result;
  pipeline::FirstError error;
  error.attempt([&] { result.frames = write_frames(frames, stitcher, sinks, options.stop); });
  error.attempt([&] { close_all(sinks); });
  std::error_code ignored;
  if (error) {  // what is written would be taken for the whole
    for (const auto& [kind, path] : files.listed()) std::filesystem::remove(path, ignored);
  }
  error.rethrow();
  result.identities = stitcher.identities();
  result.seams = stitcher.seams();
  result.counted = counting_summary(sinks);
  if (files.manifest.empty()) return result;
  auto manifest = pieces.whole;
  manifest.statistics.frames = result.frames;
  manifest.statistics.identities = result.identities;
  manifest.statistics.write_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_manifest(std::move(manifest), files);
  return result;
}

std::string seams_line(const std::string& name, const Stitched& stitched) {
  std::int64_t continued = 0;
  std::int64_t open = 0;
  for (const auto& seam : stitched.seams) {
    continued += seam.continued;
    open += seam.open;
  }
  return fmt::format("{}: {} frames, {} ids from {} pieces; {} tracks continue across the seams, {} end there",
                     printable(name), stitched.frames, stitched.identities, stitched.seams.size() + 1, continued, open);
}

}  // namespace onepass::cli
