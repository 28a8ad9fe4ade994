// Chooses the benchmark of sequences by their files, their names, and what is asked for.
#pragma once

#include <string>
#include <vector>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/benchmark_folder.hpp"
#include "eval/benchmark/label_file.hpp"

namespace onepass::eval {

/// What is asked for.
struct BenchmarkChoice {
  std::string benchmark;  ///< a known name, a YAML file, or empty
  std::string classes{};  ///< to evaluate, and renamed: "person=pedestrian,car"; empty: those of the benchmark
};

/// Returns the benchmark that is named or, if none is, the one that the sequences belong to. If there is none, files
/// are evaluated as "none" and folders as MOT17, with a warning. Classes that are named restrict the benchmark, or are
/// those of files without a benchmark.
/// @throws SettingError "classes" for a class that the benchmark does not have.
Benchmark choose_benchmark(const BenchmarkChoice& choice, const std::vector<SequenceFolder>& sequences,
                           const Warn& warn);

}  // namespace onepass::eval
