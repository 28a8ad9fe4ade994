// Counts people who keep their id when they leave and return, on scenes with exact ground truth (make_scene) and
// recorded detections (record_detections): kept returns, returns and newcomers that got another person's id, and ids
// that cover two people. Deterministic.
//
//   returns_table --scenes SCENES --recordings RECORDINGS default "memory.limit=0.4 gallery=4" ...
//
// Every argument is a row: configuration files and parameters, those of the tracker without the prefix
// "tracker.". The memory is on. Scenes named NAME-camera0, NAME-camera1 ... are tracked side by side with one
// memory.
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/metrics/returns.hpp"
#include "io/sequence_info.hpp"
#include "onepass/metrics.hpp"
#include "onepass/tracker.hpp"
#include "recording.hpp"

namespace {

namespace fs = std::filesystem;
using namespace onepass;

struct Options {
  fs::path scenes;
  fs::path recordings;
  std::vector<std::string> rows;
  double absence_s = 2;
  std::vector<std::string> sequences;  ///< names; empty: all
  bool per_sequence = false;
  int jobs = 2;
};

struct Sequence {
  std::string name;
  io::SequenceInfo info;
  LabeledSequence truth;
  EvaluationRules rules;
  bench::Recording detections;
};

struct Result {
  Scores scores;
  eval::ReturnCounts counts;
  int twice = 0;  ///< boxes with an id that another camera shows at the same time
};

TrackerConfig configured(const std::string& row) {
  Config config;
  config.tracker.memory.enabled = true;
  std::istringstream words(row);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      const auto name = word.substr(0, equals);
      apply_setting(config, name.starts_with("memory.") ? name : "tracker." + name, word.substr(equals + 1));
    } else if (word != "default") {
      apply_yaml(config, word);
    }
  }
  return config.tracker;
}

Sequence read_sequence(const eval::SequenceFolder& folder, const fs::path& recordings) {
  const auto benchmark = eval::named_benchmark("MOT17");
  Sequence sequence;
  sequence.name = folder.name;
  sequence.info = io::read_sequence_info(folder.folder / "seqinfo.ini");
  sequence.rules = benchmark.rules("pedestrian");
  sequence.truth = eval::read_truth(folder.truth_file(), sequence.info.length, benchmark, [](const std::string&) {});
  sequence.detections = bench::read_recording(recordings / (folder.name + ".s1.bin"));
  return sequence;
}

/// The cameras that share a memory, as one sequence in which their frames alternate.
using Cameras = std::vector<Sequence>;

Result replay(const Cameras& cameras, const TrackerConfig& config, double absence_s) {
  const auto memory = config.memory.enabled ? std::make_shared<Memory>(config.memory) : nullptr;
  std::vector<Tracker> trackers;
  for (const auto& camera : cameras) trackers.emplace_back(config, camera.info.frame_rate, memory);
  LabeledSequence truth, result;
  Result counted;
  for (std::int64_t index = 0; index < cameras.front().truth.frame_count(); ++index) {
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < cameras.size(); ++i) {
      const auto& camera = cameras[i];
      const auto found = camera.detections.find(index);
      Frame frame;
      frame.index = index;
      frame.time = Timestamp(static_cast<double>(index) / camera.info.frame_rate);
      frame.size = camera.info.size;
      std::vector<LabeledBox> boxes;
      const auto detections = found == camera.detections.end() ? std::vector<Detection>{} : found->second;
      for (const auto& track : trackers[i].update(detections, frame)) {
        boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
        counted.twice += !ids.insert(track.id).second;
      }
      result.add_frame(boxes);
      truth.add_frame(camera.truth.frame(index));
    }
  }
  const auto& rules = cameras.front().rules;
  const double frame_rate = cameras.front().info.frame_rate * static_cast<double>(cameras.size());
  counted.scores = evaluate_sequence(truth, result, rules).scores;
  counted.counts = eval::count_returns(truth, result, rules, {.absence_frames = absence_s * frame_rate});
  return counted;
}

std::string to_line(const std::vector<Result>& results, const std::string& name) {
  std::vector<Scores> scores;
  std::vector<eval::ReturnCounts> counts;
  for (const auto& result : results) {
    scores.push_back(result.scores);
    counts.push_back(result.counts);
  }
  int twice = 0;
  for (const auto& result : results) twice += result.twice;
  const auto all = combine(scores);
  const auto total = eval::sum(counts);
  return fmt::format("| {:3} of {:3} | {:2} | {:2} of {:3} | {:3} of {:3} | {:2} | {:5.2f} {:5.2f} | {}\n", total.kept,
                     total.returns, total.merged_returns, total.merged_newcomers, total.newcomers, total.shared_ids,
                     total.ids, twice, 100 * mean(all.hota.hota), 100 * all.identity.f1, name);
}

void print_row(const std::vector<Cameras>& scenes, const std::string& row, const Options& options) {
  const auto config = configured(row);
  std::vector<Result> results(scenes.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) {
    threads.emplace_back([&] {
      for (std::size_t job; (job = next++) < scenes.size();) {
        results[job] = replay(scenes[job], config, options.absence_s);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::cout << to_line(results, row) << std::flush;
  for (std::size_t i = 0; options.per_sequence && i < results.size(); ++i) {
    std::cout << to_line({results[i]}, "  " + scenes[i].front().name);
  }
}

}  // namespace

int main(int count, char** words) try {
  Options options;
  CLI::App app(
      "Returns with the old id | … with another's id | newcomers with another's id | ids on two people | "
      "HOTA IDF1");
  app.add_option("--scenes", options.scenes, "Folder of scenes")->required();
  app.add_option("--recordings", options.recordings, "Folder of record_detections")->required();
  app.add_option("--absence", options.absence_s, "Shortest absence that counts, in seconds")->capture_default_str();
  app.add_option("--sequences", options.sequences, "Names of scenes (default: all)")
      ->allow_extra_args(false)
      ->delimiter(',');
  app.add_flag("--per-sequence", options.per_sequence, "A line for every scene");
  app.add_option("--jobs", options.jobs, "Threads")->capture_default_str();
  app.add_option("rows", options.rows, "Settings, such as 'default' or 'memory.limit=0.4'")->required();
  CLI11_PARSE(app, count, words);
  std::map<std::string, Cameras> scenes;
  for (const auto& found : eval::find_sequences(options.scenes, {})) {
    if (!options.sequences.empty() && !std::ranges::count(options.sequences, found.name)) continue;
    scenes[found.name.substr(0, found.name.find("-camera"))].push_back(read_sequence(found, options.recordings));
  }
  std::vector<Cameras> list;
  for (auto& [name, cameras] : scenes) list.push_back(std::move(cameras));
  for (const auto& row : options.rows) print_row(list, row, options);
} catch (const std::exception& error) {
  std::cerr << "returns_table: " << error.what() << "\n";
  return 1;
}
