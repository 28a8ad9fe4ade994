#include <algorithm>

#include "config/foreign/boxmot_rules.hpp"

namespace onepass::config {
namespace {

/// Keys that every file has or may have.
std::vector<Key> common_keys() {
  std::vector<Key> keys = {
      word_key("asso_func", {"iou", "hmiou", "giou", "diou", "ciou", "centroid"},
               [](TrackerConfig& c, const std::string& word) -> std::string {
                 const auto similarity = word == "hmiou" ? Similarity::iou_height : Similarity::iou;
                 change_stages(c, [similarity](StageConfig& s) {
                   if (s.similarity != Similarity::none) s.similarity = similarity;
                 });
                 return word == "iou" || word == "hmiou" ? "" : word + " is not available; iou is used instead";
               }),
      idle_key("adaptive_kf", "the published noise is used", "False"),
      idle_key("variable_dt", "times come from the frames", "False"),
      idle_key("max_obs", "observations are not kept"),
      idle_key("delta_t", "directions are measured over three frames", "3"),
      // Until version 10, files told how the detector had been run.
      idle_key("conf", "what the detector returns is limited by detector.conf"),
      idle_key("conf_thres", "what the detector returns is limited by detector.conf", "0"),
  };
  for (const auto* name : {"position", "velocity"}) {
    keys.push_back(idle_key(std::string("kf_process_") + name + "_scale", "the published noise is used", "1.0"));
    keys.push_back(idle_key(std::string("kf_initial_") + name + "_scale", "the published noise is used", "1.0"));
  }
  keys.push_back(idle_key("kf_measurement_noise_scale", "the published noise is used", "1.0"));
  keys.push_back(idle_key("kf_time_unit", "the filter counts frames", "null"));
  keys.push_back(idle_key("kf_reference_dt_s", "the filter counts frames", "0.03333333333333333"));
  return keys;
}

std::vector<Key> camera_keys() {
  const auto turned_off_by = [](const std::string& name, bool value) {
    return flag_key(name, [value](TrackerConfig& c, bool given) {
      if (given == value) c.camera_motion = CameraMotion::none;
    });
  };
  return {
      word_key("cmc_method", {"sof", "ecc", "orb", "sift", "sparseOptFlow", "none"},
               [](TrackerConfig& c, const std::string& word) -> std::string {
                 c.camera_motion = word == "none"  ? CameraMotion::none
                                   : word == "ecc" ? CameraMotion::ecc
                                                   : CameraMotion::flow;
                 return word == "orb" || word == "sift" ? "orb and sift are not available; sof is used instead" : "";
               }),
      turned_off_by("use_cmc", false),
      turned_off_by("use_ecc", false),
      turned_off_by("ecc", false),  // until version 10
      turned_off_by("cmc_off", true),
  };
}

std::vector<Key> embedding_keys() {
  std::vector<Key> keys;
  for (const auto* name : {"use_embeddings", "with_reid"}) {  // the latter until version 20
    keys.push_back(flag_key(name, [](TrackerConfig& c, bool used) {
      if (!used) drop_appearance(c);
    }));
  }
  keys.push_back(flag_key("embedding_off", [](TrackerConfig& c, bool off) {
    if (off) drop_appearance(c);
  }));
  return keys;
}

/// The keys of the trackers that descend from SORT.
std::vector<Key> sort_keys() {
  std::vector<Key> keys = {
      number_key("det_thresh", 0, 1,
                 [](TrackerConfig& c, double v) {
                   set_high_score(c, v);
                   c.birth_score = c.boost_score = narrow(v);
                 }),
      whole_key("max_age", set_misses),
      whole_key("min_hits", set_min_hits),
  };
  for (const auto* name : {"iou_threshold", "iou_thresh", "asso_threshold"}) {
    keys.push_back(number_key(name, 0, 1, [](TrackerConfig& c, double v) {
      change_stages(c, [v](StageConfig& s) {
        if (s.min_iou > 0) s.min_iou = narrow(v);
      });
    }));
  }
  return keys;
}

std::vector<Key> observation_keys() {
  return {
      number_key("inertia", 0, 10, [](TrackerConfig& c, double v) { c.stages.front().direction_weight = narrow(v); }),
      idle_key("Q_xy_scaling", "the published noise is used", "0.01"),
      idle_key("Q_s_scaling", "the published noise is used", "0.0001"),
  };
}

/// A second stage for low-score detections, in trackers whose configuration has none.
Key byte_key() {
  return flag_key("use_byte", [](TrackerConfig& c, bool used) {
    if (!used) return;
    StageConfig faint = c.stages.front();
    faint.name = "faint";
    faint.direction_weight = 0;
    faint.appearance = AppearanceMode::none;
    faint.limit = 1;
    c.stages.insert(c.stages.begin() + 1, faint);
  });
}

std::vector<Key> byte_keys() {
  return {
      number_key("track_high_thresh", 0, 1, set_high_score),
      number_key("track_thresh", 0, 1,
                 [](TrackerConfig& c, double v) {
                   set_high_score(c, v);
                   c.birth_score = std::min(narrow(v) + 0.1F, 1.0F);
                 }),
      number_key("track_low_thresh", 0, 1, set_low_score),
      number_key("min_conf", 0, 1, set_low_score),
      number_key("new_track_thresh", 0, 1, [](TrackerConfig& c, double v) { c.birth_score = narrow(v); }),
      whole_key("track_buffer", set_misses),
      number_key("frame_rate", 1, 1000,
                 [](TrackerConfig& c, double v) { c.min_misses = static_cast<int>(c.min_misses * v / 30); }),
      number_key("match_thresh", 0, 1, [](TrackerConfig& c, double v) { c.stages.front().limit = narrow(v); }),
  };
}

std::vector<Key> botsort_keys() {
  const auto limit_of = [](std::string key, std::string stage) {
    return number_key(std::move(key), 0, 1, [stage](TrackerConfig& c, double v) {
      change_stage(c, stage, [v](StageConfig& s) { s.limit = narrow(v); });
    });
  };
  return {
      limit_of("second_match_thresh", "faint"),
      limit_of("unconfirmed_match_thresh", "tentative"),
      flag_key("fuse_first_associate", [](TrackerConfig& c, bool v) { c.stages.front().fuse_score = v; }),
      of_appearance(
          number_key("proximity_thresh", 0, 1,
                     [](TrackerConfig& c, double v) { c.stages.front().min_appearance_iou = 1 - narrow(v); })),
      of_appearance(number_key("appearance_thresh", 0, 1,
                               [](TrackerConfig& c, double v) { c.stages.front().max_appearance = narrow(v); })),
      idle_key("unconfirmed_emb_scale", "tentative tracks are matched by boxes"),
      idle_key("removed_stracks_buffer", "ended tracks are not kept"),
      idle_key("lambda_", "the smaller cost counts, of boxes or of appearance"),
  };
}

/// ImprAssoc (Stadler and Beyerer, 2023) is BoT-SORT for all that can be said here, with its rule for new tracks.
std::vector<Key> imprassoc_keys() {
  return {
      number_key("overlap_thresh", 0, 1, [](TrackerConfig& c, double v) { c.birth_max_iou = narrow(v); }),
      idle_key("max_age", "track_buffer is the life of a lost track"),
  };
}

std::vector<Key> deepocsort_keys() {
  return {
      of_appearance(number_key("w_association_emb", 0, 10,
                               [](TrackerConfig& c, double v) { c.stages.front().appearance_weight = narrow(v); })),
      of_appearance(
          number_key("alpha_fixed_emb", 0, 1, [](TrackerConfig& c, double v) { c.embedding_momentum = narrow(v); })),
      idle_key("aw_param", "the weight grows by the lead over the second candidate, up to 0.5", "0.5"),
      idle_key("aw_off", "the weight always adapts", "False"),
      idle_key("new_kf_off", "the published noise is used", "False"),
  };
}

}  // namespace

const std::vector<ForeignTracker>& boxmot_trackers() {
  static const std::vector<ForeignTracker> trackers = {
      {"botsort", "botsort", joined({byte_keys(), botsort_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"imprassoc", "botsort",
       joined({byte_keys(), botsort_keys(), imprassoc_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"bytetrack", "bytetrack", joined({byte_keys(), first_byte_keys(), common_keys()})},
      {"ocsort", "ocsort",
       joined({{byte_key()},
               sort_keys(),
               observation_keys(),
               {number_key("min_conf", 0, 1, set_low_score)},
               common_keys()})},
      {"deepocsort", "deepocsort",
       joined({sort_keys(), observation_keys(), deepocsort_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"hybridsort", "hybridsort",
       joined({sort_keys(), observation_keys(), hybridsort_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"strongsort", "strongsort", joined({strongsort_keys(), camera_keys(), common_keys()})},
      {"boosttrack", "boosttrack",
       joined({sort_keys(), boosttrack_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"occluboost", "occluboost",
       joined({sort_keys(), boosttrack_keys(), occluboost_keys(), camera_keys(), embedding_keys(), common_keys()})},
      {"sfsort", "sfsort", joined({sfsort_keys(), common_keys()})},
  };
  return trackers;
}

}  // namespace onepass::config
