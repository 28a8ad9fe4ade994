// Judges settings of the tracker on many sequences: HOTA, IDF1, DetA and AssA on given detections as they are,
// disturbed (some dropped, the others jittered; mean over several seeds), and on every second and third frame.
// Deterministic.
//
//   tracker_table --data DATA --recordings RECORDINGS "max_age_s=2 coast_s=0" "configs/bytetrack.yaml" ...
//
// Every argument is a row: configuration files and parameters without the prefix "tracker.". DATA is the folder of the
// real test data. RECORDINGS has the detections and embeddings of PETS09-S2L1 and KITTI-17 (record_detections). The
// groups dancers, players, cyclists and shaking are generated (tools/scene).
#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "onepass/metrics.hpp"
#include "onepass/tracker.hpp"
#include "table_sequences.hpp"

namespace {

using namespace onepass;
using bench::Group;
using bench::Sequence;

struct Options {
  bench::TableChoice choice;
  std::vector<std::string> rows;
  unsigned seeds = 4;
  double drop = 0.03;
  double jitter = 0.01;
  bool strides = true;
  bool per_sequence = false;
  int jobs = 2;
};

/// How a sequence is replayed. Seed 0: without disturbance.
struct Replay {
  int stride = 1;
  unsigned seed = 0;
};

/// Drops detections, and moves and resizes the others by normal noise in units of their size.
std::vector<Detection> disturbed(const std::vector<Detection>& given, const Options& options, std::mt19937& random) {
  std::vector<Detection> result;
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  const auto noise = [&](float size) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();  // nearly normal, and the same with every standard library
    return static_cast<float>(options.jitter * sum) * size;
  };
  for (const auto& detection : given) {
    if (uniform() < options.drop) continue;
    auto& box = result.emplace_back(detection).box;
    const Box old = box;
    const float x = old.center_x() + noise(old.width);
    const float y = old.center_y() + noise(old.height);
    box.width = old.width + noise(old.width);
    box.height = old.height + noise(old.height);
    box.left = x - box.width / 2;
    box.top = y - box.height / 2;
  }
  return result;
}

Scores replay(const Sequence& sequence, const Group& group, TrackerConfig config, const Replay& how,
              const Options& options) {
  if (config.camera_motion == CameraMotion::file) config.camera_motion_file = sequence.camera_file.string();
  Tracker tracker(config, sequence.info.frame_rate);
  std::mt19937 random(how.seed);
  LabeledSequence truth, result;
  std::vector<LabeledBox> boxes;
  const auto& recording = sequence.detections[how.stride - 1];
  for (std::int64_t index = 0; index < sequence.truth.frame_count(); index += how.stride) {
    std::vector<Detection> detections;
    if (const auto found = recording.find(index); found != recording.end()) detections = found->second;
    if (!group.embeddings) {
      for (auto& detection : detections) detection.embedding.resize(0);
    }
    if (how.seed > 0) detections = disturbed(detections, options, random);
    Frame frame;
    frame.index = index;
    frame.time = Timestamp(static_cast<double>(index) / sequence.info.frame_rate);
    frame.size = sequence.info.size;
    boxes.clear();
    for (const auto& track : tracker.update(detections, frame)) {
      boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
    }
    result.add_frame(boxes);
    truth.add_frame(sequence.truth.frame(index));
  }
  return evaluate_sequence(truth, result, sequence.rules).scores;
}

struct Cell {
  double hota = 0, idf1 = 0, detection = 0, association = 0;
  void add(const Scores& scores) {
    hota += 100 * mean(scores.hota.hota);
    idf1 += 100 * scores.identity.f1;
    detection += 100 * mean(scores.hota.detection_accuracy);
    association += 100 * mean(scores.hota.association_accuracy);
  }
  void divide(double count) {
    for (auto* value : {&hota, &idf1, &detection, &association}) *value /= count;
  }
};

/// Scores by replay and sequence.
std::vector<std::vector<Scores>> run(const Group& group, const TrackerConfig& config,
                                     const std::vector<Replay>& replays, const Options& options) {
  std::vector<std::vector<Scores>> scores(replays.size(), std::vector<Scores>(group.sequences.size()));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t job; (job = next++) < replays.size() * group.sequences.size();) {
      const auto r = job / group.sequences.size();
      const auto s = job % group.sequences.size();
      scores[r][s] = replay(*group.sequences[s], group, config, replays[r], options);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  return scores;
}

