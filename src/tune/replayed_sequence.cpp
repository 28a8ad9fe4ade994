#include "tune/replayed_sequence.hpp"

#include <cmath>
#include <random>

#include "eval/benchmark/label_file.hpp"
#include "onepass/detector.hpp"
#include "onepass/tracker.hpp"

namespace onepass::tune {
namespace {

constexpr double dropped_share = 0.03;
constexpr double jitter = 0.01;  // standard deviation, in box sizes

/// Numbers that are the same with every standard library.
class Noise {
 public:
  explicit Noise(unsigned seed) : random_(seed) {}
  double uniform() { return static_cast<double>(random_()) / 4294967296.0; }
  float jittered(float size) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();  // nearly normal
    return static_cast<float>(jitter * sum) * size;
  }

 private:
  std::mt19937 random_;
};

std::vector<Detection> disturbed(const std::vector<Detection>& given, Noise& noise) {
  std::vector<Detection> result;
  for (const auto& detection : given) {
    if (noise.uniform() < dropped_share) continue;
    const Box old = detection.box;
    auto& box = result.emplace_back(detection).box;
    const float x = old.center_x() + noise.jittered(old.width);
    const float y = old.center_y() + noise.jittered(old.height);
    box.width = old.width + noise.jittered(old.width);
    box.height = old.height + noise.jittered(old.height);
    box.left = x - box.width / 2;
    box.top = y - box.height / 2;
  }
  return result;
}

/// The number as a result file has it, with two decimals.
double rounded(float value) { return std::round(static_cast<double>(value) * 100) / 100; }

std::vector<LabeledBox> labeled(const std::vector<Track>& tracks) {
  std::vector<LabeledBox> boxes;
  for (const auto& [id, state, box, class_id, score, origin, detection, shape] : tracks)
    boxes.push_back({id, rounded(box.left), rounded(box.top), rounded(box.width), rounded(box.height), -1, score});
  return boxes;
}

}  // namespace

ReplayedSequence read_sequence(const SequenceFiles& files, const eval::Benchmark& benchmark, int stride,
                               const WarningHandler& warn) {
  SourceOptions options;
  options.stride = stride;
  options.load_images = false;
  options.warn = warn;
  const auto source = open_source(files.folder.string(), options);
  ReplayedSequence sequence{.name = files.name,
                            .frame_rate = source->info().frame_rate,
                            .frames = {},
                            .detections = {},
                            .truth = {},
                            .camera_motion_file = files.camera_motion_file};
  const auto detector = replay_detections(files.detections, source->info().frame_count, warn);
  const auto truth = eval::read_truth(files.folder / "gt" / "gt.txt", source->info().frame_count, benchmark, warn);
  while (auto frame = source->next()) {
    if (frame->index >= truth.frame_count()) break;
    sequence.detections.push_back(detector->detect(*frame));
    sequence.truth.add_frame(truth.frame(frame->index));
    sequence.frames.push_back(std::move(*frame));
  }
  return sequence;
}

Scores score_sequence(const ReplayedSequence& sequence, const Config& config, const eval::Benchmark& benchmark,
                      unsigned disturbance) {
  auto tracker_config = config.tracker;
  tracker_config.camera_motion_file = sequence.camera_motion_file;
  Tracker tracker(tracker_config, sequence.frame_rate);
  Noise noise(disturbance);
  LabeledSequence result;
  for (std::size_t i = 0; i < sequence.frames.size(); ++i) {
    const auto& given = sequence.detections[i];
    result.add_frame(labeled(disturbance == 0 ? tracker.update(given, sequence.frames[i])
                                              : tracker.update(disturbed(given, noise), sequence.frames[i])));
  }
  std::vector<Scores> by_class;
  for (const auto& name : benchmark.evaluate)
    by_class.push_back(evaluate_sequence(sequence.truth, result, benchmark.rules(name)).scores);
  return by_class.size() == 1 ? by_class.front() : combine(by_class);
}

}  // namespace onepass::tune
