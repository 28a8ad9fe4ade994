// Tunes parameters of the tracker and measures, by cross-validation over sequences, what that is worth elsewhere.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tune/evaluator.hpp"
#include "tune/trial_log.hpp"

namespace onepass::tune {

struct TuningOptions {
  int trials = 100;
  std::size_t folds = 0;  ///< below 2: no cross-validation
  unsigned seed = 1;
  std::function<bool()> stop = [] { return false; };
  /// Called after every round of trials with the number of trials so far (of each study) and the best objective.
  std::function<void(int trials, double best)> progress = [](int, double) {};
};

/// A part of the sequences, and the values chosen without them.
struct Fold {
  std::vector<std::size_t> held_out;
  Values chosen;
  double held_out_base = 0;   ///< objective of the base configuration on the part
  double held_out_tuned = 0;  ///< objective of the chosen values on the part
};

struct SequenceResult {
  std::string name;
  double base = 0;
  double tuned = 0;            ///< by the final values, which were chosen with this sequence
  double cross_validated = 0;  ///< by the values that were chosen without it
};

struct TuningResult {
  Values best;  ///< only the values that differ from the base configuration
  double base = 0;
  double tuned = 0;
  double cross_validated = 0;  ///< of all sequences together, each with the values of its fold
  std::vector<Fold> folds;
  std::vector<SequenceResult> sequences;
  std::vector<Trial> trials;  ///< on all sequences
  std::map<std::string, double> importance;
  int finished_trials = 0;
  bool interrupted = false;
};

/// Assigns every sequence to a fold, from 0, evenly. Sequences of the same footage (a MOT17 sequence with several
/// detectors) are in the same fold.
std::vector<std::size_t> assign_folds(std::span<const std::string> names, std::size_t folds);

/// Searches on all sequences, and for every fold on the sequences outside it. Of every search the best values are
/// chosen; those without which the objective falls by less than .1 return to the base configuration.
TuningResult tune(Evaluator& evaluator, std::span<const Parameter> parameters, const Config& base, TrialLog& log,
                  const TuningOptions& options);

}  // namespace onepass::tune
