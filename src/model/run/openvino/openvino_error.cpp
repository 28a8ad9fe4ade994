#include "model/run/openvino/openvino_error.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace onepass::model {

std::runtime_error in_one_line(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return std::runtime_error("OpenVINO: " + std::string(message.substr(message.rfind('\n') + 1)));
}

std::runtime_error unreadable(std::string_view message, const std::filesystem::path&) { return in_one_line(message); }

}  // namespace onepass::model
