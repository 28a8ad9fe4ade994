// Counts people who keep their id when they leave and return, on scenes with exact ground truth (make_scene) and
// recorded detections (record_detections): kept returns, returns and newcomers that got another person's id, and ids
// that cover two people. Deterministic.
//
//   returns_table --scenes SCENES --recordings RECORDINGS default "memory.limit=0.4 gallery=4" ...
//
// Every argument is a row: configuration files and parameters, those of the tracker without the prefix
// "tracker.". The memory is on.
#include <atomic>
#include <iostream>
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

Result replay(const Sequence& sequence, const TrackerConfig& config, double absence_s) {
  Tracker tracker(config, sequence.info.frame_rate);
  LabeledSequence result;
  std::vector<LabeledBox> boxes;
  for (std::int64_t index = 0; index < sequence.truth.frame_count(); ++index) {
    const auto found = sequence.detections.find(index);
    Frame frame;
    frame.index = index;
    frame.time = Timestamp(static_cast<double>(index) / sequence.info.frame_rate);
    frame.size = sequence.info.size;
    boxes.clear();
    const auto detections = found == sequence.detections.end() ? std::vector<Detection>{} : found->second;
    for (const auto& track : tracker.update(detections, frame)) {
      boxes.push_back({track.id, track.box.left, track.box.top, track.box.width, track.box.height});
    }
    result.add_frame(boxes);
  }
  const eval::ReturnRules how{.absence_frames = absence_s * sequence.info.frame_rate};
  return {evaluate_sequence(sequence.truth, result, sequence.rules).scores,
          eval::count_returns(sequence.truth, result, sequence.rules, how)};
}

std::string to_line(const std::vector<Result>& results, const std::string& name) {
  std::vector<Scores> scores;
  std::vector<eval::ReturnCounts> counts;
  for (const auto& result : results) {
    scores.push_back(result.scores);
    counts.push_back(result.counts);
  }
  const auto all = combine(scores);
  const auto total = eval::sum(counts);
  return fmt::format("| {:3} of {:3} | {:2} | {:2} of {:3} | {:3} of {:3} | {:5.2f} {:5.2f} | {}\n", total.kept,
                     total.returns, total.merged_returns, total.merged_newcomers, total.newcomers, total.shared_ids,
                     total.ids, 100 * mean(all.hota.hota), 100 * all.identity.f1, name);
}

void print_row(const std::vector<Sequence>& sequences, const std::string& row, const Options& options) {
  const auto config = configured(row);
  std::vector<Result> results(sequences.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) {
    threads.emplace_back([&] {
      for (std::size_t job; (job = next++) < sequences.size();) {
        results[job] = replay(sequences[job], config, options.absence_s);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::cout << to_line(results, row) << std::flush;
  for (std::size_t i = 0; options.per_sequence && i < results.size(); ++i) {
    std::cout << to_line({results[i]}, "  " + sequences[i].name);
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
  app.add_option("--sequences", options.sequences, "Names of scenes (default: all)")->allow_extra_args(false)->delimiter(',');
  app.add_flag("--per-sequence", options.per_sequence, "A line for every scene");
  app.add_option("--jobs", options.jobs, "Threads")->capture_default_str();
  app.add_option("rows", options.rows, "Settings, such as 'default' or 'memory.limit=0.4'")->required();
  CLI11_PARSE(app, count, words);
  std::vector<Sequence> sequences;
  for (const auto& found : eval::find_sequences(options.scenes, {})) {
    if (!options.sequences.empty() && !std::ranges::count(options.sequences, found.name)) continue;
    sequences.push_back(read_sequence(found, options.recordings));
  }
  for (const auto& row : options.rows) print_row(sequences, row, options);
} catch (const std::exception& error) {
  std::cerr << "returns_table: " << error.what() << "\n";
  return 1;
}
