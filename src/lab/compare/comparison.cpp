#include "lab/compare/comparison.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/identities.hpp"
#include "onepass/tracker.hpp"

namespace onepass::lab {
namespace {

namespace fs = std::filesystem;

std::vector<LabeledBox> boxes_of(const std::vector<Track>& tracks) {
  std::vector<LabeledBox> boxes;
  for (const auto& track : tracks) {
    if (track.origin != BoxOrigin::detected) continue;
    boxes.push_back({.id = track.id,
                     .left = track.box.left,
                     .top = track.box.top,
                     .width = track.box.width,
                     .height = track.box.height});
  }
  return boxes;
}

}  // namespace

MethodComparison compare_methods(const std::string& location, SharedPass& pass, std::span<ReidNetwork> networks,
                                 const TrackerConfig& tracker_config, const ComparisonOptions& options) {
  SourceOptions source_options;
  source_options.stream = options.run.stream;
  source_options.warn = options.run.warn;
  const auto source = open_source(location, source_options);
  MethodComparison result;
  result.pseudo_labels = !fs::exists(fs::path(location) / "gt" / "gt.txt");
  LabeledSequence truth;
  Tracker tracker(tracker_config, source->info().frame_rate);
  Labels labels;
  if (result.pseudo_labels) {
    labels.follows_every_frame = true;
    labels.identify = [&](const Frame& frame, const std::vector<Detection>& detections) {
      return identify(detections, boxes_of(tracker.update(detections, frame)), options.run.min_iou);
    };
  } else {
    truth = read_identities(location, options.run.warn);
    labels.identify = [&](const Frame& frame, const std::vector<Detection>& detections) {
      return identify(detections, truth.frame(frame.index), options.run.min_iou);
    };
  }
  const auto needed = [&](std::int64_t index) {
    return is_query_frame(index, options.run.every) && (result.pseudo_labels || index < truth.frame_count());
  };
  const auto run = embed_labeled(*source, pass, networks, labels, needed, options.run);
  result.sequence = run.sequence;
  result.frames = run.frames;
  result.detections = run.detections;
  result.forward_ms = run.forward_ms;
  result.min_gap_frames = options.min_gap.in_frames(run.frame_rate);
  for (std::size_t i = 0; i < run.methods.size(); ++i)
    result.methods.push_back({run.methods[i], score_retrieval(run.labeled[i], result.min_gap_frames), run.embed_ms[i]});
  return result;
}

std::string to_text(const MethodComparison& comparison) {
  auto text = fmt::format(
      "{}: {} frames, {} detections with an identity ({}), compared when {} frames or more apart\n",
      comparison.sequence, comparison.frames, comparison.detections,
      comparison.pseudo_labels ? "pseudo-labels: tracklets of our own tracker, by motion alone" : "ground truth",
      comparison.min_gap_frames);
  text += fmt::format("{:<34}{:>8}{:>8}{:>8}{:>10}{:>20}\n", "", "rank-1", "mAP", "AUC", "ms/frame", "of the detector");
  for (const auto& method : comparison.methods) {
    const auto& score = method.score;
    text += score.queries > 0 ? fmt::format("{:<34}{:>8.3f}{:>8.3f}{:>8.3f}", method.name, score.rank1,
                                            score.mean_average_precision, score.auc)
                              : fmt::format("{:<34}{:>8}{:>8}{:>8}", method.name, "-", "-", "-");
    text += fmt::format("{:>10.2f}{:>18.1f} %\n", method.embed_ms,
                        comparison.forward_ms > 0 ? 100 * method.embed_ms / comparison.forward_ms : 0);
  }
  return text + fmt::format("{:<34}{:>34.2f}\n", "the detector itself", comparison.forward_ms);
}

std::string to_json(const MethodComparison& comparison) {
  auto methods = nlohmann::ordered_json::array();
  for (const auto& method : comparison.methods)
    methods.push_back({{"method", method.name},
                       {"rank1", method.score.rank1},
                       {"map", method.score.mean_average_precision},
                       {"auc", method.score.auc},
                       {"queries", method.score.queries},
                       {"ms_per_frame", method.embed_ms}});
  const nlohmann::ordered_json json{{"sequence", comparison.sequence},
                                    {"identities", comparison.pseudo_labels ? "tracklets" : "ground truth"},
                                    {"frames", comparison.frames},
                                    {"detections", comparison.detections},
                                    {"min_gap_frames", comparison.min_gap_frames},
                                    {"detector_ms_per_frame", comparison.forward_ms},
                                    {"methods", methods}};
  return json.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace onepass::lab
