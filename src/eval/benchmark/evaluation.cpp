#include "eval/benchmark/evaluation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "eval/benchmark/label_file.hpp"
#include "eval/benchmark/true_identities.hpp"
#include "io/mot_text.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

/// The result file of a tracker for every sequence to evaluate; an empty path is a missing file.
struct Plan {
  TrackerFolder tracker;
  std::map<std::string, fs::path> files;
};

/// Whether the ground truth starts with a row without a class: seven columns, or class -1.
bool has_no_classes(const SequenceFolder& sequence) {
  if (!fs::is_regular_file(sequence.truth_file())) return false;
  io::MotReader reader(sequence.truth_file(), {});
  io::MotRow row;
  return reader.next(row) && (row.columns < 8 || row.column_8 == -1);
}

bool shares_truth(const std::string& a, const std::string& b) { return without_detector(a) == without_detector(b); }

/// Chooses the sequences and files to evaluate for a tracker. MOT17 has every sequence three times, once per public
/// detector, with the same ground truth. If a tracker has results for only some of the three, the others are skipped
/// unless a seqmap lists the sequences.
class Planner {
 public:
  Planner(const std::vector<SequenceFolder>& sequences, const EvaluationOptions& options, const Warn& warn)
      : sequences_(sequences), options_(options), warn_(warn) {}

  Plan plan(const TrackerFolder& tracker) const;

 private:
  bool has_twin(const Plan& plan, const std::string& name) const;
  void warn_of_unused_files(const Plan& plan) const;

  const std::vector<SequenceFolder>& sequences_;
  const EvaluationOptions& options_;
  const Warn& warn_;
};

bool Planner::has_twin(const Plan& plan, const std::string& name) const {
  return std::any_of(plan.files.begin(), plan.files.end(),
                     [&](const auto& entry) { return shares_truth(entry.first, name); });
}

Plan Planner::plan(const TrackerFolder& tracker) const {
  Plan plan{tracker, {}};
  if (!tracker.single_file.empty() && sequences_.size() > 1)
    throw std::runtime_error(fmt::format("{}: is a single file, but there are {} sequences; give a folder of SEQ.txt",
                                         tracker.single_file.string(), sequences_.size()));
  for (const auto& sequence : sequences_) {
    const bool exact =
        std::find(tracker.sequences.begin(), tracker.sequences.end(), sequence.name) != tracker.sequences.end();
    if (exact) plan.files[sequence.name] = tracker.folder / (sequence.name + ".txt");
  }
  const bool all_demanded = !options_.selection.seqmap.empty();
  for (const auto& sequence : sequences_) {
    if (plan.files.contains(sequence.name)) continue;
    if (!all_demanded && has_twin(plan, sequence.name)) {
      warn_(fmt::format("{}: skipped for {}, which has results for the same ground truth under another detector's name",
                        sequence.name, tracker.name));
      continue;
    }
    const auto found = find_result(tracker, sequence.name);
    if (!found && options_.missing == Missing::refuse)
      throw SettingError("allow_missing",
                         (tracker.folder / (sequence.name + ".txt")).string() + ": no such result file");
    if (!found) warn_(fmt::format("{}: no result for {}; counted as empty", tracker.folder.string(), sequence.name));
    if (found && !found->exact_name)
      warn_(fmt::format("{}: used as the result for {}", found->path.string(), sequence.name));
    plan.files[sequence.name] = found ? found->path : fs::path();
  }
  warn_of_unused_files(plan);
  return plan;
}

void Planner::warn_of_unused_files(const Plan& plan) const {
  std::set<fs::path> used;
  for (const auto& [_, file] : plan.files) used.insert(file);
  std::string unused;
  for (const auto& name : plan.tracker.sequences) {
    const auto file = plan.tracker.folder / (name + ".txt");
    if (!used.contains(file) && starts_with_row(file)) unused += (unused.empty() ? "" : ", ") + name + ".txt";
  }
  if (!unused.empty())
    warn_(fmt::format("{}: files that belong to no evaluated sequence: {}", plan.tracker.folder.string(), unused));
}

std::vector<Plan> make_plans(const std::vector<SequenceFolder>& sequences, const EvaluationOptions& options,
                             const Warn& warn) {
  const Planner planner(sequences, options, warn);
  std::vector<Plan> plans;
  std::set<std::string> names;
  for (const auto& folder : options.results) {
    for (const auto& tracker : find_trackers(folder, options.selection.split)) {
      if (!names.insert(tracker.name).second)
        throw std::runtime_error(
            fmt::format("{}: a second tracker named '{}'; rename one of the folders", folder.string(), tracker.name));
      plans.push_back(planner.plan(tracker));
    }
  }
  return plans;
}

ShapedSequence load_truth(const SequenceFolder& sequence, const EvaluationOptions& options, const Benchmark& benchmark,
                          const Warn& warn) {
  const auto file = sequence.truth_file();
  if (sequence.frame_count > longest_sequence)
    throw std::runtime_error(fmt::format("{}: seqLength {} exceeds the maximum of {} frames",
                                         (sequence.folder / "seqinfo.ini").string(), *sequence.frame_count,
                                         longest_sequence));
  if (fs::is_regular_file(file)) return read_objects(file, sequence.frame_count, benchmark, warn);
  if (options.missing == Missing::refuse)
    throw SettingError("allow_missing", file.string() + ": no such ground truth file");
  if (!sequence.frame_count)
    throw std::runtime_error(fmt::format(
        "{}: there is neither ground truth nor a seqinfo.ini with the sequence's length", sequence.folder.string()));
  warn(file.string() + ": no such ground truth file; counted as empty");
  return {empty_sequence(*sequence.frame_count), {}};
}

