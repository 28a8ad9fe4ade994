// Every parameter of onepass: one plain struct per stage, with documented defaults. You do not need a config file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onepass {

/// What computes the network. automatic: onednn on the processor where it can, otherwise aten (LibTorch).
enum class ExecutorChoice { automatic, onednn, aten };

/// From a frame to boxes. The names and meanings are those that Ultralytics' users know.
struct DetectorConfig {
  int imgsz = 640;                   ///< longer side of the network's input, pixels
  bool rect = true;                  ///< pad to the next stride multiple only, instead of to a square
  float conf = 0.05F;                ///< lowest score kept; the tracker's stages choose among what is kept
  float iou = 0.65F;                 ///< overlap above which non-maximum suppression drops the lower score
  std::vector<std::string> classes;  ///< class names or numbers to keep; empty keeps all
  int max_det = 300;                 ///< most detections per frame
  std::string device = "cpu";        ///< cpu, cuda or cuda:N
  ExecutorChoice executor = ExecutorChoice::automatic;
  int threads = 0;  ///< threads of the network; 0: one per processor core
};

enum class EmbedMethod { none, roi, cell };

/// How a part of a box is read from a map: every cell by the area covered, or sampled between cells (RoIAlign).
enum class EmbedPooling { area, align };

/// online: learn from the stream itself, without labels, which differences between embeddings say little because one
/// object shows them from frame to frame.
enum class EmbedCalibration { none, online };

/// From feature maps and boxes to embeddings.
struct EmbedConfig {
  EmbedMethod method = EmbedMethod::roi;
  std::vector<int> layers;   ///< layers to pool; empty: chosen by stride for the model at hand
  std::vector<int> stripes;  ///< horizontal stripes per layer; empty: 8, 8, 4, 1
  int columns = 1;           ///< parts that every stripe is cut into, side by side
  EmbedPooling pooling = EmbedPooling::area;
  bool standardize = true;    ///< subtract what the stream shows at that size, divide by the deviation (method roi)
  bool visible_parts = true;  ///< stripes count by the part of them that no box in front covers (method roi)
  EmbedCalibration calibrate = EmbedCalibration::online;  ///< of standardized roi embeddings without a file
  std::string calibration;  ///< file that onepass calibrate wrote for this camera, instead of learning online
};

/// How a box is written in the filter: center with width and height, with aspect ratio and height (DeepSORT), or with
/// area and aspect ratio (SORT).
enum class BoxModel { xywh, xyah, xysr };

/// relative: standard deviations are shares of the box; sort: the constants of SORT, in pixels.
enum class NoiseModel { relative, sort };

/// Where the camera's own motion comes from; flow and ecc need images.
enum class CameraMotion { none, file, boxes, flow, ecc };

/// Which tracks a stage offers detections to. recent: confirmed and seen in the previous frame.
enum class StageTracks { confirmed, recent, lost, tentative };

/// Which box of a track a stage compares: the one predicted for now, or the last one observed.
enum class ReferenceBox { predicted, observed };

/// iou_height: IoU times the vertical overlap over union; none: the boxes say nothing, only gates and appearance do.
enum class Similarity { none, iou, iou_height };

/// How a stage uses embeddings; every mode ignores pairs without them.
enum class AppearanceMode { none, disambiguate, recover, min, add, gap };

/// One round of matching: which detections meet which tracks, at what cost, up to which limit.
struct StageConfig {
  std::string name = "match";                   ///< for explanations
  StageTracks tracks = StageTracks::confirmed;  ///< among those not matched yet in this frame
  float min_score = 0.4F;                       ///< of the detections, inclusive
  float max_score = 1;                          ///< exclusive, but 1 takes all
  ReferenceBox reference = ReferenceBox::predicted;
  Similarity similarity = Similarity::iou_height;  ///< cost = 1 - similarity + terms
  bool fuse_score = true;                          ///< multiply the similarity by the detection's score
  float limit = 0.8F;                              ///< pairs at or above this cost are not matched
  float min_iou = 0;                               ///< pairs need an IoU above this
  float max_mahalanobis = 0;                       ///< gate on the squared distance (4 degrees of freedom); 0: none
  float max_used_overlap = 1;                      ///< leave out detections with more IoU to one used before; 1: none
  bool cascade = false;                            ///< tracks seen last choose first, one round per age
  float direction_weight = 0;                      ///< OCM: angle between past and implied motion of the corners
  float mahalanobis_weight = 0;                    ///< reward for a small Mahalanobis distance
  float shape_weight = 0;                          ///< reward for equal width and height
  float score_weight = 0;                          ///< for a score unlike the track's trend
  float age_weight = 0;                            ///< for each second without detection, up to one
  AppearanceMode appearance = AppearanceMode::none;
  float appearance_weight = 1;   ///< of the term of disambiguate, add and gap
  float max_appearance = 1;      ///< min, add: largest (1 - cosine) / 2
  float min_appearance_iou = 0;  ///< min: least IoU for appearance to count
};

/// The stages of the recommended tracker: confident, faint, recovery by appearance, tentative.
std::vector<StageConfig> recommended_stages();

