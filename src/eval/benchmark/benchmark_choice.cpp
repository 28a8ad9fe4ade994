#include "eval/benchmark/benchmark_choice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "eval/benchmark/annotation_labels.hpp"
#include "eval/shapes/mots_file.hpp"
#include "formats/class_choice.hpp"
#include "io/mot_text.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

namespace fs = std::filesystem;

/// Whether the ground truth starts with a row without a class: seven columns, or class -1.
bool has_no_classes(const SequenceFolder& sequence) {
  if (!fs::is_regular_file(sequence.truth_file()) || !foreign_format(sequence.truth_file()).empty()) return false;
  io::MotReader reader(sequence.truth_file(), {});
  io::MotRow row;
  return reader.next(row) && (row.columns < 8 || row.column_8 == -1);
}

/// Whether the sequences are files rather than folders of MOTChallenge's layout.
bool are_files(const std::vector<SequenceFolder>& sequences) {
  return !sequences.empty() && !sequences.front().file.empty();
}

std::string benchmark_of_names(const std::vector<SequenceFolder>& sequences) {
  std::vector<std::string> names;
  for (const auto& sequence : sequences) names.push_back(sequence.name);
  return benchmark_of(names);
}

/// The benchmark of files of ground truth, by their format or else their names; "none" if there is none.
std::string benchmark_of_files(const std::vector<SequenceFolder>& files) {
  const auto format = foreign_format(files.front().file);
  if (!format.empty()) return benchmark_of_format(format);
  const auto name = std::ranges::any_of(files, has_no_classes) ? "" : benchmark_of_names(files);
  return name.empty() ? "none" : name;
}

/// The classes to evaluate: the new names in "person=pedestrian,car".
std::vector<std::string> evaluated_classes(const std::string& classes) {
  std::vector<std::string> names;
  for (const auto& chosen : formats::parse_classes(classes)) {
    if (std::ranges::find(names, chosen.to) == names.end()) names.push_back(chosen.to);
  }
  return names;
}

/// @param classes to evaluate; empty: those of the benchmark
Benchmark recognized_by_files(const std::vector<SequenceFolder>& files, const std::string& classes, const Warn& warn) {
  const auto name = benchmark_of_files(files);
  if (name != "none") return known_benchmark(name);
  if (!classes.empty()) return custom_benchmark(evaluated_classes(classes));
  warn("the ground truth is that of no benchmark: every box is evaluated, whatever its class (setting: benchmark)");
  return known_benchmark(name);
}

Benchmark recognized_by_folders(const std::vector<SequenceFolder>& sequences, const Warn& warn) {
  auto name = benchmark_of_names(sequences);
  const auto has_masks = [](const SequenceFolder& sequence) { return starts_with_mots_row(sequence.truth_file()); };
  if (name.empty() && std::ranges::any_of(sequences, has_masks)) {
    name = "MOTS20";
    warn("the ground truth has masks; evaluated as MOTS20 (setting: benchmark)");
  } else if (name.empty() && std::ranges::any_of(sequences, has_no_classes)) {
    name = "none";
    warn("the ground truth has no classes (column 8): every box is evaluated (setting: benchmark)");
  } else if (name.empty()) {
    name = "MOT17";
    warn("the benchmark cannot be derived from the sequence names; evaluated as MOT17 (setting: benchmark)");
  }
  return known_benchmark(name);
}

}  // namespace

Benchmark choose_benchmark(const BenchmarkChoice& choice, const std::vector<SequenceFolder>& sequences,
                           const Warn& warn) {
  auto benchmark = !choice.benchmark.empty() ? named_benchmark(choice.benchmark)
                   : are_files(sequences)    ? recognized_by_files(sequences, choice.classes, warn)
                                             : recognized_by_folders(sequences, warn);
  if (choice.classes.empty()) return benchmark;
  std::vector<std::string> evaluated;
  for (const auto& name : evaluated_classes(choice.classes)) {
    const auto found = std::ranges::find_if(benchmark.labels,
                                            [&](const auto& label) { return formats::same_name(label.first, name); });
    if (found == benchmark.labels.end())
      throw SettingError("classes", fmt::format("the benchmark {} has no class '{}'", benchmark.name, name));
    evaluated.push_back(found->first);
  }
  benchmark.evaluate = evaluated;
  return benchmark;
}

}  // namespace onepass::eval
