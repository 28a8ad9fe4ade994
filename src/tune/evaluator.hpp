// Scores configurations of the tracker on sequences, on all cores.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "tune/replayed_sequence.hpp"
#include "tune/search_space.hpp"

namespace onepass::tune {

struct EvaluatorOptions {
  eval::Benchmark benchmark;
  std::string objective = "HOTA";
  unsigned replays = 1;  ///< the first is undisturbed; see score_sequence()
  int jobs = 1;          ///< threads; the scores do not depend on them
};

/// Values to be scored on some sequences, given by their indices.
struct Request {
  Values values;
  std::vector<std::size_t> sequences;
};

/// Names of the scores that can be an objective; larger is better for all of them.
std::vector<std::string> objective_names();

/// @throws std::invalid_argument listing the names if there is no such objective.
void require_objective(const std::string& name);

/// Remembers every score, so that nothing is computed twice.
class Evaluator {
 public:
  Evaluator(std::vector<ReplayedSequence> sequences, Config base, EvaluatorOptions options);

  std::span<const ReplayedSequence> sequences() const { return sequences_; }

  /// Computes what is missing.
  /// @return false if `stop` returned true before all was computed.
  bool evaluate(
      std::span<const Request> requests, const std::function<bool()>& stop = [] { return false; });

  /// The objective of all sequences of an evaluated request together, and of all their replays, in percent.
  double objective(const Request& request) const;

  /// The scores of all sequences together, where every sequence may have other values.
  /// @param parts evaluated requests
  Scores combined(std::span<const Request> parts) const;

  /// Returns the objective of scores, in percent.
  double objective_of(Scores scores) const;

 private:
  const Scores& scores(const Values& values, std::size_t sequence) const;

  std::vector<ReplayedSequence> sequences_;
  Config base_;
  EvaluatorOptions options_;
  std::map<Values, std::vector<std::optional<Scores>>> scores_;
};

}  // namespace onepass::tune
