// Evaluates result folders against a benchmark folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "onepass/metrics.hpp"

namespace onepass::eval {

/// How missing result and ground truth files are handled.
enum class Missing { refuse, count_as_empty };

/// Whether every tracker is followed by one of the same boxes with the identities of the ground truth: what better
/// identities could reach at most.
enum class Ceiling { omit, add };

struct EvaluationOptions {
  std::filesystem::path truth;
  std::vector<std::filesystem::path> results;  ///< folders of one or more trackers
  SequenceSelection selection{};
  std::string benchmark{};  ///< a known name, a YAML file, or empty: derived from the sequence names
  std::string classes{};    ///< to evaluate, and renamed: "person=pedestrian,car"; empty: those of the benchmark
  Missing missing = Missing::refuse;
  Ceiling ceiling = Ceiling::omit;
};

struct EvaluatedSequence {
  std::string name;
  std::int64_t frame_count = 0;
  Scores scores;
  std::vector<IdentitySwitch> switches;
};

struct EvaluatedClass {
  std::string name;
  std::vector<EvaluatedSequence> sequences{};
  Scores combined{};
};

struct EvaluatedTracker {
  std::string name;
  std::vector<EvaluatedClass> classes{};
  std::optional<Scores> class_average{};  ///< mean of the classes' combined scores, if there are several classes
  std::optional<Scores> all_boxes{};      ///< all boxes combined regardless of class, if there are several classes
};

struct Evaluation {
  std::string benchmark;
  std::vector<EvaluatedTracker> trackers;
  std::vector<std::string> warnings;
};

/// Returns the sequences that at least one tracker was evaluated on, in order of first appearance.
std::vector<std::string> sequence_names(const Evaluation& evaluation, std::size_t class_index);

/// Returns the tracker's evaluation of a sequence, or nullptr if there is none.
const EvaluatedSequence* find_sequence(const EvaluatedTracker& tracker, std::size_t class_index,
                                       const std::string& name);

/// @throws std::runtime_error naming the file and the problem.
Evaluation evaluate(const EvaluationOptions& options);

}  // namespace onepass::eval
