#include "cli/benchmark/benchmark_plan.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "io/sequence_info.hpp"
#include "track/motion/image_motion.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view public_detections = "{data}/{sequence}/det/det.txt";

/// Returns the pattern with its placeholders replaced.
std::string fill_in(const std::string& pattern, const eval::SequenceFolder& sequence) {
  const auto folder = fs::absolute(sequence.folder / ".").lexically_normal().parent_path();
  std::string result;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto end = pattern[i] == '{' ? pattern.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      result += pattern[i++];
      continue;
    }
    const auto place = pattern.substr(i, end + 1 - i);
    if (place == "{sequence}") {
      result += sequence.name;
    } else if (place == "{data}") {
      result += folder.parent_path().string();
    } else {
      throw UsageError(fmt::format("{}: {} is neither {{sequence}} nor {{data}}", pattern, place));
    }
    i = end + 1;
  }
  return result;
}

void check_pattern(const std::string& pattern, std::size_t sequence_count) {
  if (sequence_count > 1 && pattern.find("{sequence}") == std::string::npos)
    throw UsageError(fmt::format("{}: one file for {} sequences; write {{sequence}} in place of the sequence name",
                                 pattern, sequence_count));
}

bool has_images(const fs::path& folder, const io::SequenceInfo& info) {
  return fs::is_directory(folder / info.image_folder);
}

SequenceRun plan_sequence(const eval::SequenceFolder& sequence, const DetectionInput& input, const Config& config,
                          const WarningHandler& warn) {
  if (!sequence.file.empty())
    throw std::runtime_error(
        fmt::format("{}: is a file; expected folders SEQ with seqinfo.ini and the detections or images to track",
                    sequence.file.string()));
  const auto info = io::read_sequence_info(sequence.folder / "seqinfo.ini");
  SequenceRun run{.name = sequence.name,
                  .folder = sequence.folder,
                  .detections = {},
                  .tracker = config.tracker,
                  .frame_count = info.length,
                  .load_images = !input.model.empty()};
  if (!input.model.empty() && !has_images(sequence.folder, info))
    throw std::runtime_error(fmt::format("{}: no such folder; --model needs the images of {}",
                                         (sequence.folder / info.image_folder).string(), sequence.name));
  if (input.model.empty()) {
    run.detections = fill_in(input.pattern == "public" ? std::string(public_detections) : input.pattern, sequence);
    if (track::reads_images(config.tracker.camera_motion)) {
      run.load_images = has_images(sequence.folder, info);
      if (!run.load_images) warn(sequence.name + ": has no images; camera motion is not compensated");
    }
  }
  if (config.tracker.camera_motion == CameraMotion::file)
    run.tracker.camera_motion_file = fill_in(config.tracker.camera_motion_file, sequence);
  return run;
}

void require_files(const std::vector<SequenceRun>& runs) {
  std::vector<std::string> missing;
  const auto require = [&](const fs::path& file) {
    if (!fs::exists(file)) missing.push_back(file.string());
  };
  for (const auto& run : runs) {
    if (!run.detections.empty()) require(run.detections);
    if (run.tracker.camera_motion == CameraMotion::file) require(run.tracker.camera_motion_file);
  }
  if (missing.empty()) return;
  constexpr std::size_t shown = 3;
  const auto more = missing.size() > shown ? fmt::format(" and {} more", missing.size() - shown) : "";
  if (missing.size() > shown) missing.resize(shown);
  throw std::runtime_error(fmt::format("no such file: {}{}", fmt::join(missing, ", "), more));
}

}  // namespace

std::vector<SequenceRun> plan_sequences(const std::vector<eval::SequenceFolder>& sequences, const DetectionInput& input,
                                        const Config& config, const WarningHandler& warn) {
  if (input.model.empty() && input.pattern != "public") check_pattern(input.pattern, sequences.size());
  if (config.tracker.camera_motion == CameraMotion::file) {
    if (config.tracker.camera_motion_file.empty())
      throw UsageError("tracker.camera_motion: file needs --camera-motion or tracker.camera_motion_file");
    check_pattern(config.tracker.camera_motion_file, sequences.size());
  }
  std::vector<SequenceRun> runs;
  for (const auto& sequence : sequences) runs.push_back(plan_sequence(sequence, input, config, warn));
  require_files(runs);
  return runs;
}

}  // namespace onepass::cli
