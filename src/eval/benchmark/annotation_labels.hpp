// Reads ground truth and results in the formats of other tools into labeled sequences.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "onepass/labels.hpp"

namespace onepass::eval {

/// Returns the name of the format of a label file that is not MOTChallenge text; "" if it is, or is no label file.
std::string foreign_format(const std::filesystem::path& file);

/// The benchmark that files of a format belong to; "none" if the format is none of a benchmark.
std::string benchmark_of_format(const std::string& format);

/// Reads a file in another format. Classes are those of the benchmark by name, regardless of case, or by number if the
/// format has no names; hard objects (KITTI: truncated, or hardly visible) are of the class "<name> hard" if the
/// benchmark has it, and crowds of its first class to ignore.
/// @param classes renames classes of the file first: "person=pedestrian,van=car"
/// @param side which side of the evaluation the file is; results may have classes that the benchmark does not know only
///        if others were chosen in `classes`
/// @throws std::runtime_error "<file>: …", SettingError "benchmark" for a class of results that it does not have
enum class Side { truth, result };
LabeledSequence read_labels(const std::filesystem::path& file, Side side, const Benchmark& benchmark,
                            const std::string& classes, const Warn& warn);

/// Adds empty frames up to this number.
void pad(LabeledSequence& sequence, std::int64_t frame_count);

}  // namespace onepass::eval
