// Evaluates embeddings: does a detection's nearest neighbor some frames later have the same identity?
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/reid_network.hpp"
#include "lab/retrieval.hpp"
#include "lab/shared_pass.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::lab {

/// A distance in time: seconds if `seconds` > 0, otherwise frames.
struct Gap {
  std::int64_t frames = 0;
  double seconds = 0;

  /// The gap in frames; a gap in seconds is rounded and is at least one frame.
  std::int64_t in_frames(double frame_rate) const;
};

/// Parses "25" (frames) or "1s" and "0.5s" (seconds). @throws std::runtime_error for anything else.
Gap parse_gap(const std::string& text);

/// One row of results.
struct ReidScore {
  std::string sequence;
  std::string method;
  std::int64_t gap_frames = 0;
  GapScore score;
};

struct EvaluationOptions {
  std::vector<Gap> gaps;
  std::optional<int> stream{};  ///< as SourceOptions::stream
  std::int64_t every = 5;       ///< every how many frames detections are used as queries
  double min_iou = 0.5;         ///< min IoU of a detection with its ground truth
  WarningHandler warn = [](const std::string&) {};
  std::function<bool()> stop = [] { return false; };
  std::function<void(std::int64_t frames)> progress = [](std::int64_t) {};  ///< called after every forward pass
};

/// Labeled embeddings and times of one sequence, per method.
struct ReidRun {
  std::string sequence;
  double frame_rate = 0;
  std::vector<std::string> methods;
  std::vector<LabeledFrames> labeled;  ///< per method
  std::vector<double> embed_ms;        ///< per method, mean time in milliseconds per frame
  double forward_ms = 0;               ///< mean time in milliseconds per frame, from image to boxes
  std::int64_t frames = 0;             ///< number of embedded frames
  std::int64_t detections = 0;         ///< number of detections with an identity
};

/// Source of the identities of a frame's detections.
struct Labels {
  std::function<std::vector<std::optional<std::int64_t>>(const Frame& frame, const std::vector<Detection>& detections)>
      identify;
  bool follows_every_frame = false;  ///< also needs the detections of frames that are not embedded
};

/// Embeds the frames of a source for which `is_needed` returns true.
/// @param networks additional methods, which embed crops
ReidRun embed_labeled(FrameSource& source, SharedPass& pass, std::span<ReidNetwork> networks, const Labels& labels,
                      const std::function<bool(std::int64_t index)>& is_needed, const EvaluationOptions& options);

/// Detects and embeds the frames of a MOTChallenge sequence that the gaps need; identities come from its ground truth.
/// @throws std::runtime_error if images or ground truth are missing.
ReidRun run_sequence(const std::filesystem::path& sequence, SharedPass& pass, std::span<ReidNetwork> networks,
                     const EvaluationOptions& options);

/// Returns the scores of all methods at all gaps.
std::vector<ReidScore> score_run(const ReidRun& run, const EvaluationOptions& options);

}  // namespace onepass::lab
