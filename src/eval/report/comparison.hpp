// Compares two evaluations of the same sequences by a paired bootstrap, to tell real differences from noise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"

namespace onepass::eval {

struct BootstrapOptions {
  int resamples = 10000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// Difference of one score between two trackers: ours minus theirs.
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
  double p_value = 1;  ///< two-sided, from how often resampling reverses the sign of the difference

  double difference() const { return ours - theirs; }
  /// Returns "better" or "worse" if the interval excludes 0, otherwise "within noise".
  std::string verdict() const;
  std::string shown(double value) const;         ///< in percent if it is a ratio
  std::string shown_signed(double value) const;  ///< the same for a difference, with its sign
};

struct Comparison {
  std::string ours{};
  std::string theirs{};
  std::string class_name{};
  BootstrapOptions options{};
  std::vector<std::string> sequences{};
  std::vector<ScoreDifference> differences{};
};

/// Paired bootstrap (Efron and Tibshirani 1993, chapters 13 and 16): sequences are drawn with replacement, the same
/// ones for both trackers; the combined scores of each sample are recomputed and subtracted. Deterministic for a given
/// seed. Every class of every tracker of `ours` is compared with the tracker of the same name in `theirs`, or with the
/// only tracker there.
/// @throws SettingError if trackers, classes or sequences do not correspond.
std::vector<Comparison> compare(const Evaluation& ours, const Evaluation& theirs, const BootstrapOptions& options);

std::string to_table(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families);
std::string to_json(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families);

}  // namespace onepass::eval
