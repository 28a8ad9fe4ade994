// Scores of tracks against ground truth: HOTA, CLEAR MOT and Identity, equal to those of TrackEval.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace onepass {

/// HOTA is measured at the overlaps 0.05, 0.10, … 0.95.
inline constexpr std::size_t hota_alpha_count = 19;
using AlphaCurve = std::array<double, hota_alpha_count>;

/// The overlap at which a curve's value is measured.
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
  AlphaCurve localisation{};  ///< mean overlap of the matched boxes
  AlphaCurve detection_recall{};
  AlphaCurve detection_precision{};
  AlphaCurve detection_accuracy{};
  AlphaCurve hota{};               ///< √(detection accuracy · association accuracy)
  AlphaCurve open_world{};         ///< OWTA: √(detection recall · association accuracy)
  double hota_0 = 0;               ///< at the first alpha
  double localisation_0 = 0;       ///< at the first alpha
  double hota_localisation_0 = 0;  ///< their product
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
  double fragmentations = 0;  ///< times an identity is found again after it was lost
  double frames = 0;
  double overlap_sum = 0;  ///< of the matched boxes
  double mostly_tracked_ratio = 0;
  double partly_tracked_ratio = 0;
  double mostly_lost_ratio = 0;
  double recall = 0;
  double precision = 0;
  double moda = 0;
  double mota = 0;
  double motp = 0;
  double smota = 0;  ///< MOTA with the overlap of a match in the place of 1
  double f1 = 0;
  double false_positives_per_frame = 0;
  double motal = 0;  ///< MOTA with the logarithm of the switches
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
struct LabelledBox {
  std::int64_t id = 0;
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  int class_id = 1;  ///< as the files number it
  double score = 1;  ///< confidence; in ground truth the mark: 0 says "do not evaluate"
};

/// The boxes of a sequence, frame after frame, in one block.
struct LabelledSequence {
  std::vector<LabelledBox> boxes;
  std::vector<std::size_t> frame_begin{0};  ///< first box of every frame, and the end of the last

  std::int64_t frame_count() const { return static_cast<std::int64_t>(frame_begin.size()) - 1; }
  std::span<const LabelledBox> frame(std::int64_t index) const {  ///< index from 0
    const auto first = frame_begin[static_cast<std::size_t>(index)];
    return std::span(boxes).subspan(first, frame_begin[static_cast<std::size_t>(index) + 1] - first);
  }
  void add_frame(std::span<const LabelledBox> frame_boxes) {
    boxes.insert(boxes.end(), frame_boxes.begin(), frame_boxes.end());
    frame_begin.push_back(boxes.size());
  }
};

/// One identity of the ground truth goes from one track to another.
struct IdentitySwitch {
  std::int64_t frame = 0;           ///< from 1
  std::int64_t truth_id = 0;        ///< who was mixed up
  std::int64_t previous_track = 0;  ///< the track that had followed it
  std::int64_t track = 0;           ///< the track that follows it now
  std::int64_t frames_before = 0;   ///< frames it had been followed by the previous track, since the last switch
  std::int64_t frames_after = 0;    ///< frames it is followed by the new track, until the next switch
  LabelledBox truth_box{};          ///< in this frame
  LabelledBox track_box{};          ///< in this frame
  std::int64_t frames_lost() const { return frames_before < frames_after ? frames_before : frames_after; }
};

/// Which boxes count, for one class.
struct EvaluationRules {
  bool truth_has_classes = true;    ///< false (MOT15): every truth box whose mark is not 0 is of the class
  bool result_has_classes = false;  ///< true: only the tracker's boxes of the class count
  int class_id = 1;
  std::vector<int> distractors{};  ///< a tracker's box that matches one of these is neither right nor wrong
  std::vector<int> ignored{};      ///< regions: unmatched boxes that lie in one of these are left out
  double removal_overlap = 0.5;    ///< least overlap (IoU) at which a box matches a distractor
  double ignored_coverage = 0.5;   ///< share of a box's own area beyond which it lies in an ignored region
  double match_overlap = 0.5;      ///< least overlap of a match in CLEAR and Identity
};

struct SequenceScores {
  Scores scores;
  std::vector<IdentitySwitch> switches;  ///< in order of frame
};

/// Scores one sequence. Both have the same number of frames; the order of the boxes in a frame breaks ties.
/// @throws std::invalid_argument naming frame and ids where an id occurs twice in a frame.
SequenceScores evaluate_sequence(const LabelledSequence& truth, const LabelledSequence& result,
                                 const EvaluationRules& rules = {});

/// The scores of several sequences taken together: counts are summed, ratios formed anew; association accuracies are
/// weighted by true positives.
Scores combine(std::span<const Scores> sequences);

/// The mean of the classes' ratios, and the sums of their counts; classes without any box are left out of each family.
Scores average_classes(std::span<const Scores> classes);

}  // namespace onepass
