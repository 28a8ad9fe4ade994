#include "lab/compare/tracking_comparison.hpp"

#include <fmt/format.h>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/benchmark/true_identities.hpp"
#include "io/location.hpp"
#include "io/sequence_info.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/metrics.hpp"
#include "onepass/tracker.hpp"

namespace onepass::lab {
namespace {

/// A tracker with the embeddings of one method, and its result so far.
struct Contestant {
  std::string name;
  Tracker tracker;
  LabeledSequence result{};

  void step(std::vector<Detection> detections, std::vector<Embedding> embeddings, const Frame& frame) {
    for (std::size_t i = 0; i < detections.size(); ++i)
      detections[i].embedding = embeddings.empty() ? Embedding() : std::move(embeddings[i]);
    std::vector<LabeledBox> boxes;
    for (const auto& track : tracker.update(detections, frame))
      boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
    result.add_frame(boxes);
  }
};

}  // namespace

std::vector<TrackedMethod> compare_tracking(const std::filesystem::path& sequence, SharedPass& pass,
                                            std::span<ReidNetwork> networks, const TrackerConfig& tracker,
                                            const std::function<bool()>& stop) {
  const auto source = open_source(sequence.string());
  const double rate = source->info().frame_rate;
  std::vector<Contestant> contestants;
  const auto enter = [&](const std::string& name) { contestants.push_back({name, Tracker(tracker, rate)}); };
  enter("boxes alone");
  for (const auto& variant : pass.variants()) enter(variant.name);
  for (const auto& network : networks) enter(network.name());

  const auto length = io::read_sequence_info(sequence / "seqinfo.ini").length;
  const auto name = eval::benchmark_of({io::folder_name(sequence)});
  const auto benchmark = eval::known_benchmark(name.empty() ? "none" : name);
  const auto truth = eval::read_truth(sequence / "gt" / "gt.txt", length, benchmark, [](const std::string&) {});
  LabeledSequence seen;  // the ground truth of the frames with an image
  pass.begin_stream();
  while (const auto frame = source->next()) {
    if (stop()) return {};
    if (frame->index >= truth.frame_count()) break;
    const auto found = pass.forward(*frame);
    auto contestant = contestants.begin();
    (contestant++)->step(found.detections, {}, *frame);
    for (std::size_t i = 0; i < pass.variants().size(); ++i)
      (contestant++)->step(found.detections, pass.embed(i, found), *frame);
    for (auto& network : networks)
      (contestant++)->step(found.detections, network.embed(frame->image, found.detections), *frame);
    seen.add_frame(truth.frame(frame->index));
  }
  const auto rules = benchmark.rules(benchmark.evaluate.front());
  std::vector<TrackedMethod> methods;
  for (const auto& contestant : contestants)
    methods.push_back({contestant.name, evaluate_sequence(seen, contestant.result, rules).scores});
  const auto ceiling = eval::with_true_identities(seen, contestants[1].result, benchmark.match_overlap);
  methods.push_back({"true identities", evaluate_sequence(seen, ceiling, rules).scores});
  return methods;
}

std::string to_text(std::span<const TrackedMethod> methods) {
  auto text = fmt::format("{:<34}{:>10}{:>10}{:>10}{:>10}\n", "tracking with", "HOTA", "AssA", "IDF1", "switches");
  for (const auto& [name, scores] : methods)
    text += fmt::format("{:<34}{:>10.2f}{:>10.2f}{:>10.2f}{:>10.0f}\n", name, 100 * mean(scores.hota.hota),
                        100 * mean(scores.hota.association_accuracy), 100 * scores.identity.f1,
                        scores.clear.identity_switches);
  return text;
}

}  // namespace onepass::lab
