// What an exporter writes beside a TorchScript network: config.txt, a JSON object.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace onepass {

struct ExportSettings {
  std::vector<std::string> names;  ///< empty where there are none
  std::string task;                ///< "detect"; empty where the exporter does not say
  std::optional<int> stride;
  int height = 640;  ///< size of the image that was traced
  int width = 640;
};

/// @param text the content of config.txt; empty gives the defaults.
/// @throws std::runtime_error if it is not JSON, or a value is of another kind than expected.
ExportSettings parse_export_settings(const std::string& text);

}  // namespace onepass
