// Defines the scores of tracks against ground truth, one struct per family of metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "onepass/labels.hpp"

namespace onepass {

/// HOTA is evaluated at the IoU thresholds (alphas) 0.05, 0.10, … 0.95.
inline constexpr std::size_t hota_alpha_count = 19;
using AlphaCurve = std::array<double, hota_alpha_count>;

/// IoU threshold of the value at `index` of a curve.
constexpr double hota_alpha(std::size_t index) { return 0.05 + static_cast<double>(index) * 0.05; }

inline double mean(const AlphaCurve& curve) {
  return std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(curve.size());
}

/// Higher order tracking accuracy (Luiten et al., IJCV 2021), one value per alpha.
struct HotaScores {
  AlphaCurve true_positives{};
  AlphaCurve false_negatives{};
  AlphaCurve false_positives{};
  AlphaCurve association_recall{};
  AlphaCurve association_precision{};
  AlphaCurve association_accuracy{};
  AlphaCurve localization{};  ///< mean IoU of the matched boxes
  AlphaCurve detection_recall{};
  AlphaCurve detection_precision{};
  AlphaCurve detection_accuracy{};
  AlphaCurve hota{};               ///< √(detection accuracy · association accuracy)
  AlphaCurve open_world{};         ///< OWTA: √(detection recall · association accuracy)
  double hota_0 = 0;               ///< at the first alpha
  double localization_0 = 0;       ///< at the first alpha
  double hota_localization_0 = 0;  ///< product of hota_0 and localization_0
};

/// CLEAR MOT (Bernardin and Stiefelhagen 2008).
struct ClearScores {
  double true_positives = 0;
  double false_negatives = 0;
  double false_positives = 0;
  double identity_switches = 0;
  double mostly_tracked = 0;  ///< identities matched in more than 80 % of their frames
  double partly_tracked = 0;
  double mostly_lost = 0;     ///< identities matched in less than 20 % of their frames
  double fragmentations = 0;  ///< times an identity is matched again after a gap
  double frames = 0;
  double overlap_sum = 0;  ///< sum of the IoUs of the matched boxes
  double mostly_tracked_ratio = 0;
  double partly_tracked_ratio = 0;
  double mostly_lost_ratio = 0;
  double recall = 0;
  double precision = 0;
  double moda = 0;
  double mota = 0;
  double motp = 0;
  double smota = 0;  ///< MOTA in which a match counts its IoU instead of 1
  double f1 = 0;
  double false_positives_per_frame = 0;
  double motal = 0;  ///< MOTA with log10 of the number of identity switches
};

/// Identity scores (Ristani et al. 2016).
struct IdentityScores {
  double true_positives = 0;
  double false_negatives = 0;
  double false_positives = 0;
  double recall = 0;
  double precision = 0;
  double f1 = 0;
};

struct CountScores {
  double boxes = 0;
  double truth_boxes = 0;
  double identities = 0;
  double truth_identities = 0;
  double frames = 0;
};

struct Scores {
  HotaScores hota;
  ClearScores clear;
  IdentityScores identity;
  CountScores count;
};

/// A switch of a ground truth identity from one track to another.
struct IdentitySwitch {
  std::int64_t frame = 0;           ///< from 1
  std::int64_t truth_id = 0;        ///< the ground truth identity
  std::int64_t previous_track = 0;  ///< the track matched before
  std::int64_t track = 0;           ///< the track matched from this frame on
  std::int64_t frames_before = 0;   ///< frames matched with the previous track, since the last switch
  std::int64_t frames_after = 0;    ///< frames matched with the new track, until the next switch
  LabeledBox truth_box{};           ///< in this frame
  LabeledBox track_box{};           ///< in this frame
  std::int64_t frames_lost() const { return frames_before < frames_after ? frames_before : frames_after; }
};

struct SequenceScores {
  Scores scores;
  std::vector<IdentitySwitch> switches;  ///< ordered by frame
};

}  // namespace onepass
