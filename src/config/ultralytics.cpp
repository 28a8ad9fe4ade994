#include "config/ultralytics.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "config/fields.hpp"

namespace onepass::config {
namespace {

enum class TrackerType { botsort, bytetrack };
enum class MotionMethod { none, flow, ecc, orb, sift };

/// The keys of an Ultralytics tracker file, with the values that absent keys have.
struct TrackerFile {
  TrackerType tracker_type = TrackerType::botsort;
  float track_high_thresh = 0.25F;
  float track_low_thresh = 0.1F;
  float new_track_thresh = 0.25F;
  int track_buffer = 30;
  float match_thresh = 0.8F;
  bool fuse_score = true;
  MotionMethod gmc_method = MotionMethod::flow;
  float proximity_thresh = 0.5F;
  float appearance_thresh = 0.8F;
  bool with_reid = false;
  std::string model;
};

/// The field, which leaves its value if the key has none.
Field or_nothing(Field field) {
  field.read = [read = std::move(field.read)](const YAML::Node& node) {
    if (!node.IsNull()) read(node);
  };
  return field;
}

std::vector<Field> fields_of(TrackerFile& c) {
  const std::vector<Choice<MotionMethod>> methods = {
      {MotionMethod::flow, "sparseOptFlow"}, {MotionMethod::ecc, "ecc"},   {MotionMethod::orb, "orb"},
      {MotionMethod::sift, "sift"},          {MotionMethod::none, "none"}, {MotionMethod::none, "None"}};
  return {
      choice<TrackerType>("tracker_type", c.tracker_type,
                          {{TrackerType::botsort, "botsort"}, {TrackerType::bytetrack, "bytetrack"}}, ""),
      number("track_high_thresh", c.track_high_thresh, 0, 1, ""),
      number("track_low_thresh", c.track_low_thresh, 0, 1, ""),
      number("new_track_thresh", c.new_track_thresh, 0, 1, ""),
      number("track_buffer", c.track_buffer, 0, 1000000, ""),
      number("match_thresh", c.match_thresh, 0, 1, ""),
      flag("fuse_score", c.fuse_score, ""),
      or_nothing(choice<MotionMethod>("gmc_method", c.gmc_method, methods, "")),
      number("proximity_thresh", c.proximity_thresh, 0, 1, ""),
      number("appearance_thresh", c.appearance_thresh, 0, 1, ""),
      flag("with_reid", c.with_reid, ""),
      text("model", c.model, ""),
  };
}

std::vector<StageConfig> stages_of(const TrackerFile& file) {
  StageConfig confident;
  confident.name = "confident";
  confident.min_score = file.track_high_thresh;
  confident.similarity = Similarity::iou;
  confident.fuse_score = file.fuse_score;
  auto tentative = confident;
  confident.limit = file.match_thresh;
  if (file.tracker_type == TrackerType::botsort && file.with_reid) {
    confident.appearance = AppearanceMode::min;
    confident.max_appearance = 1 - file.appearance_thresh;
    confident.min_appearance_iou = file.proximity_thresh;
  }
  StageConfig faint;
  faint.name = "faint";
  faint.tracks = StageTracks::recent;
  faint.min_score = file.track_low_thresh;
  faint.max_score = file.track_high_thresh;
  faint.similarity = Similarity::iou;
  faint.fuse_score = false;
  faint.limit = 0.5F;
  tentative.name = "tentative";
  tentative.tracks = StageTracks::tentative;
  tentative.limit = 0.7F;
  return {confident, faint, tentative};
}

CameraMotion camera_motion_of(const TrackerFile& file) {
  if (file.tracker_type == TrackerType::bytetrack || file.gmc_method == MotionMethod::none) return CameraMotion::none;
  return file.gmc_method == MotionMethod::ecc ? CameraMotion::ecc : CameraMotion::flow;
}

TrackerConfig tracker_of(const TrackerFile& file) {
  TrackerConfig config;
  const bool botsort = file.tracker_type == TrackerType::botsort;
  config.box = botsort ? BoxModel::xywh : BoxModel::xyah;
  config.position_noise = 0.05F;     // DeepSORT: 1/20
  config.velocity_noise = 0.00625F;  // DeepSORT: 1/160
  config.measurement_noise = 0.05F;
  config.noise_rate = 0;
  config.learn_motion = false;
  config.faint_noise = 0;
  config.occlusion_noise = 0;
  if (botsort) {
    config.size_noise = 1;
    config.center_embeddings = false;
  }
  config.camera_motion = camera_motion_of(file);
  config.stages = stages_of(file);
  config.birth_score = file.new_track_thresh;
  config.confirm_score_sum = 0;
  config.max_age_s = 0;  // a number of frames, whatever their rate: Ultralytics always takes it as 30
  config.min_misses = file.track_buffer;
  config.max_duplicate_iou = 0.85F;
  config.coast_s = 0;
  config.coast_open_s = 0;
  return config;
}

/// Refuses a BoxMOT file, in which every key is a map with the range of a search.
void refuse_search_space(const YAML::Node& root, const std::string& where) {
  for (const auto& entry : root) {
    if (!entry.second.IsMap() || !entry.second["default"]) continue;
    throw std::runtime_error(fmt::format(
        "{}:{}: '{}' has a type, a default and a range: this is a BoxMOT file; write each key with its value, such as "
        "'{}: {}', and 'tracker_type: botsort' or 'tracker_type: bytetrack'",
        where, entry.first.Mark().line + 1, entry.first.Scalar(), entry.first.Scalar(),
        entry.second["default"].IsScalar() ? entry.second["default"].Scalar() : "..."));
  }
}

std::vector<std::string> notes_on(const TrackerFile& file, const YAML::Node& root) {
  std::vector<std::string> notes;
  const auto without_effect = [&](const char* key, const std::string& reason) {
    if (root[key]) notes.push_back(fmt::format("{} has no effect: {}", key, reason));
  };
  const bool bytetrack = file.tracker_type == TrackerType::bytetrack;
  if (bytetrack) without_effect("gmc_method", "ByteTrack does not compensate camera motion");
  if (!bytetrack && (file.gmc_method == MotionMethod::orb || file.gmc_method == MotionMethod::sift)) {
    notes.push_back("gmc_method: orb and sift are not available; sparseOptFlow is used instead");
  }
  if (bytetrack || !file.with_reid) {
    const std::string reason = bytetrack ? "ByteTrack does not use appearance" : "with_reid is false";
    without_effect("proximity_thresh", reason);
    without_effect("appearance_thresh", reason);
  }
  if (bytetrack) without_effect("with_reid", "ByteTrack does not use appearance");
  without_effect("model", "the embeddings are computed from the detector's feature maps");
  return notes;
}

}  // namespace

bool is_ultralytics_tracker(const YAML::Node& root) { return root.IsMap() && root["tracker_type"]; }

void refuse_nameless_tracker(const YAML::Node& root, const std::string& where) {
  TrackerFile file;
  const auto fields = fields_of(file);
  if (!root.IsMap()) return;
  refuse_search_space(root, where);
  for (const auto& entry : root) {
    if (std::ranges::find(fields, entry.first.Scalar(), &Field::name) == fields.end()) continue;
    throw std::runtime_error(
        fmt::format("{}:{}: '{}' is a key of Ultralytics' tracker files, but there is no tracker_type; add "
                    "'tracker_type: botsort' or 'tracker_type: bytetrack'",
                    where, entry.first.Mark().line + 1, entry.first.Scalar()));
  }
}

std::vector<std::string> apply_ultralytics_tracker(TrackerConfig& config, const YAML::Node& root,
                                                   const std::string& where) {
  TrackerFile file;
  refuse_search_space(root, where);
  read_fields(root, fields_of(file), "tracker", where);
  const auto method = root["gmc_method"];
  if (method && method.IsNull()) file.gmc_method = MotionMethod::none;
  config = tracker_of(file);
  auto notes = notes_on(file, root);
  for (auto& note : notes) note = where + ": " + note;
  return notes;
}

}  // namespace onepass::config
