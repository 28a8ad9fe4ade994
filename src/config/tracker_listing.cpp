// The parameters of the tracker, in the order in which they are shown.
#include "config/fields.hpp"

namespace onepass::config {
namespace {

std::vector<Field> filter_fields(TrackerConfig& c) {
  return {
      choice<BoxModel>("box", c.box,
                       {{BoxModel::xywh, "xywh", "center, width and height"},
                        {BoxModel::xyah, "xyah", "center, aspect ratio and height, as in DeepSORT"},
                        {BoxModel::xysr, "xysr", "center, area and aspect ratio, as in SORT"}},
                       "State of the Kalman filter."),
      choice<NoiseModel>(
          "noise", c.noise,
          {{NoiseModel::relative, "relative", "proportional to the size of the box"},
           {NoiseModel::sort, "sort",
            "the constants of SORT, instead of position_noise, velocity_noise, measurement_noise and size_noise"}},
          "Standard deviations of the noise."),
      number(
          "noise_rate", c.noise_rate, 0, 1e6,
          "Frames per second at which position_noise and velocity_noise are the process noise of a frame. At other "
          "rates the noise of a second stays the same. 0: they are the noise of a frame at any rate, as published for "
          "SORT, DeepSORT and ByteTrack."),
      number("position_noise", c.position_noise, 0, 10,
             "Process noise of the position per frame (see noise_rate), as a share of the box's width and "
             "height (box xyah, xysr: of its height)."),
      number("velocity_noise", c.velocity_noise, 0, 10,
             "Process noise of the velocity, in the unit of position_noise; the default is 1/240."),
      number("measurement_noise", c.measurement_noise, 1e-6, 10,
             "Measurement noise, as a share of the box like position_noise. A new track starts with the standard "
             "deviations 2 * measurement_noise for the position and 10 * velocity_noise for the velocity."),
      number("size_noise", c.size_noise, 1e-3, 100, "Factor on the measurement noise of width and height (box xywh)."),
      number("faint_noise", c.faint_noise, 0, 100,
             "Factor on the measurement noise of low scores: 1 + faint_noise * (1 - score)."),
      number("occlusion_noise", c.occlusion_noise, 0, 100,
             "Factor on the measurement noise of occluded detections: 1 + occlusion_noise * (share of the box that one "
             "detection in front covers)."),
      number("nsa", c.nsa, 0, 1, "NSA Kalman filter: factor on the measurement variance, 1 - nsa * min(score, 0.95)."),
      flag("learn_motion", c.learn_motion,
           "Learn from the stream how closely tracks follow their detections and how much the vertical overlap counts "
           "in "
           "the similarity iou_height. Every track has a second filter with agile_noise. The further its predictions "
           "are "
           "ahead, the more they count. false: the parameters hold as they are (all published trackers)."),
      number("agile_noise", c.agile_noise, 1e-6, 10,
             "For learn_motion: measurement_noise of the second filter, for exact detections and fast turns."),
      flag("reupdate", c.reupdate,
           "After a gap, run the filter again along a straight line between the two detections (OC-SORT: ORU)."),
  };
}

std::vector<Field> camera_fields(TrackerConfig& c) {
  return {
      choice<CameraMotion>("camera_motion", c.camera_motion,
                           {{CameraMotion::none, "none", "no compensation"},
                            {CameraMotion::file, "file", "the warps in camera_motion_file"},
                            {CameraMotion::boxes, "boxes", "the common shift of tracks and detections"},
                            {CameraMotion::flow, "flow", "sparse optical flow of the background, which needs images"},
                            {CameraMotion::ecc, "ecc", "correlation of the background (ECC), which needs images"}},
                           "Source of the camera motion that is compensated (BoT-SORT: gmc_method)."),
      text("camera_motion_file", c.camera_motion_file,
           "File for camera_motion: file. A line holds a frame number and the 2x3 warp from the previous frame, row by "
           "row, separated by spaces or commas. For a frame without a line, the camera counts as still."),
  };
}

std::vector<Field> boost_fields(TrackerConfig& c) {
  return {
      number("boost_factor", c.boost_factor, 0, 10,
             "The score of a detection rises to boost_factor * its largest IoU with a track (BoostTrack: "
             "dlo_boost_coef). 0: "
             "it does not."),
      number(
          "boost_blend", c.boost_blend, 0, 1,
          "The score rises to boost_blend * score + (1 - boost_blend) * S^1.5 (BoostTrack++: soft boost, use_sb). 1: "
          "it does not."),
      number("boost_limit", c.boost_limit, 0, 1,
             "The score rises to boost_score if the IoU with a track is above this limit, which falls to 0.8 over "
             "twenty missed frames of the track (BoostTrack++: varying threshold, use_vt). 1: it does not."),
      flag("boost_newcomers", c.boost_newcomers,
           "The score of detections that are far from all tracks by Mahalanobis distance rises to boost_score; of "
           "several overlapping ones, that of the one with the highest score (BoostTrack: use_duo_boost)."),
      number("boost_score", c.boost_score, 0, 1, "See boost_limit and boost_newcomers (BoostTrack: det_thresh)."),
  };
}

std::vector<Field> lifecycle_fields(TrackerConfig& c) {
  return {
      number("birth_score", c.birth_score, 0, 1,
             "Min score of a detection that starts a track (ByteTrack, BoT-SORT: new_track_thresh), and of one that "
             "occludes others for occlusion_noise."),
      number("birth_max_iou", c.birth_max_iou, 0, 1,
             "No track starts at a detection that has a higher IoU with one that already belongs to a track in this "
             "frame; the detections with the highest scores start first (FastTracker: init_iou_suppress, TrackTrack: "
             "tai_thr). 1: no condition."),
      number("confirm_hits", c.confirm_hits, 1, 1000,
             "Min number of detections, the first included, before a track is confirmed and gets its id (DeepSORT: "
             "n_init; SORT: min_hits)."),
      number("tentative_misses", c.tentative_misses, 0, 1000000,
             "A track that is not confirmed ends after missing more than this many frames in a row."),
      number("confirm_score_sum", c.confirm_score_sum, 0, 1000,
             "Min sum of a track's detection scores before it is confirmed, in addition to confirm_hits. 0: no "
             "condition."),
      flag("confirm_first_frame", c.confirm_first_frame, "Confirm tracks that start in the first frame at once."),
      number("confirm_at_once_score", c.confirm_at_once_score, 0, 1,
             "Confirm tracks at once whose first detection has a higher score than this (OccluBoost: "
             "instant_confirm_thresh). 1: none."),
      number("return_hits", c.return_hits, 1, 1000,
             "Min number of consecutive detections before a track that missed a frame is output again (SORT, OC-SORT: "
             "min_hits)."),
      number("max_age_s", c.max_age_s, 0, 1e9,
             "Max age: a confirmed track ends after more than this many seconds without a detection, unless its "
             "appearance keeps it (appearance_age_s). SORT, DeepSORT: max_age; ByteTrack, BoT-SORT: track_buffer; "
             "both in frames."),
      number(
          "appearance_age_s", c.appearance_age_s, 0, 1e9,
          "A confirmed track with an embedding does not end at max_age_s but after this many seconds, while "
          "appearance is reliable enough for recovery. From max_age_s on, only stages with appearance: recover match "
          "it. No effect up to max_age_s."),
      number("appearance_age_inside", c.appearance_age_inside, 0, 1,
             "For appearance_age_s: min share of the predicted box inside the image. A track that has left it ends."),
      number("min_misses", c.min_misses, 0, 1000000,
             "A confirmed track does not end before it has missed more than this many frames, even after max_age_s."),
      number("max_duplicate_iou", c.max_duplicate_iou, 0, 1,
             "If a detected and a lost track have a higher IoU, the one with the shorter history ends. 1: never."),
      number("covered_share", c.covered_share, 0, 1,
             "A confirmed track is covered if it is not detected and a detected one hides at least this share of its "
             "predicted box (FastTracker: occ_cover_thresh). 0: none is."),
      number("covered_damping", c.covered_damping, 0, 1,
             "Factor on the velocity of a track that becomes covered (FastTracker: dampen_motion_occ)."),
      number("covered_growth", c.covered_growth, 0.1, 10,
             "Factor on the height of a track that becomes covered, and on its width unless box is xywh (FastTracker: "
             "enlarge_bbox_occ)."),
      number("covered_recent", c.covered_recent, 0, 1000000,
             "Up to this number of missed frames, stages with tracks: recent match covered tracks too (FastTracker: "
             "active_occ_to_lost_thresh)."),
      number("covered_misses", c.covered_misses, 0, 1000000,
             "Number of frames that a covered track may miss in addition to min_misses (FastTracker: "
             "occ_reappear_window)."),
      flag("per_class", c.per_class, "Match tracks only with detections of their class."),
      number("class_margin", c.class_margin, 1, 1000,
             "A track changes its class when another class has more than this many times as much evidence. Evidence is "
             "a decaying sum of scores."),
  };
}

std::vector<Field> appearance_fields(TrackerConfig& c) {
  return {
      number("embedding_momentum", c.embedding_momentum, 0, 1,
             "Share of a track's mean embedding that is kept at a detection of score 1 (StrongSORT: EMA alpha). "
             "Detections with lower scores change it less: see embedding_min_score."),
      number("embedding_min_score", c.embedding_min_score, 0, 1,
             "Detections with scores up to this do not change the mean embedding; above it, the change grows with the "
             "score (Deep OC-SORT: dynamic appearance). 1: the score does not matter."),
      number("gallery", c.gallery, 0, 10000,
             "Number of a track's latest embeddings to keep; the most similar one counts (DeepSORT: nn_budget). 0: the "
             "mean embedding alone."),
      flag("center_embeddings", c.center_embeddings,
           "Subtract the running mean embedding of all confident detections, so that the cosine of unrelated objects "
           "is about 0."),
  };
}

std::vector<Field> recovery_fields(TrackerConfig& c) {
  return {
      number("recovery_reliability", c.recovery_reliability, 0, 1,
             "Min reliability of appearance, which is learned from the stream; below it nothing is recovered."),
      number("recovery_reach", c.recovery_reach, 0, 1000,
             "Max distance between the centers of track and detection, in heights of the taller box: recovery_reach * "
             "min(1, t + 0.3), t seconds after the track's last detection."),
      number("recovery_height_ratio", c.recovery_height_ratio, 1, 1000,
             "Max ratio of the larger to the smaller height of track and detection."),
      number("recovery_margin", c.recovery_margin, 0, 10,
             "Min lead of a pair in appearance over the pairs with any other lost track or detection, in units of the "
             "learned separation: 0 is the appearance distance of a typical match, 1 that of a typical rival."),
      number("recovery_visible_margin", c.recovery_visible_margin, -10, 10,
             "The same over tracks that are matched already in this frame. Below 0, such a track prevents the recovery "
             "only if it is more similar by this much."),
  };
}

std::vector<Field> output_fields(TrackerConfig& c) {
  return {
      flag("show_detected", c.show_detected, "Output a track's detected box instead of the filtered one."),
      number("min_area", c.min_area, 0, 1e12, "Boxes of this area or smaller, in square pixels, are not output."),
      number("max_aspect", c.max_aspect, 0, 1e6,
             "Boxes with a larger ratio of width to height are not output. 0: no limit."),
      number("coast_s", c.coast_s, 0, 1e6,
             "Coasting: a lost track that a detected one in front covers is still output, with its predicted box, for "
             "this many seconds. No effect unless it is larger than coast_open_s, for which every lost track coasts. "
             "Where learn_motion finds agile motion, which soon leaves its prediction, only coast_open_s counts."),
      number(
          "coast_open_s", c.coast_open_s, 0, 1e6,
          "Coasting of any lost track, covered or not, in seconds. 0 here and in coast_s: lost tracks are not output."),
      number("coast_hits", c.coast_hits, 0, 1000000, "Min number of detections of a track before it may coast."),
      number("coast_inside", c.coast_inside, 0, 1,
             "Min share of the predicted box inside the image while a track coasts."),
      number(
          "coast_covered", c.coast_covered, 0, 1,
          "For coast_s: min share of the predicted box that a single detected track with a lower bottom edge covers."),
  };
}

}  // namespace

std::vector<Field> fields_of(TrackerConfig& c) {
  std::vector<Field> fields;
  append(fields, "Kalman filter", filter_fields(c));
  append(fields, "Camera motion", camera_fields(c));
  append(fields, "Matching",
         {structs("stages", c.stages, fields_of,
                  "Rounds of matching, in this order; each uses the tracks and detections that the previous ones left "
                  "unmatched.")});
  append(fields, "Scores raised by tracks", boost_fields(c));
  append(fields, "Lifecycle", lifecycle_fields(c));
  append(fields, "Appearance", appearance_fields(c));
  append(fields, "Recovery by appearance (stages with appearance: recover)", recovery_fields(c));
  append(fields, "Output", output_fields(c));
  return fields;
}

}  // namespace onepass::config
