// The parameters of a matching stage, in the order in which they are shown.
#include "config/fields.hpp"

namespace onepass::config {
namespace {

std::vector<Field> candidate_fields(StageConfig& c) {
  return {
      text("name", c.name, "Name of the stage in explanations."),
      choice<StageTracks>("tracks", c.tracks,
                          {{StageTracks::confirmed, "confirmed", "all confirmed tracks"},
                           {StageTracks::recent, "recent", "confirmed tracks detected in the previous frame"},
                           {StageTracks::lost, "lost", "confirmed tracks that missed at least one frame"},
                           {StageTracks::tentative, "tentative", "tracks that are not confirmed yet"},
                           {StageTracks::all, "all", "confirmed and tentative tracks"}},
                          "Tracks that take part, among those not matched yet in this frame."),
      number("min_score", c.min_score, 0, 1,
             "Min score of the detections (ByteTrack: track_high_thresh in its first stage, track_low_thresh in its "
             "second)."),
      number("max_score", c.max_score, 0, 1,
             "Detections with this score or a higher one do not take part. 1: no upper limit."),
  };
}

std::vector<Field> similarity_fields(StageConfig& c) {
  return {
      choice<ReferenceBox>("reference", c.reference,
                           {{ReferenceBox::predicted, "predicted", "the prediction for this frame"},
                            {ReferenceBox::observed, "observed", "the last detected box, moved with the camera"}},
                           "Box of the track that is compared with the detection."),
      choice<Similarity>(
          "similarity", c.similarity,
          {{Similarity::none, "none", "0, the boxes are not compared"},
           {Similarity::iou, "iou", "IoU"},
           {Similarity::iou_height, "iou_height", "IoU times the IoU of the vertical extents (HMIoU of Hybrid-SORT)"}},
          "Similarity of the two boxes. The cost of a pair is 1 - similarity plus the terms below."),
      number(
          "buffer", c.buffer, 0, 10,
          "Before the boxes are compared, the sides of both are moved outwards by this share of the width and height "
          "(C-BIoU: buffered IoU)."),
      flag("fuse_score", c.fuse_score, "Multiply the similarity by the detection's score (ByteTrack: fuse_score)."),
      number("limit", c.limit, -10, 10,
             "Max cost: pairs at or above it are not matched (ByteTrack, BoT-SORT: match_thresh)."),
      number("min_iou", c.min_iou, 0, 1, "Gate: pairs need an IoU above this. No effect with similarity none."),
      number("max_mahalanobis", c.max_mahalanobis, 0, 1e9,
             "Gate: max squared Mahalanobis distance between prediction and detection, with 4 degrees of freedom "
             "(DeepSORT: gating, 9.4877 is the 95% quantile). 0: no gate."),
      number("max_used_overlap", c.max_used_overlap, 0, 1,
             "Leave out detections that have a higher IoU with a detection already matched in this frame. 1: leave out "
             "none."),
      flag("cascade", c.cascade,
           "Match the tracks with the fewest missed frames first, in one round per number of missed frames (DeepSORT: "
           "matching cascade)."),
      number("limit_step", c.limit_step, 0, 10,
             "0: the assignment with the smallest total cost. Above 0: in rounds, each of which matches the pairs that "
             "are each other's cheapest and lowers the limit by this much (TrackTrack: iterative assignment)."),
  };
}

std::vector<Field> cost_fields(StageConfig& c) {
  return {
      number("direction_weight", c.direction_weight, 0, 10,
             "Weight of the angle between the past motion of the box's corners and the motion to the detection, times "
             "the detection's score (OC-SORT: OCM, inertia)."),
      number("mahalanobis_weight", c.mahalanobis_weight, 0, 10,
             "Reward for a small Mahalanobis distance d: weight * max(0, 1 - d^2 / 13.28) is subtracted (BoostTrack: "
             "lambda_mhd; StrongSORT: motion cost)."),
      number("shape_weight", c.shape_weight, 0, 10,
             "Reward for a similar width and height: the whole weight is subtracted for equal ones (BoostTrack: "
             "lambda_shape)."),
      number("center_weight", c.center_weight, 0, 10,
             "Penalty for distant centers: weight * (horizontal distance / width + vertical distance / height) of the "
             "smallest box around both boxes (SFSORT)."),
      number(
          "confidence_weight", c.confidence_weight, 0, 10,
          "Reward for sure pairs: weight * IoU * score of the detection * confidence of the track is subtracted. The "
          "confidence grows over the first seven frames and falls with every missed one (BoostTrack: lambda_iou)."),
      number("score_weight", c.score_weight, 0, 10,
             "Penalty for a score that differs from the trend of the track's last two scores: weight * difference "
             "(Hybrid-SORT: TCM)."),
      number("sure_score", c.sure_score, 0, 1, "Detections with a lower score than this pay unsure_penalty."),
      number("unsure_penalty", c.unsure_penalty, 0, 10, "See sure_score (TrackTrack: penalty_p)."),
      number("age_weight", c.age_weight, 0, 10,
             "Penalty per second since the first missed frame, for up to one second."),
  };
}

std::vector<Field> appearance_fields(StageConfig& c) {
  return {
      choice<AppearanceMode>(
          "appearance", c.appearance,
          {{AppearanceMode::none, "none", "not at all"},
           {AppearanceMode::disambiguate, "disambiguate",
            "adds a penalty to pairs that look less alike than the best candidate of the same track or detection, in "
            "proportion to the square of the learned reliability of appearance and to the detection's visible share"},
           {AppearanceMode::recover, "recover",
            "matches by appearance alone within the gates of tracker.recovery_* (of the stage's own parameters, only "
            "tracks, min_score, max_score, max_used_overlap, cascade and limit apply)"},
           {AppearanceMode::min, "min", "the smaller of cost and appearance distance counts (BoT-SORT)"},
           {AppearanceMode::add, "add", "weighted mean of cost and cosine distance (DeepSORT)"},
           {AppearanceMode::gap, "gap",
            "subtracts the cosine, with more weight the clearer the best candidate leads (Deep OC-SORT)"}},
          "How embeddings are used."),
      number("appearance_weight", c.appearance_weight, 0, 10,
             "Weight of appearance in the modes disambiguate, add and gap. In add, the cost has the weight 1 - "
             "appearance_weight."),
      number("max_appearance", c.max_appearance, 0, 1,
             "Max appearance distance, (1 - cosine) / 2: above it, add rejects the pair and min ignores appearance "
             "(BoT-SORT: 1 - appearance_thresh)."),
      number("min_appearance_iou", c.min_appearance_iou, 0, 1,
             "Min IoU at which min uses appearance (BoT-SORT: proximity_thresh)."),
  };
}

}  // namespace

std::vector<Field> fields_of(StageConfig& c) {
  std::vector<Field> fields;
  append(fields, "Candidates", candidate_fields(c));
  append(fields, "Similarity, gates and limit", similarity_fields(c));
  append(fields, "Cost terms", cost_fields(c));
  append(fields, "Appearance", appearance_fields(c));
  return fields;
}

}  // namespace onepass::config