/// What becomes of identities whose tracks have ended. Limit and margin are in units of the separation that the tracker
/// learns: 0 is the distance of a typical match, 1 that of the most similar other object in sight.
struct MemoryConfig {
  bool enabled = false;     ///< hold new tracks against the identities seen before; they get their id a little later
  int capacity = 1000;      ///< identities remembered; the least useful is forgotten
  float lifetime_s = 3600;  ///< forgotten when unseen for this long, counted while a stream is watched; 0: never
  int exemplars = 8;        ///< views kept of each
  float limit = 0.3F;       ///< largest distance at which a new track is taken for an identity
  float margin = 0.3F;      ///< lead over every other identity, absent or in sight
  int agreement = 5;        ///< detections in a row that must agree
  int patience = 6;         ///< after more detections than these without agreement the track gets a new id
};

/// From detections to identities. Times are in seconds; frames are those the tracker gets to see.
struct TrackerConfig {
  // Motion. Noise is per frame at the nominal frame rate, relative to the box (w, h, w, h).
  BoxModel box = BoxModel::xywh;
  NoiseModel noise = NoiseModel::relative;
  float position_noise = 0.04F;      ///< process, standard deviation
  float velocity_noise = 0.004167F;  ///< process, 1/240 per frame
  float measurement_noise = 0.07F;   ///< the initial deviations follow: twice this, and ten times velocity_noise
  float size_noise = 2;              ///< factor on the measurement noise of width and height (xywh)
  float faint_noise = 1;             ///< measurement noise times 1 + this * (1 - score)
  float occlusion_noise = 2;         ///< measurement noise times 1 + this * (share of the box behind another)
  float nsa = 0;                     ///< measurement variance times 1 - this * score (NSA Kalman filter)
  bool reupdate = false;             ///< OC-SORT: after a gap, filter again along a straight path
  CameraMotion camera_motion = CameraMotion::boxes;
  std::string camera_motion_file;  ///< for file: frame, then the 2x3 warp from the frame before, row by row

  std::vector<StageConfig> stages = recommended_stages();

  // Lifecycle.
  float birth_score = 0.6F;         ///< lowest score of a detection that starts a track
  int confirm_hits = 2;             ///< detections until a track is confirmed and gets its id
  float confirm_score_sum = 1.8F;   ///< and least sum of their scores
  bool confirm_first_frame = true;  ///< confirm at once what starts in the very first frame
  float max_age_s = 1;              ///< a confirmed track ends after this long without detection
  int min_misses = 0;               ///< but not before it missed more than this many frames
  float max_duplicate_iou = 1;      ///< end the younger of a shown and a lost track that overlap more; 1: never
  bool per_class = false;           ///< match within classes only; otherwise a track's class is a belief
  float class_margin = 1.5F;        ///< a track changes class when the evidence for another is this many times larger

  // Appearance.
  float embedding_momentum = 0.9F;     ///< share of the old embedding kept at a detection of score 1
  int gallery = 0;                     ///< embeddings kept per track, the nearest counts; 0: the running mean alone
  bool center_embeddings = true;       ///< subtract the running mean of the confident detections' embeddings
  float recovery_reliability = 0.3F;   ///< recovery waits until appearance is this reliable (0 to 1)
  float recovery_reach = 5;            ///< heights that a track may move per second, at most these in all
  float recovery_height_ratio = 1.4F;  ///< largest ratio of heights
  float recovery_margin = 0.05F;       ///< lead over every rival, in units of the learned separation

  // Output.
  bool show_detected = false;  ///< show the detection's box instead of the filtered one
  float min_area = 0;          ///< square pixels; smaller boxes are not shown
  float max_aspect = 0;        ///< width over height; wider boxes are not shown; 0: any
  float coast_s = 0.3F;        ///< show a lost track this long while a shown one covers it; 0: never
  float coast_open_s = 0.1F;   ///< and this long uncovered
  int coast_hits = 20;         ///< only tracks detected this often
  float coast_inside = 0.7F;   ///< and with at least this share inside the image
  float coast_covered = 0.3F;  ///< least share covered by one shown box that reaches lower

  MemoryConfig memory;
};

struct Config {
  DetectorConfig detector;
  EmbedConfig embed;
  TrackerConfig tracker;
};

/// Lays the settings of a YAML file over `config`; keys that are absent keep their value. A tracker file of Ultralytics
/// (it has a tracker_type) is read too; it describes the whole tracker.
/// @return notes for the user: the keys of such a file that have no effect.
/// @throws std::runtime_error with file, line and key, the accepted range, and the nearest known name.
std::vector<std::string> apply_yaml(Config& config, const std::filesystem::path& path);

/// Sets one parameter by its full name, such as "tracker.max_age_s"; lists are written as YAML: "[2, 4]" or "2,4".
/// @throws std::runtime_error naming the key and what it accepts.
void apply_setting(Config& config, const std::string& name, const std::string& value);

/// Every parameter with its value and comment, as YAML that apply_yaml reads back.
std::string dump_yaml(const Config& config);

}  // namespace onepass
