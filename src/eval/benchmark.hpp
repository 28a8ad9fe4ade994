// What a benchmark evaluates: its classes, distractors, ignored regions and thresholds.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "onepass/metrics.hpp"

namespace onepass::eval {

struct Benchmark {
  std::string name;
  std::map<std::string, int> labels{};  ///< every class in the ground truth, by its number there
  std::vector<std::string> evaluate{};  ///< the classes that are scored
  bool truth_classes = true;            ///< the ground truth names the class of its boxes (column 8)
  bool result_classes = false;          ///< so do result files; otherwise all their boxes are of the class
  std::map<std::string, std::vector<std::string>> distractors{};  ///< by evaluated class
  std::vector<std::string> ignore{};  ///< classes whose boxes are regions in which nothing is evaluated
  double removal_overlap = 0.5;
  double ignored_coverage = 0.5;
  double match_overlap = 0.5;

  /// The rules for one of the evaluated classes.
  EvaluationRules rules(const std::string& class_name) const;
  bool knows_class(int number) const;
  bool ignores(int number) const;
};

/// MOT15, MOT16, MOT17, MOT20, DanceTrack or SportsMOT, in any case; or "none": every box whose mark is not 0 counts,
/// whatever its class.
/// @throws std::runtime_error listing the names there are.
Benchmark known_benchmark(const std::string& name);

/// Reads a description: name, labels {class: number}, evaluate, truth_classes, result_classes, distractors (a list,
/// or a list per evaluated class), ignore, removal_overlap, ignored_coverage, match_overlap.
/// @throws std::runtime_error with file, line and key.
Benchmark read_benchmark(const std::filesystem::path& path);

/// The benchmark of this name, or that a file .yaml or .yml describes.
/// @throws std::runtime_error as the two above do.
Benchmark named_benchmark(const std::string& name_or_file);

/// The benchmark that sequences of these names belong to, or "" if they are of no benchmark or of several.
std::string benchmark_of(const std::vector<std::string>& sequences);

}  // namespace onepass::eval
