// Every parameter of onepass, with its default: one plain struct per step from frames to tracks.
//
// docs/parameters.md describes the fields and the values of the enumerations; onepass config --reference prints it. A
// field has the same name there, in YAML files and in flags. No configuration file is needed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onepass {

enum class ExecutorChoice { automatic, openvino, aten };
enum class Precision { automatic, f32, f16, bf16, int8 };

/// From frames to detections: section "detector" of docs/parameters.md.
struct DetectorConfig {
  int imgsz = 640;
  bool rect = true;
  float conf = 0.05F;
  float iou = 0.65F;
  std::vector<std::string> classes;
  int max_det = 300;
  std::string device = "cpu";
  ExecutorChoice executor = ExecutorChoice::automatic;
  Precision precision = Precision::automatic;
  int threads = 0;
  bool cache = true;
};

enum class EmbedMethod { none, roi, cell };
enum class EmbedPooling { area, align };
enum class EmbedRegion { box, mask };
enum class EmbedCalibration { none, online };

/// From feature maps and boxes to embeddings: section "embed" of docs/parameters.md.
struct EmbedConfig {
  EmbedMethod method = EmbedMethod::roi;
  std::vector<std::string> layers;
  std::vector<int> stripes;
  int columns = 1;
  EmbedPooling pooling = EmbedPooling::area;
  EmbedRegion region = EmbedRegion::mask;
  float center_weight = 4;
  bool standardize = true;
  bool visible_parts = true;
  EmbedCalibration calibrate = EmbedCalibration::online;
  std::string calibration;
};

enum class StageTracks { confirmed, recent, lost, tentative, all };
enum class ReferenceBox { predicted, observed };
enum class Similarity { none, iou, iou_height };
enum class AppearanceMode { none, disambiguate, recover, min, add, gap };

/// One round of matching: the tracks and detections that take part, the cost of a pair, and its limit. Section
/// "tracker.stages" of docs/parameters.md.
struct StageConfig {
  std::string name = "match";
  StageTracks tracks = StageTracks::confirmed;
  float min_score = 0.4F;
  float max_score = 1;
  ReferenceBox reference = ReferenceBox::predicted;
  Similarity similarity = Similarity::iou_height;
  bool fuse_score = true;
  float limit = 0.8F;
  float min_iou = 0;
  float max_mahalanobis = 0;
  float max_used_overlap = 1;
  bool cascade = false;
  float limit_step = 0;
  float buffer = 0;
  float sure_score = 0;
  float unsure_penalty = 0;
  float center_weight = 0;
  float confidence_weight = 0;
  float direction_weight = 0;
  float mahalanobis_weight = 0;
  float shape_weight = 0;
  float score_weight = 0;
  float age_weight = 0;
  AppearanceMode appearance = AppearanceMode::none;
  float appearance_weight = 1;
  float max_appearance = 1;
  float min_appearance_iou = 0;
};

/// The stages of the default tracker: confident detections, faint ones, recovery by appearance, tentative tracks.
std::vector<StageConfig> recommended_stages();

/// Identities that outlive their tracks: section "memory" of docs/parameters.md.
struct MemoryConfig {
  bool enabled = false;
  int capacity = 1000;
  float lifetime_s = 3600;
  int exemplars = 2;
  float limit = 1;
  float margin = 0.2F;
  int agreement = 2;
  int patience = 10;
  float wait_s = 3;
  float travel_s = 0;
  bool overlapping_views = false;
};

enum class BoxModel { xywh, xyah, xysr };
enum class NoiseModel { relative, sort };
enum class CameraMotion { none, file, boxes, flow, ecc };

/// From detections to tracks: section "tracker" of docs/parameters.md.
struct TrackerConfig {
  // Kalman filter
  BoxModel box = BoxModel::xywh;
  NoiseModel noise = NoiseModel::relative;
  float noise_rate = 30;
  float position_noise = 0.04F;
  float velocity_noise = 0.004167F;
  float measurement_noise = 0.07F;
  float size_noise = 2;
  float faint_noise = 1;
  float occlusion_noise = 2;
  float nsa = 0;
  bool learn_motion = true;
  float agile_noise = 0.004F;
  bool reupdate = false;

  // Camera motion
  CameraMotion camera_motion = CameraMotion::boxes;
  std::string camera_motion_file;

  // Matching
  std::vector<StageConfig> stages = recommended_stages();

  // Scores raised by tracks
  float boost_factor = 0;
  float boost_blend = 1;
  float boost_limit = 1;
  bool boost_newcomers = false;
  float boost_score = 0.6F;

  // Lifecycle
  float birth_score = 0.6F;
  float birth_max_iou = 1;
  int confirm_hits = 2;
  float confirm_score_sum = 1.8F;
  bool confirm_first_frame = true;
  float confirm_at_once_score = 1;
  int tentative_misses = 0;
  int return_hits = 1;
  float max_age_s = 1;
  float appearance_age_s = 3;
  float appearance_age_inside = 0.5F;
  int min_misses = 0;
  float max_duplicate_iou = 1;
  float covered_share = 0;
  float covered_damping = 1;
  float covered_growth = 1;
  int covered_recent = 0;
  int covered_misses = 0;
  bool per_class = false;
  float class_margin = 1.5F;

  // Appearance
  float embedding_momentum = 0.95F;
  double embedding_min_score = 0.4;
  int gallery = 0;
  bool center_embeddings = true;

  // Recovery by appearance
  float recovery_reliability = 0.3F;
  float recovery_reach = 2;
  float recovery_height_ratio = 1.4F;
  float recovery_margin = 0.05F;
  float recovery_visible_margin = -0.1F;

  // Output
  bool show_detected = false;
  float min_area = 0;
  float max_aspect = 0;
  float coast_s = 0.3F;
  float coast_open_s = 0.1F;
  int coast_hits = 20;
  float coast_inside = 0.7F;
  float coast_covered = 0.3F;

  MemoryConfig memory;
};

struct Config {
  DetectorConfig detector;
  EmbedConfig embed;
  TrackerConfig tracker;
};

/// Overrides parameters with those of a YAML file, or of a built-in configuration by its name, such as "bytetrack"
/// (configuration_names()); keys that are absent keep their value. A tracker file of Ultralytics or BoxMOT replaces the
/// whole tracker instead.
/// @return notes for the user: the keys of such a file that have no effect or a different one.
/// @throws std::runtime_error with file, line and key, what the key accepts, and the nearest known name.
std::vector<std::string> apply_yaml(Config& config, const std::filesystem::path& path);

/// Names of the built-in configurations, sorted: the files in configs.
std::vector<std::string> configuration_names();

/// Sets one parameter by its full name, such as "tracker.max_age_s". A list is written as "[2, 4]" or "2,4".
/// @throws std::invalid_argument naming the parameter and what it accepts.
void apply_setting(Config& config, const std::string& name, const std::string& value);

/// Every parameter with its value, and its description as a comment, as YAML that apply_yaml reads back.
/// @throws std::invalid_argument naming the field if an enumeration has no such value.
std::string dump_yaml(const Config& config);

}  // namespace onepass
