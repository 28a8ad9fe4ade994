#include "eval/benchmark/evaluation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "eval/benchmark/annotation_labels.hpp"
#include "eval/benchmark/benchmark_choice.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/benchmark/true_identities.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

/// The result file of a tracker for every sequence to evaluate; an empty path is a missing file.
struct Plan {
  TrackerFolder tracker;
  std::map<std::string, fs::path> files;
};

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
    if (exact) plan.files[sequence.name] = result_path(tracker, sequence.name);
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
    const auto file = result_path(plan.tracker, name);
    if (!used.contains(file) && file.extension() == ".txt" && starts_with_row(file))
      unused += (unused.empty() ? "" : ", ") + name + ".txt";
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

/// Whether a file is read as one of another tool: by its content, or because the benchmark has another format, or
/// classes to be renamed.
bool is_foreign(const fs::path& file, const Benchmark& benchmark) {
  return !benchmark.format.empty() || benchmark.own_truth || !foreign_format(file).empty();
}

/// Whether only the rows of ground truth and results tell how long the sequence is.
bool has_open_end(const SequenceFolder& sequence) { return !sequence.file.empty() && !sequence.frame_count; }

/// The length of a sequence with these results in MOTChallenge text.
std::int64_t length_with(const fs::path& results, const LabeledSequence& truth, const SequenceFolder& sequence) {
  return has_open_end(sequence) ? std::max(truth.frame_count(), last_frame(results)) : truth.frame_count();
}

/// Reads the results of a sequence; frames after its last are added to both sides if its length is not known.
LabeledSequence load_result(const fs::path& file, LabeledSequence& truth, const SequenceFolder& sequence,
                            const EvaluationOptions& options, const Benchmark& benchmark, const Warn& warn) {
  if (file.empty()) return empty_sequence(truth.frame_count());
  auto result = is_foreign(file, benchmark) ? read_labels(file, Side::result, benchmark, options.classes, warn)
                                            : read_result(file, length_with(file, truth, sequence), benchmark, warn);
  if (sequence.frame_count && result.frame_count() > *sequence.frame_count)
    throw std::runtime_error(fmt::format("{}: has frame {}, but the sequence has {}", file.string(),
                                         result.frame_count(), *sequence.frame_count));
  pad(truth, result.frame_count());
  pad(result, truth.frame_count());
  return result;
}

LabeledSequence load_truth(const SequenceFolder& sequence, const EvaluationOptions& options, const Benchmark& benchmark,
                           const Warn& warn) {
  const auto file = sequence.truth_file();
  if (sequence.frame_count > longest_sequence)
    throw std::runtime_error(fmt::format("{}: seqLength {} exceeds the maximum of {} frames",
                                         (sequence.folder / "seqinfo.ini").string(), *sequence.frame_count,
                                         longest_sequence));
  if (fs::is_regular_file(file)) {
    if (is_foreign(file, benchmark)) return read_labels(file, Side::truth, benchmark, options.classes, warn);
    const auto length = has_open_end(sequence) ? last_frame(file) : sequence.frame_count;
    return read_truth(file, length, benchmark, warn);
  }
  if (options.missing == Missing::refuse)
    throw SettingError("allow_missing", file.string() + ": no such ground truth file");
  if (!sequence.frame_count)
    throw std::runtime_error(fmt::format(
        "{}: there is neither ground truth nor a seqinfo.ini with the sequence's length", sequence.folder.string()));
  warn(file.string() + ": no such ground truth file; counted as empty");
  return empty_sequence(*sequence.frame_count);
}

EvaluatedTracker start_tracker(const std::string& name, const Benchmark& benchmark) {
  EvaluatedTracker tracker{.name = name};
  for (const auto& class_name : benchmark.evaluate) tracker.classes.push_back({.name = class_name});
  return tracker;
}

SequenceScores score_class(const LabeledSequence& truth, const LabeledSequence& result, const Benchmark& benchmark,
                           const std::string& class_name) {
  if (!benchmark.own_truth) return evaluate_sequence(truth, result, benchmark.rules(class_name));
  const auto selected = select_boxes(truth, result, benchmark.selection(class_name));
  return evaluate_sequence(selected.truth, selected.result,
                           {.truth_has_classes = false, .match_overlap = benchmark.match_overlap});
}

void evaluate_one(const LabeledSequence& truth, const LabeledSequence& result, const std::string& name,
                  const Benchmark& benchmark, EvaluatedTracker& tracker) {
  for (auto& evaluated : tracker.classes) {
    auto [scores, switches] = score_class(truth, result, benchmark, evaluated.name);
    evaluated.sequences.push_back({name, truth.frame_count(), scores, std::move(switches)});
  }
}

/// Reads the masks or rotated boxes of a sequence, and those of all trackers, and scores them.
void evaluate_shaped(const SequenceFolder& sequence, const std::vector<Plan>& plans, const EvaluationOptions& options,
                     const Benchmark& benchmark, const Warn& warn, Evaluation& evaluation) {
  const auto truth_file = sequence.truth_file();
  if (!fs::is_regular_file(truth_file)) throw std::runtime_error(truth_file.string() + ": no such ground truth file");
  if (options.ceiling == Ceiling::add)
    throw std::runtime_error("true identities are given to boxes only, not to masks or rotated boxes");
  const auto truth = read_objects(truth_file, sequence.frame_count, benchmark, warn);
  const auto frames = truth.labels.frame_count();
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const auto found = plans[i].files.find(sequence.name);
    if (found == plans[i].files.end()) continue;
    const auto result = found->second.empty() ? ShapedSequence{empty_sequence(frames), {}}
                                              : read_result_objects(found->second, frames, benchmark, warn);
    for (auto& evaluated : evaluation.trackers[i].classes) {
      auto [scores, switches] = evaluate_shapes(truth, result, benchmark.rules(evaluated.name));
      evaluated.sequences.push_back({sequence.name, frames, scores, std::move(switches)});
    }
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
  const auto benchmark = choose_benchmark({options.benchmark, options.classes}, sequences, warn);
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
    if (benchmark.objects != Objects::boxes) {
      evaluate_shaped(sequence, plans, options, benchmark, warn, evaluation);
      continue;
    }
    auto truth = load_truth(sequence, options, benchmark, warn);
    if (sequence.frame_count) pad(truth, *sequence.frame_count);
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (!needed(plans[i])) continue;
      const auto& file = plans[i].files.at(sequence.name);
      const auto result = load_result(file, truth, sequence, options, benchmark, warn);
      evaluate_one(truth, result, sequence.name, benchmark, evaluation.trackers[i]);
      if (ceilings.empty()) continue;
      evaluate_one(truth, with_true_identities(truth, result, benchmark.match_overlap), sequence.name, benchmark,
                   ceilings[i]);
    }
  }
  evaluation.trackers = interleaved(std::move(evaluation.trackers), std::move(ceilings));
  for (auto& tracker : evaluation.trackers) combine_tracker(tracker);
  return evaluation;
}

}  // namespace onepass::eval
