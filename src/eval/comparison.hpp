// Two evaluations of the same sequences compared, so that noise is not read as progress.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/evaluation.hpp"

namespace onepass::eval {

struct BootstrapOptions {
  int resamples = 10000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// How one score differs between two trackers: ours minus theirs.
struct ScoreDifference {
  std::string family;
  std::string name;
  bool higher_is_better = true;
  bool is_ratio = true;
  double ours = 0;    ///< on all sequences together
  double theirs = 0;  ///< on all sequences together
  std::vector<double> by_sequence{};
  double low = 0;  ///< confidence interval of the difference on all sequences together
  double high = 0;
  double p_value = 1;  ///< two-sided: how often resampling turns the difference around

  double difference() const { return ours - theirs; }
  /// "better" or "worse" where the interval leaves out 0, otherwise "within noise".
  std::string verdict() const;
  std::string shown(double value) const;         ///< in percent where it is a ratio
  std::string shown_signed(double value) const;  ///< of a difference
};

struct Comparison {
  std::string ours;
  std::string theirs;
  std::string class_name;
  std::vector<std::string> sequences;
  std::vector<ScoreDifference> differences;
};

/// Paired bootstrap (Efron and Tibshirani 1993, chapters 13 and 16): sequences are drawn with replacement, the same
/// ones for both trackers; their combined scores are formed anew and subtracted. Deterministic for a given seed.
/// Every class of every tracker of `ours` is compared with the tracker of `theirs` of the same name, or its only one.
/// @throws std::runtime_error where trackers or sequences do not correspond.
std::vector<Comparison> compare(const Evaluation& ours, const Evaluation& theirs, const BootstrapOptions& options);

std::string to_table(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families,
                     const BootstrapOptions& options);
std::string to_json(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families);

}  // namespace onepass::eval
