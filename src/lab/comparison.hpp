// Embeddings from the detector against those of dedicated networks, as retrieval.
#pragma once

#include <string>
#include <vector>

#include "lab/reid_evaluation.hpp"

namespace onepass::lab {

struct ComparedMethod {
  std::string name;
  RetrievalScore score;
  double embed_ms = 0;  ///< mean milliseconds per frame
};

struct MethodComparison {
  std::string sequence;
  bool pseudo_labels = false;  ///< identities are tracklets of our own tracker, by motion alone
  std::int64_t frames = 0;
  std::int64_t detections = 0;
  double forward_ms = 0;
  std::int64_t min_gap_frames = 0;
  std::vector<ComparedMethod> methods;
};

struct ComparisonOptions {
  Gap min_gap{0, 1};  ///< detections nearer in time than this are not compared
  EvaluationOptions run;
};

/// Identities are told by ground truth where the source is a MOTChallenge sequence that has it. Otherwise they are the
/// tracklets of our own tracker, which sees boxes only, so that no embedding is favoured: good within a tracklet, and
/// two tracklets of one person count as different people.
MethodComparison compare_methods(const std::string& source, SharedPass& pass, std::span<ReidNetwork> networks,
                                 const TrackerConfig& tracker, const ComparisonOptions& options);

std::string to_text(const MethodComparison& comparison);
std::string to_json(const MethodComparison& comparison);

}  // namespace onepass::lab
