// Every parameter of onepass: one plain struct per stage, with documented defaults. You do not need a config file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onepass {

/// From a frame to boxes. The names and meanings are those that Ultralytics' users know.
struct DetectorConfig {
  int imgsz = 640;                   ///< longer side of the network's input, pixels
  bool rect = true;                  ///< pad to the next stride multiple only, instead of to a square
  float conf = 0.05F;                ///< lowest score kept; the tracker's stages choose among what is kept
  float iou = 0.65F;                 ///< overlap above which non-maximum suppression drops the lower score
  std::vector<std::string> classes;  ///< class names or numbers to keep; empty keeps all
  int max_det = 300;                 ///< most detections per frame
  std::string device = "cpu";        ///< cpu, cuda or cuda:N
  int threads = 0;                   ///< threads of the network; 0: one per processor core
};

enum class EmbedMethod { none, roi, cell };

/// From feature maps and boxes to embeddings.
struct EmbedConfig {
  EmbedMethod method = EmbedMethod::roi;
  std::vector<int> layers;   ///< layers to pool; empty: chosen by stride for the model at hand
  std::vector<int> stripes;  ///< horizontal stripes per layer; empty: 8, 8, 4, 1
  bool standardize = true;   ///< subtract the stream's running mean and divide by its deviation (method roi)
};

struct TrackerConfig {
  float birth_score = 0.6F;  ///< lowest score of a detection that starts a track
};

struct Config {
  DetectorConfig detector;
  EmbedConfig embed;
  TrackerConfig tracker;
};

/// Lays the settings of a YAML file over `config`; keys that are absent keep their value.
/// @throws std::runtime_error with file, line and key, the accepted range, and the nearest known name.
void apply_yaml(Config& config, const std::filesystem::path& path);

/// Sets one parameter by its full name, such as "tracker.max_age_s"; lists are written as YAML: "[2, 4]" or "2,4".
/// @throws std::runtime_error naming the key and what it accepts.
void apply_setting(Config& config, const std::string& name, const std::string& value);

/// Every parameter with its value and comment, as YAML that apply_yaml reads back.
std::string dump_yaml(const Config& config);

}  // namespace onepass
