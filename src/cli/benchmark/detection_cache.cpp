#include "cli/benchmark/detection_cache.hpp"

#include <fstream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "cli/detectors.hpp"
#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "io/checksum.hpp"
#include "io/output_file.hpp"
#include "pipeline/recording_detector.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

std::string note_of(const std::string& model, const Config& config) {
  Config relevant;
  relevant.detector = config.detector;
  relevant.embed = config.embed;
  const auto checksum = fs::is_regular_file(model) ? io::checksum_of_file(model) : 0;
  return fmt::format("# Detections of {} (CRC {:08x}).\n{}", fs::path(model).filename().string(), checksum,
                     dump_yaml(relevant));
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void forget_others(const fs::path& folder, const std::string& note) {
  const auto path = folder / "model.yaml";
  if (content_of(path) == note) return;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".npz") old.push_back(entry.path());
  }
  for (const auto& file : old) fs::remove(file);
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
  recorder.save(path);
}

}  // namespace

std::vector<SequenceRun> record_detections(std::vector<SequenceRun> runs, const std::string& model,
                                           const Config& config, const fs::path& folder, const StopSignal& stop) {
  fs::create_directories(folder);
  forget_others(folder, note_of(model, config));
  std::unique_ptr<DetectorFactory> detectors;  // loads the model only if it is needed
  for (auto& run : runs) {
    run.detections = folder / (run.name + ".npz");
    if (fs::exists(run.detections)) continue;
    if (!detectors) detectors = std::make_unique<DetectorFactory>(model, config);
    record(run, *detectors, run.detections, stop);
  }
  return runs;
}

}  // namespace onepass::cli
