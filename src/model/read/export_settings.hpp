// Parses config.txt, the JSON object that exporters store in a TorchScript file.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace onepass::model {

struct ExportSettings {
  std::vector<std::string> names;  ///< class names; empty if the exporter gives none
  std::string task;                ///< such as "detect"; empty if the exporter gives none
  std::optional<int> stride;
  std::vector<int> keypoint_shape;  ///< number of keypoints, and of values per keypoint; empty if there are none
  int height = 640;                 ///< size of the traced image, in pixels
  int width = 640;
};

/// @param text content of config.txt; if empty, all settings have their defaults.
/// @throws std::runtime_error if the text is not JSON, or a value has an unexpected type or is out of range.
ExportSettings parse_export_settings(const std::string& text);

}  // namespace onepass::model
