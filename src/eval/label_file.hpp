// Reads ground truth and result files into labelled sequences.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "eval/benchmark.hpp"
#include "onepass/metrics.hpp"

namespace onepass::eval {

using Warn = std::function<void(const std::string& line)>;

/// Frames of the longest sequence that is evaluated.
inline constexpr std::int64_t longest_sequence = 10'000'000;

/// A gt.txt. Without `frame_count` the sequence is as long as its last row says.
/// @throws std::runtime_error "<file>:<line>: …" for rows that are malformed, repeat an id in a frame, or are of a
///         class that the benchmark does not know.
LabelledSequence read_truth(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                            const Benchmark& benchmark, const Warn& warn);

/// The results of a tracker for a sequence of this length.
LabelledSequence read_result(const std::filesystem::path& file, std::int64_t frame_count, const Benchmark& benchmark,
                             const Warn& warn);

/// A sequence of empty frames.
LabelledSequence empty_sequence(std::int64_t frame_count);

}  // namespace onepass::eval
