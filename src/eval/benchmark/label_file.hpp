// Reads ground truth and result files into labeled sequences.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "eval/benchmark/benchmark.hpp"
#include "onepass/metrics.hpp"
#include "onepass/shape_metrics.hpp"

namespace onepass::eval {

using Warn = std::function<void(const std::string& line)>;

/// Maximum length of a sequence that can be evaluated, in frames.
inline constexpr std::int64_t longest_sequence = 10'000'000;

/// Reads a gt.txt. Without `frame_count`, the largest frame number in the file is the sequence's length.
/// Warns of marks that leave out every row, or that TrackEval reads differently.
/// @throws std::runtime_error "<file>:<line>: …" for rows that are malformed, repeat an id in a frame, or have no class
///         or one that the benchmark does not define.
LabeledSequence read_truth(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                           const Benchmark& benchmark, const Warn& warn);

/// Warns of marks (column 7) of ground truth that leave out every row, or that TrackEval reads differently.
void warn_of_marks(const std::string& name, std::span<const LabeledBox> boxes, const Warn& warn);

/// Reads a tracker's result file for a sequence of `frame_count` frames.
/// @throws std::runtime_error "<file>:<line>: …" like read_truth().
LabeledSequence read_result(const std::filesystem::path& file, std::int64_t frame_count, const Benchmark& benchmark,
                            const Warn& warn);

/// Reads ground truth whatever its benchmark compares: boxes, without shapes, or rotated boxes or masks.
/// @throws std::runtime_error like read_truth(), read_mots(), or for a row without a rotated box.
ShapedSequence read_objects(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                            const Benchmark& benchmark, const Warn& warn);

/// The same for a tracker's result.
ShapedSequence read_result_objects(const std::filesystem::path& file, std::int64_t frame_count,
                                   const Benchmark& benchmark, const Warn& warn);

/// Returns the largest frame number of a file of MOTChallenge text; 0 if it has no rows.
/// @throws std::runtime_error "<file>:<line>: …" for rows that are malformed.
std::int64_t last_frame(const std::filesystem::path& file);

/// Whether a text file starts with a row of numbers separated by commas, as result files do and summaries or notes do
/// not.
bool starts_with_row(const std::filesystem::path& file);

/// Returns a sequence of frames without boxes.
LabeledSequence empty_sequence(std::int64_t frame_count);

}  // namespace onepass::eval
