// Compares embeddings from the detector with those of dedicated re-identification networks in a retrieval task.
#pragma once

#include <string>
#include <vector>

#include "lab/reid_evaluation.hpp"

namespace onepass::lab {

struct ComparedMethod {
  std::string name;
  RetrievalScore score;
  double embed_ms = 0;  ///< mean time in milliseconds per frame
};

struct MethodComparison {
  std::string sequence;
  bool pseudo_labels = false;  ///< identities are our tracker's tracklets, linked by motion only
  std::int64_t frames = 0;
  std::int64_t detections = 0;
  double forward_ms = 0;  ///< mean time of the detector in milliseconds per frame
  std::int64_t min_gap_frames = 0;
  std::vector<ComparedMethod> methods;
};

struct ComparisonOptions {
  Gap min_gap{0, 1};  ///< detections closer in time are not compared
  EvaluationOptions run;
};

/// Identities come from ground truth if the source is a MOTChallenge sequence that has it. Otherwise they are tracklets
/// of our own tracker, which uses boxes only, so that no embedding is favored. Such pseudo-labels are reliable within a
/// tracklet, but two tracklets of one person count as different people.
MethodComparison compare_methods(const std::string& source, SharedPass& pass, std::span<ReidNetwork> networks,
                                 const TrackerConfig& tracker, const ComparisonOptions& options);

std::string to_text(const MethodComparison& comparison);
std::string to_json(const MethodComparison& comparison);

}  // namespace onepass::lab
