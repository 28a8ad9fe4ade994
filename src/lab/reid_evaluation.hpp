// The measure of embeddings: is a detection's nearest neighbour some frames later the same identity?
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

/// A distance in time: frames, or seconds where `seconds` > 0.
struct Gap {
  std::int64_t frames = 0;
  double seconds = 0;

  /// At least one frame.
  std::int64_t in_frames(double frame_rate) const;
};

/// "25" is frames, "1s" and "0.5s" are seconds. @throws std::runtime_error for anything else.
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
  std::int64_t every = 5;  ///< queries come from every this many frames
  double min_iou = 0.5;    ///< least overlap of a detection with its ground truth
  WarningHandler warn = [](const std::string&) {};
  std::function<bool()> stop = [] { return false; };
  std::function<void(std::int64_t frames)> progress = [](std::int64_t) {};  ///< told after every forward pass
};

/// What one sequence gave, method by method.
struct ReidRun {
  std::string sequence;
  double frame_rate = 0;
  std::vector<std::string> methods;
  std::vector<LabelledFrames> labelled;  ///< per method
  std::vector<double> embed_ms;          ///< per method, mean milliseconds per frame
  double forward_ms = 0;                 ///< mean milliseconds per frame, from image to boxes
  std::int64_t frames = 0;               ///< embedded
  std::int64_t detections = 0;           ///< with an identity
};

/// Says who the detections of a frame are.
struct Labels {
  std::function<std::vector<std::optional<std::int64_t>>(const Frame& frame, const std::vector<Detection>& detections)>
      identify;
  bool follows_every_frame = false;  ///< needs detections of the frames between those that are embedded
};

/// Embeds those frames of a source for which `is_needed` holds.
/// @param networks further methods, on crops
ReidRun embed_labelled(FrameSource& source, SharedPass& pass, std::span<ReidNetwork> networks, const Labels& labels,
                       const std::function<bool(std::int64_t index)>& is_needed, const EvaluationOptions& options);

/// Detects and embeds the frames of a MOTChallenge sequence that the gaps need; its ground truth tells identities.
/// @throws std::runtime_error where images or ground truth are missing.
ReidRun run_sequence(const std::filesystem::path& sequence, SharedPass& pass, std::span<ReidNetwork> networks,
                     const EvaluationOptions& options);

/// The scores of all methods at all gaps.
std::vector<ReidScore> score_run(const ReidRun& run, const EvaluationOptions& options);

}  // namespace onepass::lab