EvaluatedTracker start_tracker(const std::string& name, const Benchmark& benchmark) {
  EvaluatedTracker tracker{.name = name};
  for (const auto& class_name : benchmark.evaluate) tracker.classes.push_back({.name = class_name});
  return tracker;
}

void evaluate_one(const ShapedSequence& truth, const ShapedSequence& result, const std::string& name,
                  const Benchmark& benchmark, EvaluatedTracker& tracker) {
  for (auto& evaluated : tracker.classes) {
    const auto rules = benchmark.rules(evaluated.name);
    auto [scores, switches] = benchmark.objects == Objects::boxes
                                  ? evaluate_sequence(truth.labels, result.labels, rules)
                                  : evaluate_shapes(truth, result, rules);
    evaluated.sequences.push_back({name, truth.labels.frame_count(), scores, std::move(switches)});
  }
}

constexpr const char* ceiling_suffix = " (true identities)";

/// Inserts the tracker's ceiling after each tracker.
std::vector<EvaluatedTracker> interleaved(std::vector<EvaluatedTracker> trackers,
                                          std::vector<EvaluatedTracker> ceilings) {
  std::vector<EvaluatedTracker> result;
  for (std::size_t i = 0; i < trackers.size(); ++i) {
    result.push_back(std::move(trackers[i]));
    if (i < ceilings.size()) result.push_back(std::move(ceilings[i]));
  }
  return result;
}

void combine_tracker(EvaluatedTracker& tracker) {
  std::vector<Scores> by_class;
  for (auto& evaluated : tracker.classes) {
    std::vector<Scores> by_sequence;
    for (const auto& sequence : evaluated.sequences) by_sequence.push_back(sequence.scores);
    evaluated.combined = combine(by_sequence);
    by_class.push_back(evaluated.combined);
  }
  if (by_class.size() < 2) return;
  tracker.class_average = average_classes(by_class);
  tracker.all_boxes = combine(by_class);
}

}  // namespace

Benchmark choose_benchmark(const std::string& given, const std::vector<SequenceFolder>& sequences, const Warn& warn) {
  if (!given.empty()) return named_benchmark(given);
  std::vector<std::string> names;
  for (const auto& sequence : sequences) names.push_back(sequence.name);
  auto name = benchmark_of(names);
  if (name.empty() && std::ranges::any_of(sequences, has_no_classes)) {
    name = "none";
    warn("the ground truth has no classes (column 8): every box is evaluated (setting: benchmark)");
  } else if (name.empty()) {
    name = "MOT17";
    warn("the benchmark cannot be derived from the sequence names; evaluated as MOT17 (setting: benchmark)");
  }
  return known_benchmark(name);
}

std::vector<std::string> sequence_names(const Evaluation& evaluation, std::size_t class_index) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& tracker : evaluation.trackers) {
    for (const auto& sequence : tracker.classes[class_index].sequences) {
      if (seen.insert(sequence.name).second) names.push_back(sequence.name);
    }
  }
  return names;
}

const EvaluatedSequence* find_sequence(const EvaluatedTracker& tracker, std::size_t class_index,
                                       const std::string& name) {
  const auto& sequences = tracker.classes[class_index].sequences;
  const auto found = std::ranges::find(sequences, name, &EvaluatedSequence::name);
  return found == sequences.end() ? nullptr : &*found;
}

Evaluation evaluate(const EvaluationOptions& options) {
  Evaluation evaluation;
  const Warn warn = [&](const std::string& line) { evaluation.warnings.push_back(line); };
  const auto sequences = find_sequences(options.truth, options.selection);
  const auto benchmark = choose_benchmark(options.benchmark, sequences, warn);
  evaluation.benchmark = benchmark.name;
  const auto plans = make_plans(sequences, options, warn);
  std::vector<EvaluatedTracker> ceilings;
  for (const auto& plan : plans) {
    evaluation.trackers.push_back(start_tracker(plan.tracker.name, benchmark));
    if (options.ceiling == Ceiling::add)
      ceilings.push_back(start_tracker(plan.tracker.name + ceiling_suffix, benchmark));
  }
  for (const auto& sequence : sequences) {
    const auto needed = [&](const Plan& plan) { return plan.files.contains(sequence.name); };
    if (std::none_of(plans.begin(), plans.end(), needed)) continue;
    const auto truth = load_truth(sequence, options, benchmark, warn);
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (!needed(plans[i])) continue;
      const auto& file = plans[i].files.at(sequence.name);
      const auto frames = truth.labels.frame_count();
      const auto result = file.empty() ? ShapedSequence{empty_sequence(frames), {}}
                                       : read_result_objects(file, frames, benchmark, warn);
      evaluate_one(truth, result, sequence.name, benchmark, evaluation.trackers[i]);
      if (ceilings.empty()) continue;
      const auto renamed = with_true_identities(truth.labels, result.labels, benchmark.match_overlap);
      evaluate_one(truth, {renamed, result.shapes}, sequence.name, benchmark, ceilings[i]);
    }
  }
  evaluation.trackers = interleaved(std::move(evaluation.trackers), std::move(ceilings));
  for (auto& tracker : evaluation.trackers) combine_tracker(tracker);
  return evaluation;
}

}  // namespace onepass::eval
