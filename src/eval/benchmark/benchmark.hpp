// Describes benchmarks: their classes, distractors, ignored regions and thresholds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "eval/benchmark/selection.hpp"
#include "onepass/metrics.hpp"

namespace onepass::eval {

/// What is compared, and how files describe it: rows of MOTChallenge, the same with the angle of the box in column 11,
/// or rows of MOTS.
enum class Objects { boxes, rotated, masks };

struct Benchmark {
  std::string name;
  std::map<std::string, int> labels{};  ///< number of every class in the ground truth files
  std::vector<std::string> evaluate{};  ///< the classes that are scored
  bool truth_classes = true;            ///< column 8 of ground truth files is the class
  bool result_classes = false;          ///< column 8 of result files is the class; false: all boxes are of the class
  std::map<std::string, std::vector<std::string>> distractors{};  ///< by evaluated class
  std::vector<std::string> ignore{};  ///< classes whose boxes are regions that are not evaluated
  double removal_overlap = 0.5;
  double ignored_coverage = 0.5;
  double match_overlap = 0.5;
  Objects objects = Objects::boxes;
  std::int64_t first_frame = 1;  ///< number of the first frame in the files of Objects::masks
  std::string format{};          ///< of the files if their content does not tell it, such as "visdrone"
  bool own_truth = false;        ///< classes are evaluated apart by SelectionRules, not as in MOTChallenge
  double smallest_height = 0;    ///< with own_truth: unmatched boxes of at most this height are not evaluated

  /// Returns the rules of select_boxes() for one of the evaluated classes.
  SelectionRules selection(const std::string& class_name) const;

  /// Returns the rules for one of the evaluated classes.
  EvaluationRules rules(const std::string& class_name) const;
  bool knows_class(int number) const;
  bool ignores(int number) const;
};

/// Returns MOT15, MOT16, MOT17, MOT20, DanceTrack, SportsMOT, KITTI, BDD100K, VisDrone, UAVDT, MOTS20 or KITTI-MOTS
/// (case-insensitive), or "none", which evaluates every box with a nonzero mark regardless of its class; "rotated" does
/// so with rotated boxes.
/// @throws std::runtime_error listing the known names.
Benchmark known_benchmark(const std::string& name);

/// Reads a YAML description: name, labels {class: number}, evaluate, truth_classes, result_classes, distractors (a
/// list, or a list per evaluated class), ignore, removal_overlap, ignored_coverage, match_overlap.
/// @throws std::runtime_error with file, line and key.
Benchmark read_benchmark(const std::filesystem::path& path);

/// Returns read_benchmark() for a .yaml or .yml file, known_benchmark() for any other name.
/// @throws std::runtime_error like these functions.
Benchmark named_benchmark(const std::string& name_or_file);

/// Returns a benchmark of these classes, each evaluated apart, in files that have names or numbers (from 1) of classes.
Benchmark custom_benchmark(const std::vector<std::string>& classes);

/// Returns the benchmark that all sequences of these names belong to, or "" if there is no such benchmark.
std::string benchmark_of(const std::vector<std::string>& sequences);

}  // namespace onepass::eval