std::string to_text(const Cell& cell) {
  return fmt::format("| {:5.2f} {:5.2f} {:5.2f} {:5.2f} ", cell.hota, cell.idf1, cell.detection, cell.association);
}

/// The mean over the replays that `choose` selects.
template <typename Choose, typename ScoresOf>
Cell mean_over(const std::vector<Replay>& replays, Choose choose, ScoresOf scores_of) {
  Cell cell;
  int count = 0;
  for (std::size_t r = 0; r < replays.size(); ++r) {
    if (!choose(replays[r])) continue;
    cell.add(scores_of(r));
    ++count;
  }
  if (count > 0) cell.divide(count);
  return cell;
}

void print_row(const Group& group, const std::string& row, const TrackerConfig& config, const Options& options) {
  std::vector<Replay> replays{{}};
  for (unsigned seed = 1; seed <= options.seeds; ++seed) replays.push_back({1, seed});
  if (options.strides) replays.insert(replays.end(), {{2, 0}, {3, 0}});
  const auto scores = run(group, config, replays, options);
  const auto original = [](const Replay& how) { return how.seed == 0 && how.stride == 1; };
  const auto is_disturbed = [](const Replay& how) { return how.seed > 0; };
  const auto combined = [&](std::size_t r) { return combine(scores[r]); };
  auto line = fmt::format("{:<20}", group.name) + to_text(mean_over(replays, original, combined)) +
              to_text(mean_over(replays, is_disturbed, combined));
  for (const int stride : {2, 3}) {
    line += to_text(mean_over(
        replays, [&](const Replay& how) { return how.stride == stride; }, combined));
  }
  std::cout << line << "| " << row << std::endl;
  for (std::size_t s = 0; options.per_sequence && s < group.sequences.size(); ++s) {
    const auto of_sequence = [&](std::size_t r) { return scores[r][s]; };
    std::cout << fmt::format("  {:<18}", group.sequences[s]->name) +
                     to_text(mean_over(replays, original, of_sequence)) +
                     to_text(mean_over(replays, is_disturbed, of_sequence))
              << std::endl;
  }
}

/// The configuration of a row: its files, then the settings of the group, then its parameters.
TrackerConfig configured(const Group& group, const std::string& row) {
  Config config;
  std::istringstream words(row);
  std::vector<std::string> settings = group.settings;
  for (std::string word; words >> word;) {
    if (word.find('=') != std::string::npos) {
      settings.push_back(word);
    } else if (word != "default") {
      apply_yaml(config, word);
    }
  }
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    apply_setting(config, "tracker." + setting.substr(0, equals), setting.substr(equals + 1));
  }
  return config.tracker;
}

void run(const Options& options) {
  const bench::TableSequences table(options.choice);
  for (const auto& row : options.rows) {
    for (const auto& group : table.groups()) print_row(group, row, configured(group, row), options);
  }
}

}  // namespace

int main(int count, char** words) try {
  Options options;
  CLI::App app("HOTA, IDF1, DetA and AssA: original | disturbed | every second frame | every third frame");
  app.add_option("--data", options.choice.data, "Folder of the real test data")->required();
  app.add_option("--recordings", options.choice.recordings, "Folder of record_detections");
  app.add_option("--only", options.choice.only,
                 "Groups of sequences: dance, file, boxes, mot15, pets, dancers, players ...")
      ->delimiter(',');
  app.add_option("--sequence", options.choice.sequence, "Only sequences whose name contains this");
  app.add_option("--seeds", options.seeds, "Number of disturbed replays")->capture_default_str();
  app.add_option("--drop", options.drop, "Share of the boxes to drop")->capture_default_str();
  app.add_option("--jitter", options.jitter, "Standard deviation of the jitter, in box sizes")->capture_default_str();
  app.add_option("--strides", options.strides, "Also replay every second and third frame")->capture_default_str();
  app.add_flag("--per-sequence", options.per_sequence, "A line for every sequence");
  app.add_option("--jobs", options.jobs, "Threads")->capture_default_str();
  app.add_option("rows", options.rows, "Settings, such as 'default' or 'max_age_s=2 coast_s=0'")->required();
  CLI11_PARSE(app, count, words);
  run(options);
} catch (const std::exception& error) {
  std::cerr << "tracker_table: " << error.what() << "\n";
  return 1;
}
