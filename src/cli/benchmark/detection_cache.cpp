#include "cli/benchmark/detection_cache.hpp"

#include <fstream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "batch/fingerprint.hpp"
#include "cli/detectors.hpp"
#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "io/checksum.hpp"
#include "io/output_file.hpp"
#include "pipeline/recording_detector.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* first_words = "# Detections in ";  // of a note

std::string settings_of(const std::string& model, const Config& config) {
  Config relevant;
  relevant.detector = config.detector;
  relevant.embed = config.embed;
  const auto checksum = fs::exists(model) ? batch::fingerprint_of_file(model).value().checksum : 0;
  return fmt::format("# Model: {} (CRC {:08x})\n{}", fs::path(model).filename().string(), checksum,
                     dump_yaml(relevant));
}

/// Everything that the detections of a sequence depend on, as far as it can be told without reading its images.
std::string note_of(const SequenceRun& run, const std::string& settings) {
  return fmt::format("{}{} (seqinfo.ini: CRC {:08x})\n{}", first_words, fs::canonical(run.folder).string(),
                     io::checksum_of_file(run.folder / "seqinfo.ini"), settings);
}

fs::path note_path(const SequenceRun& run) { return fs::path(run.detections).replace_extension(".yaml"); }

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// @throws UsageError if one of the files exists, but was not made here.
void require_own(const std::vector<SequenceRun>& runs) {
  for (const auto& run : runs) {
    for (const auto& path : {run.detections, note_path(run)}) {
      if (fs::exists(path) && !content_of(note_path(run)).starts_with(first_words))
        throw UsageError(path.string() + ": was not recorded by tune; use --overwrite to replace it");
    }
  }
}

void write_note(const fs::path& path, const std::string& note) {
  io::OutputFile output(path, Overwrite::replace);
  output.write(note);
  output.close();
}

void record(const SequenceRun& run, const DetectorFactory& detectors, const fs::path& path, const StopSignal& stop) {
  SourceOptions options;
  options.warn = print_warning;
  const auto source = open_source(run.folder.string(), options);
  const auto detector = detectors.open({}, source->info(), print_warning);
  pipeline::RecordingDetector recorder(*detector);
  ProgressLine progress(run.name, run.frame_count);
  std::int64_t frames = 0;
  while (const auto frame = source->next()) {
    if (stop.received()) {
      progress.clear();
      throw Interrupted(
          fmt::format("interrupted; the detections of finished sequences are in {}", path.parent_path().string()));
    }
    recorder.detect(*frame);
    progress.update({.frames = ++frames});
  }
  progress.clear();
  recorder.save(path, Overwrite::replace);
}

}  // namespace

std::vector<SequenceRun> record_detections(std::vector<SequenceRun> runs, const std::string& model,
                                           const Config& config, const fs::path& folder, Overwrite overwrite,
                                           const StopSignal& stop) {
  fs::create_directories(folder);
  for (auto& run : runs) run.detections = folder / (run.name + ".npz");
  if (overwrite == Overwrite::refuse) require_own(runs);
  const auto settings = settings_of(model, config);
  std::unique_ptr<DetectorFactory> detectors;  // loads the model only if it is needed
  for (const auto& run : runs) {
    const auto note = note_of(run, settings);
    if (fs::exists(run.detections) && content_of(note_path(run)) == note) continue;
    if (!detectors) detectors = std::make_unique<DetectorFactory>(model, config);
    fs::remove(run.detections);  // before the note changes: an interrupted run must not leave the old file with it
    write_note(note_path(run), note);
    record(run, *detectors, run.detections, stop);
  }
  return runs;
}

}  // namespace onepass::cli
