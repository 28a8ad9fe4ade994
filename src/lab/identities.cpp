#include "lab/identities.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/metrics/frame_matching.hpp"
#include "io/location.hpp"
#include "io/mot_text.hpp"
#include "io/sequence_info.hpp"

namespace onepass::lab {
namespace {

namespace fs = std::filesystem;

eval::Benchmark benchmark_for(const std::string& sequence) {
  const auto name = eval::benchmark_of({sequence});
  return eval::known_benchmark(name.empty() ? "none" : name);
}

/// True if a box is evaluated: its score is not 0 and, if the benchmark has classes, it is of the first evaluated
/// class.
bool counts(const LabeledBox& box, const eval::Benchmark& benchmark) {
  if (box.score == 0) return false;
  if (!benchmark.truth_classes || benchmark.evaluate.empty()) return true;
  return box.class_id == benchmark.rules(benchmark.evaluate.front()).class_id;
}

}  // namespace

LabeledSequence read_identities(const fs::path& sequence, const WarningHandler& warn) {
  const auto file = sequence / "gt" / "gt.txt";
  const auto info_file = sequence / "seqinfo.ini";
  if (!fs::is_regular_file(info_file))
    throw std::runtime_error(fmt::format("{}: no such file; a MOTChallenge sequence needs it", info_file.string()));
  if (!fs::is_regular_file(file))
    throw std::runtime_error(fmt::format("{}: no such file; identities come from ground truth", file.string()));
  const auto info = io::read_sequence_info(info_file);
  const auto benchmark = benchmark_for(io::folder_name(sequence));
  const auto truth = eval::read_truth(file, info.length, benchmark, warn);
  LabeledSequence result;
  std::vector<LabeledBox> kept;
  for (std::int64_t index = 0; index < truth.frame_count(); ++index) {
    kept.clear();
    for (const auto& box : truth.frame(index)) {
      if (counts(box, benchmark)) kept.push_back(box);
    }
    result.add_frame(kept);
  }
  return result;
}

TracksByFrame read_tracks(const fs::path& file) {
  TracksByFrame tracks;
  io::MotReader reader(file);
  for (io::MotRow row; reader.next(row);) {
    if (row.score == 0) continue;
    tracks[row.frame].push_back(
        {.id = row.id, .left = row.left, .top = row.top, .width = row.width, .height = row.height});
  }
  return tracks;
}

std::vector<std::optional<std::int64_t>> identify(std::span<const Detection> detections,
                                                  std::span<const LabeledBox> truth, double min_iou) {
  std::vector<LabeledBox> boxes;
  for (const auto& [box, score, class_id, embedding, shape] : detections)
    boxes.push_back({.left = box.left, .top = box.top, .width = box.width, .height = box.height});
  std::vector<eval::Overlap> overlaps;
  eval::append_overlaps(truth, boxes, overlaps);
  std::erase_if(overlaps, [&](const eval::Overlap& overlap) { return overlap.iou < min_iou - eval::rounding; });
  std::vector<double> weights;
  for (const auto& overlap : overlaps) weights.push_back(overlap.iou);
  std::vector<std::optional<std::int64_t>> identities(detections.size());
  eval::FrameMatcher matcher;
  for (const auto& match : matcher.match(truth.size(), boxes.size(), overlaps, weights))
    identities[static_cast<std::size_t>(match.column)] = truth[static_cast<std::size_t>(match.row)].id;
  return identities;
}

}  // namespace onepass::lab
