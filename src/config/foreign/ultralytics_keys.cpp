#include "config/foreign/keys.hpp"

namespace onepass::config {
namespace {

Key motion_method(const std::string& name) {
  return word_key(
      name, {"sparseOptFlow", "ecc", "orb", "sift", "none"},
      [](TrackerConfig& c, const std::string& word) -> std::string {
        c.camera_motion = word == "none" ? CameraMotion::none : word == "ecc" ? CameraMotion::ecc : CameraMotion::flow;
        if (word != "orb" && word != "sift") return "";
        return "orb and sift are not available; sparseOptFlow is used instead";
      });
}

std::vector<Key> camera_keys() {
  return {motion_method("cmc_method"), motion_method("gmc_method")};  // the former until 8.0.41
}

Key buffer_key() { return whole_key("track_buffer", set_misses); }

Key birth_key() {
  return number_key("new_track_thresh", 0, 1, [](TrackerConfig& c, double v) { c.birth_score = narrow(v); });
}

/// The keys of ByteTrack, which all but TrackTrack share.
std::vector<Key> byte_keys() {
  return {
      number_key("track_high_thresh", 0, 1, set_high_score),
      number_key("track_low_thresh", 0, 1, set_low_score),
      birth_key(),
      buffer_key(),
      number_key("match_thresh", 0, 1,
                 [](TrackerConfig& c, double v) {  // a neutral direction costs half its weight
                   auto& stage = c.stages.front();
                   stage.limit = narrow(v) + stage.direction_weight / 2;
                 }),
      flag_key("fuse_score",
               [](TrackerConfig& c, bool fuse) {
                 for (const auto* stage : {"confident", "last observation", "tentative"}) {
                   change_stage(c, stage, [fuse](StageConfig& s) { s.fuse_score = fuse; });
                 }
               }),
  };
}

/// Embeddings, as BoT-SORT uses them.
std::vector<Key> appearance_keys() {
  return {
      flag_key("with_reid",
               [](TrackerConfig& c, bool used) {
                 c.center_embeddings = false;
                 if (used) {
                   c.stages.front().appearance = AppearanceMode::min;
                 } else {
                   drop_appearance(c);
                 }
               }),
      of_appearance(number_key("proximity_thresh", 0, 1,
                               [](TrackerConfig& c, double v) { c.stages.front().min_appearance_iou = narrow(v); })),
      of_appearance(number_key("appearance_thresh", 0, 1,
                               [](TrackerConfig& c, double v) { c.stages.front().max_appearance = 1 - narrow(v); })),
      idle_key("model", "the embeddings are computed from the detector's feature maps"),
  };
}

std::vector<Key> observation_keys() {
  return {
      flag_key("use_byte",
               [](TrackerConfig& c, bool used) {
                 if (!used) return;
                 StageConfig faint;
                 faint.name = "faint";
                 faint.tracks = StageTracks::recent;
                 faint.similarity = Similarity::iou;
                 faint.fuse_score = false;
                 faint.limit = 0.5F;
                 c.stages.insert(c.stages.begin() + 1, faint);
               }),
      number_key("inertia", 0, 10, [](TrackerConfig& c, double v) { c.stages.front().direction_weight = narrow(v); }),
      idle_key("delta_t", "directions are measured over three frames", "3"),
  };
}

std::vector<Key> unused_by_bytetrack() {
  std::vector<Key> keys;
  for (const auto* name : {"cmc_method", "gmc_method"}) {
    keys.push_back(idle_key(name, "ByteTrack does not compensate camera motion"));
  }
  for (const auto* name : {"proximity_thresh", "appearance_thresh", "with_reid", "model"}) {
    keys.push_back(idle_key(name, "ByteTrack does not use appearance"));
  }
  return keys;
}

std::vector<Key> fasttrack_keys() {
  const std::string rollback = "a covered track keeps its state";
  return {
      number_key("init_iou_suppress", 0, 1, [](TrackerConfig& c, double v) { c.birth_max_iou = narrow(v); }),
      number_key("occ_cover_thresh", 0, 1, [](TrackerConfig& c, double v) { c.covered_share = narrow(v); }),
      number_key("dampen_motion_occ", 0, 1, [](TrackerConfig& c, double v) { c.covered_damping = narrow(v); }),
      number_key("enlarge_bbox_occ", 0.1, 10, [](TrackerConfig& c, double v) { c.covered_growth = narrow(v); }),
      whole_key("active_occ_to_lost_thresh", [](TrackerConfig& c, int v) { c.covered_recent = v; }),
      whole_key("occ_reappear_window", [](TrackerConfig& c, int v) { c.covered_misses = v; }),
      idle_key("reset_velocity_offset_occ", rollback, "0"),
      idle_key("reset_pos_offset_occ", rollback, "0"),
  };
}

std::vector<Key> tracktrack_keys() {
  const auto of_stages = [](std::string name, double high, float StageConfig::*field) {
    return number_key(std::move(name), 0, high, [field](TrackerConfig& c, double v) {
      change_stages(c, [&](StageConfig& s) { s.*field = narrow(v); });
    });
  };
  return {
      of_stages("track_high_thresh", 1, &StageConfig::sure_score),
      of_stages("track_low_thresh", 1, &StageConfig::min_score),
      birth_key(),
      buffer_key(),
      of_stages("match_thresh", 10, &StageConfig::limit),
      idle_key("iou_weight", "it is 1 - reid_weight", "0.5"),
      of_stages("reid_weight", 1, &StageConfig::appearance_weight),
      of_stages("conf_weight", 10, &StageConfig::score_weight),
      of_stages("angle_weight", 10, &StageConfig::direction_weight),
      of_stages("penalty_p", 10, &StageConfig::unsure_penalty),
      idle_key("penalty_q", "detections that non-maximum suppression dropped are not matched"),
      of_stages("reduce_step", 10, &StageConfig::limit_step),
      number_key("tai_thr", 0, 1, [](TrackerConfig& c, double v) { c.birth_max_iou = narrow(v); }),
      whole_key("min_track_len", [](TrackerConfig& c, int v) { c.confirm_hits = std::max(v, 1); }),
      number_key("lost_match_thr", 0, 10,
                 [](TrackerConfig& c, double v) {
                   if (v == 0) return;
                   auto lost = c.stages.front();
                   lost.name = "lost";
                   lost.tracks = StageTracks::lost;
                   lost.limit = narrow(v);
                   c.stages.push_back(lost);
                 }),
      flag_key("with_reid",
               [](TrackerConfig& c, bool used) {
                 if (!used) drop_appearance(c);
               }),
      idle_key("model", "the embeddings are computed from the detector's feature maps"),
  };
}

}  // namespace

const std::vector<ForeignTracker>& ultralytics_trackers() {
  static const std::vector<ForeignTracker> trackers = {
      {"botsort", "botsort", joined({byte_keys(), first_byte_keys(), camera_keys(), appearance_keys()})},
      {"bytetrack", "bytetrack", joined({byte_keys(), first_byte_keys(), unused_by_bytetrack()})},
      {"ocsort", "ocsort-byte", joined({observation_keys(), byte_keys()})},
      {"deepocsort", "ocsort-byte",
       joined({observation_keys(),
               byte_keys(),
               camera_keys(),
               appearance_keys(),
               {of_appearance(number_key("alpha_fixed_emb", 0, 1,
                                         [](TrackerConfig& c, double v) { c.embedding_momentum = narrow(v); }))}})},
      {"fasttrack", "fasttrack", joined({byte_keys(), fasttrack_keys()})},
      {"tracktrack", "tracktrack", joined({tracktrack_keys(), camera_keys()})},
  };
  return trackers;
}

}  // namespace onepass::config
