// Computes HOTA, CLEAR MOT and Identity scores of tracks against ground truth; the values equal those of TrackEval.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace onepass {

/// HOTA is evaluated at the IoU thresholds (alphas) 0.05, 0.10, … 0.95.
inline constexpr std::size_t hota_alpha_count = 19;
using AlphaCurve = std::array<double, hota_alpha_count>;

/// IoU threshold of the value at `index` of a curve.
constexpr double hota_alpha(std::size_t index) { return 0.05 + static_cast<double>(index) * 0.05; }

double mean(const AlphaCurve& curve);

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

/// A box of ground truth or of a tracker, in pixels. Double precision, because scores are compared to 1e-9.
struct LabeledBox {
  std::int64_t id = 0;
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  int class_id = 1;  ///< class number as in the files
  double score = 1;  ///< confidence; in ground truth the mark: 0 means "do not evaluate"
};

/// The boxes of a sequence, stored contiguously in frame order.
struct LabeledSequence {
  std::vector<LabeledBox> boxes;
  std::vector<std::size_t> frame_begin{0};  ///< index of every frame's first box, then the total number

  std::int64_t frame_count() const { return static_cast<std::int64_t>(frame_begin.size()) - 1; }
  std::span<const LabeledBox> frame(std::int64_t index) const {  ///< index from 0
    const auto first = frame_begin[static_cast<std::size_t>(index)];
    return std::span(boxes).subspan(first, frame_begin[static_cast<std::size_t>(index) + 1] - first);
  }
  void add_frame(std::span<const LabeledBox> frame_boxes) {
    boxes.insert(boxes.end(), frame_boxes.begin(), frame_boxes.end());
    frame_begin.push_back(boxes.size());
  }
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

/// Defines which boxes are evaluated, for one class.
struct EvaluationRules {
  bool truth_has_classes = true;    ///< false (MOT15): every truth box with a nonzero mark is of the class
  bool result_has_classes = false;  ///< true: only tracker boxes of the class are evaluated
  int class_id = 1;
  std::vector<int> distractors{};  ///< classes; a tracker box matched to one of them is not evaluated
  std::vector<int> ignored{};      ///< classes of regions; unmatched boxes inside such a region are dropped
  double removal_overlap = 0.5;    ///< minimum IoU at which a tracker box is matched to a distractor
  double ignored_coverage = 0.5;   ///< a box lies in an ignored region if more than this share of its area does
  double match_overlap = 0.5;      ///< minimum IoU of a match in CLEAR and Identity
};

struct SequenceScores {
  Scores scores;
  std::vector<IdentitySwitch> switches;  ///< ordered by frame
};

/// Scores one sequence. `truth` and `result` must have the same number of frames; the order of the boxes in a frame
/// breaks ties.
/// @throws std::invalid_argument naming frame and ids if an id occurs twice in a frame, or if the numbers of frames
///         differ.
SequenceScores evaluate_sequence(const LabeledSequence& truth, const LabeledSequence& result,
                                 const EvaluationRules& rules = {});

/// Combines the scores of several sequences: counts are summed and ratios are recomputed from the sums. Association
/// scores and localization have no counts; they are averaged with the true positives as weights.
Scores combine(std::span<const Scores> sequences);

/// Averages the ratios and sums the counts of several classes. In each family, classes without any box are left out.
Scores average_classes(std::span<const Scores> classes);

}  // namespace onepass
