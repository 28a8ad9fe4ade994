#include "config/foreign/boxmot_rules.hpp"

#include <algorithm>

namespace onepass::config {
namespace {

/// Weight of the cosine distance when that of the boxes is 1 - weight, for a factor on the cosine distance alone.
float share_of(double factor) { return narrow(factor / (1 + factor)); }

/// The limit is made for a squared Mahalanobis distance with the weight 1 - lambda; see strongsort.yaml.
void weigh_motion(TrackerConfig& c, double lambda) {
  constexpr double chi_square_99 = 13.28;
  auto& stage = c.stages.front();
  stage.appearance_weight = narrow(lambda);
  stage.mahalanobis_weight = narrow((1 - lambda) * chi_square_99);
  stage.limit = narrow(2 * stage.max_appearance + (1 - lambda) * (1 - chi_square_99));
}

}  // namespace

std::vector<Key> hybridsort_keys() {
  const auto of_stage = [](std::string key, std::string stage, float StageConfig::*field) {
    return number_key(std::move(key), 0, 10, [stage, field](TrackerConfig& c, double v) {
      change_stage(c, stage, [&](StageConfig& s) { s.*field = narrow(v); });
    });
  };
  const auto trend = [](std::string key, std::string stage) {
    return flag_key(std::move(key), [stage](TrackerConfig& c, bool used) {
      if (!used) change_stage(c, stage, [](StageConfig& s) { s.score_weight = 0; });
    });
  };
  const auto looks = [](std::string key, std::string stage) {
    return of_appearance(number_key(std::move(key), 0, 1000, [stage](TrackerConfig& c, double v) {
      change_stage(c, stage, [v](StageConfig& s) { s.appearance_weight = share_of(v); });
    }));
  };
  std::vector<Key> keys = {
      number_key("track_thresh", 0, 1, set_high_score),
      number_key("low_thresh", 0, 1, set_low_score),
      of_appearance(number_key("alpha", 0, 1, [](TrackerConfig& c, double v) { c.embedding_momentum = narrow(v); })),
      of_appearance(flag_key("adapfs", [](TrackerConfig& c, bool v) { c.embedding_min_score = v ? 0.4 : 1; })),
      flag_key("use_byte",
               [](TrackerConfig& c, bool used) {
                 if (!used) std::erase_if(c.stages, [](const StageConfig& s) { return s.name == "faint"; });
               }),
  };
  struct Prefixes {
    std::string trend, looks;
  };
  for (const auto& [tcm, eg] : {Prefixes{"TCM_", "EG_"}, Prefixes{"tcm_", "eg_"}}) {  // both are in use
    keys.push_back(of_stage(tcm + "first_step_weight", "overlap", &StageConfig::score_weight));
    keys.push_back(of_stage(tcm + "byte_step_weight", "faint", &StageConfig::score_weight));
    keys.push_back(trend(tcm + "first_step", "overlap"));
    keys.push_back(trend(tcm + "byte_step", "faint"));
    keys.push_back(looks(eg + "weight_high_score", "overlap"));
    keys.push_back(looks(eg + "weight_low_score", "faint"));
  }
  for (const auto* name :
       {"longterm_bank_length", "with_longterm_reid", "longterm_reid_weight", "with_longterm_reid_correction",
        "longterm_reid_correction_thresh", "longterm_reid_correction_thresh_low"}) {
    keys.push_back(idle_key(name, "a mean embedding is kept, not a bank of embeddings"));
  }
  return keys;
}

std::vector<Key> strongsort_keys() {
  std::vector<Key> keys = {
      number_key("min_conf", 0, 1,
                 [](TrackerConfig& c, double v) {
                   set_high_score(c, v);
                   c.birth_score = narrow(v);
                 }),
      number_key("ema_alpha", 0, 1, [](TrackerConfig& c, double v) { c.embedding_momentum = narrow(v); }),
      whole_key("max_age", set_misses),
      whole_key("n_init", [](TrackerConfig& c, int v) { c.confirm_hits = std::max(v, 1); }),
      idle_key("nn_budget", "a mean embedding is kept"),
      idle_key("max_unmatched_preds", "a lost track is not output"),
  };
  for (const auto* name : {"max_cos_dist", "max_dist"}) {  // the latter until version 11
    keys.push_back(number_key(name, 0, 2, [](TrackerConfig& c, double v) {
      c.stages.front().max_appearance = narrow(v / 2);
      weigh_motion(c, c.stages.front().appearance_weight);
    }));
  }
  for (const auto* name : {"max_iou_dist", "max_iou_distance"}) {
    keys.push_back(number_key(name, 0, 1, [](TrackerConfig& c, double v) {
      for (const auto* stage : {"overlap", "tentative"}) {
        change_stage(c, stage, [v](StageConfig& s) { s.limit = narrow(v); });
      }
    }));
  }
  keys.push_back(number_key("mc_lambda", 0, 1, weigh_motion));
  return keys;
}

namespace {

/// That package raises scores to a share of the IoU, unless it does so in one of two other ways or in both.
void set_boost(TrackerConfig& c, bool soft, bool varying_threshold) {
  constexpr float share = 0.65F;  // of all of them, unless the file says another one
  c.boost_blend = soft ? share : 1;
  c.boost_limit = varying_threshold ? 0.95F : 1;
  c.boost_factor = soft || varying_threshold ? 0 : share;
}

void set_boost_share(TrackerConfig& c, double share) {
  if (c.boost_factor > 0) c.boost_factor = narrow(share);
  if (c.boost_blend < 1) c.boost_blend = narrow(std::min(share, 1.0));
}

}  // namespace

std::vector<Key> boosttrack_keys() {
  const auto weight = [](std::string name, float StageConfig::*field, double factor) {
    return number_key(std::move(name), 0, 10,
                      [field, factor](TrackerConfig& c, double v) { c.stages.front().*field = narrow(factor * v); });
  };
  return {
      number_key("min_box_area", 0, 1e12, [](TrackerConfig& c, double v) { c.min_area = narrow(v); }),
      number_key("aspect_ratio_thresh", 0, 1e6, [](TrackerConfig& c, double v) { c.max_aspect = narrow(v); }),
      weight("lambda_iou", &StageConfig::confidence_weight, 1),
      weight("lambda_mhd", &StageConfig::mahalanobis_weight, 0.5),  // see boosttrack.yaml
      weight("lambda_shape", &StageConfig::shape_weight, 1),
      flag_key("use_sb", [](TrackerConfig& c, bool used) { set_boost(c, used, c.boost_limit < 1); }),
      flag_key("use_vt", [](TrackerConfig& c, bool used) { set_boost(c, c.boost_blend < 1, used); }),
      number_key("dlo_boost_coef", 0, 10, set_boost_share),
      flag_key("use_dlo_boost",
               [](TrackerConfig& c, bool used) {
                 if (used) return;
                 c.boost_factor = 0;
                 c.boost_blend = c.boost_limit = 1;
               }),
      flag_key("use_duo_boost", [](TrackerConfig& c, bool used) { c.boost_newcomers = used; }),
      idle_key("use_rich_s", "scores are raised by IoU"),
      idle_key("s_sim_corr", "shapes are compared as published", "False"),
  };
}

std::vector<Key> occluboost_keys() {
  std::vector<Key> keys = {
      number_key("track_low_thresh", 0, 1, set_low_score),
      number_key("second_iou_thresh", 0, 1,
                 [](TrackerConfig& c, double v) {
                   change_stage(c, "faint", [v](StageConfig& s) { s.limit = narrow(1 - v); });
                 }),
      flag_key("use_second_pass",
               [](TrackerConfig& c, bool used) {
                 if (!used) std::erase_if(c.stages, [](const StageConfig& s) { return s.name == "faint"; });
               }),
      number_key("new_track_thresh", 0, 1, [](TrackerConfig& c, double v) { c.birth_score = narrow(v); }),
      whole_key("confirm_hits", [](TrackerConfig& c, int v) { c.confirm_hits = std::max(v, 1); }),
      number_key("instant_confirm_thresh", 0, 1,
                 [](TrackerConfig& c, double v) { c.confirm_at_once_score = narrow(v); }),
      whole_key("tentative_max_age", [](TrackerConfig& c, int v) { c.tentative_misses = v; }),
      number_key("duplicate_iou_thresh", 0, 1, [](TrackerConfig& c, double v) { c.max_duplicate_iou = narrow(v); }),
      of_appearance(
          number_key("feat_alpha", 0, 1, [](TrackerConfig& c, double v) { c.embedding_momentum = narrow(v); })),
      of_appearance(number_key("lambda_emb_multiplier", 0, 10,
                               [](TrackerConfig& c, double v) {
                                 change_stage(c, "similar", [v](StageConfig& s) { s.appearance_weight = narrow(v); });
                               })),
  };
  const auto idle = [&keys](std::initializer_list<const char*> names, const std::string& reason) {
    for (const auto* name : names) keys.push_back(idle_key(name, reason));
  };
  idle({"recovery_appearance_thresh", "recovery_iou_thresh", "recovery_max_age"},
       "the parameters recovery_* decide about recovery by appearance");
  idle({"second_appearance_thresh", "second_pass_max_age", "second_pass_min_hits"},
       "low-score detections are matched by IoU with the tracks of the previous frame");
  idle({"ams_enabled", "ams_alpha0", "ams_threshold", "ams_buffer_size", "ams_shrink_ratio"},
       "a mean embedding is kept");
  idle({"gta_enabled", "gta_appearance_thresh", "gta_min_track_length", "gta_smooth_tau", "gta_interpolate",
        "gta_max_gap"},
       "finished tracks are not changed");
  idle({"obb_det_thresh", "obb_iou_threshold", "obb_new_track_thresh", "obb_instant_confirm_thresh", "obb_max_age",
        "obb_recovery_max_age", "obb_second_iou_thresh"},
       "boxes are not rotated");
  return keys;
}

std::vector<Key> sfsort_keys() {
  std::vector<Key> keys = {
      number_key("high_th", 0, 1, set_high_score),
      number_key("low_th", 0, 1, set_low_score),
      number_key("new_track_th", 0, 1, [](TrackerConfig& c, double v) { c.birth_score = narrow(v); }),
      // The similarity of that package is a mean of three; 0.67 there is 1 here.
      number_key("match_th_first", 0, 1, [](TrackerConfig& c, double v) { c.stages.front().limit = narrow(v / 0.67); }),
      number_key(
          "match_th_second", 0, 1,
          [](TrackerConfig& c, double v) { change_stage(c, "faint", [v](StageConfig& s) { s.limit = narrow(v); }); }),
      whole_key("central_timeout", set_misses),
      idle_key("marginal_timeout", "central_timeout holds everywhere", "0"),
      idle_key("dynamic_tuning", "thresholds do not change", "False"),
      idle_key("obb_theta_damping", "boxes are not rotated"),
  };
  for (const auto* name : {"cth", "high_th_m", "new_track_th_m", "match_th_first_m"}) {
    keys.push_back(idle_key(name, "thresholds do not change"));
  }
  for (const auto* name : {"horizontal_margin", "vertical_margin"}) {
    keys.push_back(idle_key(name, "central_timeout holds everywhere", "0"));
  }
  return keys;
}

}  // namespace onepass::config
