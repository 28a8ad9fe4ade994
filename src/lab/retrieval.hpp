// How well embeddings tell identities apart: nearest neighbours and ranked pairs.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::lab {

/// A detection whose identity is known.
struct LabelledEmbedding {
  std::int64_t identity = 0;
  Embedding embedding;
};

/// The labelled detections of a sequence by frame index.
using LabelledFrames = std::map<std::int64_t, std::vector<LabelledEmbedding>>;

/// The cosine of two embeddings of unit norm; 0 where one is empty.
float cosine(const Embedding& a, const Embedding& b);

/// The probability that a pair of the same identity is more alike than a pair of different ones; ties count half.
/// NaN where there is no pair of one kind. Sorts its arguments.
double area_under_curve(std::vector<float>& same, std::vector<float>& different);

/// Mean over the ranks of the relevant items of the precision up to that rank (average precision, without
/// interpolation); items by falling similarity, ties in favour of the irrelevant ones. NaN where none is relevant.
struct RankedItem {
  float similarity = 0;
  bool relevant = false;
};
double average_precision(std::vector<RankedItem>& items);

/// Whether a frame asks: its number, from 1, is a multiple of `every`.
bool is_query_frame(std::int64_t index, std::int64_t every);

struct GapScore {
  double rank1 = 0;          ///< share of the queries whose nearest neighbour has their identity
  double auc = 0;            ///< over all pairs between the two frames, of all pairs of frames together
  std::int64_t queries = 0;  ///< detections whose identity is also detected `gap` frames later
};

/// Compares every query frame t with frame t + gap: a detection whose identity is also detected
/// in t + gap asks for its nearest neighbour there. Ties count as wrong. NaN where nothing can be compared.
GapScore score_gap(const LabelledFrames& frames, std::int64_t gap, std::int64_t every);

struct RetrievalScore {
  double rank1 = 0;
  double mean_average_precision = 0;
  double auc = 0;            ///< over all pairs that are compared
  std::int64_t queries = 0;  ///< detections with at least one other of their identity to find
};

/// Every detection asks among all detections at least `min_gap` frames away, earlier and later.
RetrievalScore score_retrieval(const LabelledFrames& frames, std::int64_t min_gap);

}  // namespace onepass::lab
