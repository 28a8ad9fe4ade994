#include "cli/benchmark/benchmark_runner.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "onepass/pipeline.hpp"
#include "pipeline/recording_detector.hpp"

namespace onepass::cli {
namespace {

/// A single progress line for all sequences that are tracked in parallel; messages are printed without corrupting it.
class SharedProgress {
 public:
  explicit SharedProgress(const std::vector<SequenceRun>& runs)
      : line_("benchmark", frame_count(runs)), by_sequence_(runs.size()) {}

  void update(std::size_t sequence, const RunStatistics& statistics) {
    const std::lock_guard lock(mutex_);
    auto& before = by_sequence_[sequence];
    total_.frames += statistics.frames - before.frames;
    total_.identities += statistics.identities - before.identities;
    before = statistics;
    line_.update(total_);
  }

  void say(const std::string& line) {
    const std::lock_guard lock(mutex_);
    line_.clear();
    print_line(line);
  }

 private:
  static std::int64_t frame_count(const std::vector<SequenceRun>& runs) {
    std::int64_t count = 0;
    for (const auto& run : runs) count += run.frame_count;
    return count;
  }

  std::mutex mutex_;
  ProgressLine line_;
  RunStatistics total_;
  std::vector<RunStatistics> by_sequence_;
};

class Runner {
 public:
  Runner(const std::vector<SequenceRun>& runs, const DetectorFactory& detectors, const RunnerOptions& options,
         const StopSignal& stop)
      : runs_(runs), detectors_(detectors), options_(options), stop_(stop), progress_(runs) {}

  /// Tracks one sequence; errors are reported, not thrown.
  Outcome run(std::size_t index) {
    const auto file = options_.results / (runs_[index].name + ".txt");
    auto outcome = Outcome::failed;
    try {
      const auto statistics = track(index, file);
      outcome = statistics.stopped ? Outcome::stopped : Outcome::finished;
      if (outcome == Outcome::finished) progress_.say(summary_line(runs_[index].name, statistics));
    } catch (const std::exception& error) {
      progress_.say(fmt::format("onepass: {}: {}", runs_[index].name, message_of(error)));
    }
    // Remove an incomplete file, because it would be mistaken for a result.
    std::error_code ignored;
    if (outcome != Outcome::finished) std::filesystem::remove(file, ignored);
    return outcome;
  }

 private:
  RunStatistics track(std::size_t index, const std::filesystem::path& file) {
    const auto& sequence = runs_[index];
    SourceOptions source_options;
    source_options.load_images = sequence.load_images;
    source_options.warn = [&](const std::string& line) { progress_.say("onepass: warning: " + line); };
    const auto source = open_source(sequence.folder.string(), source_options);
    const auto detector = detectors_.open(sequence.detections, source->info(), source_options.warn);
    Tracker tracker(sequence.tracker, source->info().frame_rate);
    Sinks sinks;
    sinks.push_back(make_mot_sink(file, Overwrite::replace));
    RunOptions options;
    options.stop = [&] { return stop_.received(); };
    options.progress = [&](const RunStatistics& statistics) { progress_.update(index, statistics); };
    if (options_.detections.empty()) return onepass::run(*source, *detector, tracker, sinks, options);
    pipeline::RecordingDetector recorder(*detector);
    const auto statistics = onepass::run(*source, recorder, tracker, sinks, options);
    if (!statistics.stopped) recorder.save(options_.detections / (sequence.name + ".npz"), options_.overwrite);
    return statistics;
  }

  const std::vector<SequenceRun>& runs_;
  const DetectorFactory& detectors_;
  const RunnerOptions& options_;
  const StopSignal& stop_;
  SharedProgress progress_;
};

}  // namespace

std::vector<Outcome> run_sequences(const std::vector<SequenceRun>& runs, const DetectorFactory& detectors,
                                   const RunnerOptions& options, const StopSignal& stop) {
  std::vector<Outcome> outcomes(runs.size(), Outcome::not_started);
  Runner runner(runs, detectors, options, stop);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    while (!stop.received()) {
      const auto index = next++;
      if (index >= runs.size()) return;
      outcomes[index] = runner.run(index);
    }
  };
  std::vector<std::jthread> others;
  const auto workers = std::min(static_cast<std::size_t>(options.jobs), runs.size());
  for (std::size_t i = 1; i < workers; ++i) others.emplace_back(work);
  work();
  others.clear();  // joins the threads
  return outcomes;
}

}  // namespace onepass::cli
