// onepass calibrate: learns, from unlabeled video of a camera, to distinguish its objects by appearance.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "embed/calibration.hpp"
#include "embed/distance_plot.hpp"
#include "onepass/pipeline.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct CalibrateOptions {
  std::string source;
  std::optional<int> stream;
  std::string model;
  std::string out;
  bool overwrite = false;
};

constexpr const char* calibrate_examples = R"(
Examples:
  onepass calibrate --source door.mp4 --model yolov8n.pt --classes person --out door.yaml
  onepass track --source 0 --model yolov8n.pt --classes person --embed.calibration door.yaml --show

A few minutes of video with moving people are enough. No labels are needed: pairs within a track are positives, pairs of
different tracks in the same frame are negatives. The printed statistics are measured on the later tracks after learning
from the earlier ones; the files contain the calibration learned from all tracks. A calibration is valid for one model,
set of layers and image size; create one for each camera.)";

/// Collects high-score detections of tracked objects, a few times per second.
class Collector {
 public:
  explicit Collector(double frame_rate) : interval_s_(std::max(0.2, 1 / frame_rate)) {}

  void take(const Frame& frame, const FrameResult& result) {
    if (frame.time.count() < next_s_ || samples_.size() >= most_samples) return;
    next_s_ = frame.time.count() + interval_s_ - 1e-6;
    for (const auto& track : result.tracks) {
      if (track.detection < 0) continue;
      const auto& seen = result.detections[static_cast<std::size_t>(track.detection)];
      const bool counts = seen.score >= least_score && seen.embedding.size() > 0;
      if (counts) samples_.push_back({seen.embedding, static_cast<int>(track.id), static_cast<int>(frame.index)});
    }
  }

  const std::vector<embed::TrackedEmbedding>& samples() const { return samples_; }

 private:
  static constexpr std::size_t most_samples = 20000;
  static constexpr float least_score = 0.5F;

  double interval_s_;
  double next_s_ = 0;
  std::vector<embed::TrackedEmbedding> samples_;
};

void check_outputs(const CalibrateOptions& options) {
  OutputClaims claims;
  const fs::path out(options.out);
  for (const auto& path : {out, embed::matrix_path(out), fs::path(out).replace_extension(".png")})
    claims.claim(path, overwrite_if(options.overwrite));
}

/// Returns false if it was interrupted.
bool collect(FrameSource& source, Detector& detector, const TrackerConfig& config, Collector& collector) {
  Tracker tracker(config, source.info().frame_rate);
  ProgressLine progress(source.info().name, source.info().frame_count);
  const StopSignal stop;
  RunOptions options;
  options.stop = [&] { return stop.received(); };
  options.progress = [&](const RunStatistics& statistics) { progress.update(statistics); };
  options.observe = [&](const Frame& frame, const FrameResult& result) { collector.take(frame, result); };
  Sinks no_sinks;
  return !run(source, detector, tracker, no_sinks, options).stopped;
}

std::size_t count_tracks(std::span<const embed::TrackedEmbedding> samples) {
  std::set<int> tracks;
  for (const auto& sample : samples) tracks.insert(sample.track);
  return tracks.size();
}

/// Splits the samples into those of the earlier tracks (about three fifths of the samples) and those of the later ones;
/// no track is in both parts.
std::pair<std::vector<embed::TrackedEmbedding>, std::vector<embed::TrackedEmbedding>> split_by_tracks(
    std::span<const embed::TrackedEmbedding> samples) {
  std::vector<int> tracks;
  for (const auto& sample : samples) tracks.push_back(sample.track);
  std::ranges::sort(tracks);  // ids are assigned in order of appearance
  const int last_of_first = tracks[tracks.size() * 3 / 5];
  std::pair<std::vector<embed::TrackedEmbedding>, std::vector<embed::TrackedEmbedding>> parts;
  for (const auto& sample : samples) (sample.track <= last_of_first ? parts.first : parts.second).push_back(sample);
  return parts;
}

std::vector<embed::TrackedEmbedding> calibrated(std::span<const embed::TrackedEmbedding> samples,
                                                const embed::Calibration& calibration) {
  std::vector<embed::TrackedEmbedding> result(samples.begin(), samples.end());
  for (auto& sample : result) sample.embedding = embed::apply(calibration, sample.embedding);
  std::erase_if(result, [](const embed::TrackedEmbedding& sample) { return sample.embedding.size() == 0; });
  return result;
}

void print_distances(const char* name, const embed::Distances& distances) {
  const auto summary = embed::summarize(distances);
  std::cout << fmt::format(
      "{:<11} same {:.3f} +- {:.3f}   different {:.3f} +- {:.3f}   AUC {:.4f}   equal errors {:.1f} % at {:.3f}   "
      "reliability {:.2f}\n",
      name, summary.match_mean, summary.match_deviation, summary.rival_mean, summary.rival_deviation,
      embed::area_under_curve(distances), 100 * summary.error_rate, summary.threshold, summary.reliability);
}

