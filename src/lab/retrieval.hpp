// Retrieval metrics of embeddings: rank-1, mAP and AUC.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::lab {

/// A detection's embedding with its known identity.
struct LabeledEmbedding {
  std::int64_t identity = 0;
  Embedding embedding;
};

/// Labeled detections of a sequence by frame index.
using LabeledFrames = std::map<std::int64_t, std::vector<LabeledEmbedding>>;

/// Cosine of two embeddings of unit norm; 0 if one is empty or their lengths differ.
float cosine(const Embedding& a, const Embedding& b);

/// One item of a ranking.
struct RankedItem {
  float similarity = 0;
  bool relevant = false;
};
/// Average precision without interpolation: the mean, over the relevant items, of the precision up to the item's rank.
/// Items are ranked by descending similarity; in ties, irrelevant items come first. NaN if no item is relevant. Sorts
/// its argument.
double average_precision(std::vector<RankedItem>& items);

/// True if the frame's detections are queries: its number (from 1) is a multiple of `every`.
bool is_query_frame(std::int64_t index, std::int64_t every);

struct GapScore {
  double rank1 = 0;  ///< share of queries whose nearest neighbor has their identity
  double auc = 0;    ///< of all pairs of detections, pooled over all pairs of frames: the probability that a pair
                     ///< of the same identity is more similar than a pair of different identities
  std::int64_t queries = 0;  ///< detections whose identity is also detected `gap` frames later
};

/// Compares every query frame t with frame t + gap: each detection whose identity is also detected in frame t + gap is
/// a query for its nearest neighbor there. Ties count as wrong. NaN if nothing can be compared.
GapScore score_gap(const LabeledFrames& frames, std::int64_t gap, std::int64_t every);

struct RetrievalScore {
  double rank1 = 0;
  double mean_average_precision = 0;
  double auc = 0;            ///< over all compared pairs
  std::int64_t queries = 0;  ///< detections with at least one other detection of their identity to find
};

/// Uses every detection as a query among all detections at least `min_gap` frames away, earlier and later.
RetrievalScore score_retrieval(const LabeledFrames& frames, std::int64_t min_gap);

}  // namespace onepass::lab