/// Returns the configuration to learn with: without any calibration of the embeddings.
Config checked(const CalibrateOptions& options, const Parameters& parameters) {
  auto config = parameters.config();
  config.embed.calibrate = EmbedCalibration::none;  // learn the projection from plain embeddings
  if (!config.embed.calibration.empty())
    throw UsageError("calibrate learns from plain embeddings; do not give --embed.calibration");
  if (fs::path(options.out).extension() == ".npy")
    throw UsageError("--out: the extension .npy is reserved for the matrix; use .yaml");
  check_outputs(options);
  return config;
}

/// A calibration that was learned from the earlier tracks, and how it does on the later ones.
struct Trial {
  embed::Calibration calibration;
  std::vector<embed::TrackedEmbedding> later;
  embed::Distances plain;
  embed::Distances projected;
};

Trial try_on_later_tracks(std::span<const embed::TrackedEmbedding> samples, const std::vector<int>& parts) {
  auto [first, later] = split_by_tracks(samples);
  auto calibration = embed::learn_calibration(first, parts);
  auto plain = embed::measure_pairs(later);
  auto projected = embed::measure_pairs(calibrated(later, calibration));
  return {std::move(calibration), std::move(later), std::move(plain), std::move(projected)};
}

void print_trial(const Trial& trial, std::span<const embed::TrackedEmbedding> samples) {
  embed::summarize(trial.plain);  // throws before anything is printed if the video has too few pairs
  std::cout << fmt::format("{} embeddings of {} tracks; judged on the {} of the last {} tracks\n", samples.size(),
                           count_tracks(samples), trial.later.size(), count_tracks(trial.later));
  print_distances("plain", trial.plain);
  print_distances("calibrated", trial.projected);
  std::cout << "\n" << embed::histogram_text(trial.projected) << "\n" << embed::roc_text(trial.plain, trial.projected);
  if (embed::area_under_curve(trial.projected) < embed::area_under_curve(trial.plain)) {
    print_warning("the calibrated embeddings distinguish objects worse than the plain ones; use a longer video");
  }
}

/// Learns the final calibration from all tracks; its space and statistics are not set.
embed::Calibration learn(std::span<const embed::TrackedEmbedding> samples, const std::vector<int>& parts,
                         const Trial& trial) {
  auto calibration = embed::learn_calibration(samples, parts);
  calibration.distances = embed::summarize(trial.projected);
  const int first_of_later = std::ranges::min(trial.later, {}, &embed::TrackedEmbedding::track).track;
  calibration.tracked = embed::measure_tracking(calibrated(samples, trial.calibration), first_of_later);
  return calibration;
}

void write(const fs::path& out, const embed::Calibration& calibration, const Trial& trial) {
  embed::write_calibration(out, calibration);
  print_line(fmt::format("onepass: wrote {} and {}", out.string(), embed::matrix_path(out).string()));
  const auto picture = fs::path(out).replace_extension(".png");
  try {
    embed::write_distance_plot(picture, trial.plain, trial.projected);
    print_line(fmt::format("onepass: wrote {}", picture.string()));
  } catch (const std::runtime_error& error) {
    print_warning(fmt::format("{}: not drawn: {}; it is drawn by Python with matplotlib (Debian: python3-matplotlib)",
                              picture.string(), error.what()));
  }
}

void calibrate(const CalibrateOptions& options, const Parameters& parameters) {
  const auto config = checked(options, parameters);
  const DetectorFactory detectors(options.model, config);
  SourceOptions source_options;
  source_options.stream = options.stream;
  source_options.warn = print_warning;
  const auto source = open_source(options.source, source_options);
  const auto detector = detectors.open({}, source->info(), print_warning);
  const auto* embedder = detector->embedder();
  if (!embedder) throw UsageError("there are no embeddings to calibrate (embed.method)");
  const auto space = embedder->space();

  Collector collector(source->info().frame_rate);
  const bool complete = collect(*source, *detector, config.tracker, collector);
  if (!complete && !source->info().live) throw Interrupted("interrupted; nothing was written");
  const auto& samples = collector.samples();
  if (samples.empty()) throw std::runtime_error(options.source + ": no object was tracked; nothing to learn from");
  auto parts = embedder->parts();
  if (parts.empty()) parts = {static_cast<int>(samples.front().embedding.size())};
  const auto trial = try_on_later_tracks(samples, parts);
  print_trial(trial, samples);
  auto calibration = learn(samples, parts, trial);
  calibration.space = space;
  calibration.statistics = embedder->statistics();
  write(options.out, calibration, trial);
}

}  // namespace

void add_calibrate_command(CLI::App& app) {
  auto* command = app.add_subcommand("calibrate", "Calibrate embeddings to a camera, using unlabeled video from it");
  command->footer(calibrate_examples);
  auto options = std::make_shared<CalibrateOptions>();
  command->add_option("--source", options->source, "Video file, image folder, MOTChallenge sequence folder or camera")
      ->required()
      ->type_name("S");
  add_stream_option(*command, options->stream);
  command->add_option("--model", options->model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--out", options->out,
                   "Calibration file (.yaml); its matrix (.npy) and a plot (.png) are written next to it")
      ->required()
      ->type_name("FILE");
  command->add_flag("--overwrite", options->overwrite, "Overwrite existing outputs");
  auto parameters = add_parameters(*command);
  command->callback([options, parameters] { calibrate(*options, *parameters); });
}

}  // namespace onepass::cli
