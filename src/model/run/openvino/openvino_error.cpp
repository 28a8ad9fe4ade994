#include "model/run/openvino/openvino_error.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>
#include <openvino/core/version.hpp>

namespace onepass::model {
namespace {

/// The text after `marker` up to one of the characters in `ends`.
std::optional<std::string> after(std::string_view message, std::string_view marker, std::string_view ends) {
  const auto found = message.find(marker);
  if (found == message.npos) return std::nullopt;
  const auto rest = message.substr(found + marker.size());
  return std::string(rest.substr(0, rest.find_first_of(ends)));
}

std::string bin_of(std::filesystem::path path) { return path.replace_extension(".bin").filename().string(); }

std::runtime_error unknown_operators(const std::string& names) {
  return std::runtime_error(fmt::format(
      "needs the operator {}, which OpenVINO {}.{} does not have; export the model again without it, or with an older "
      "operator set",
      names, OPENVINO_VERSION_MAJOR, OPENVINO_VERSION_MINOR));
}

}  // namespace

std::runtime_error in_one_line(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return std::runtime_error("OpenVINO: " + std::string(message.substr(message.rfind('\n') + 1)));
}

std::runtime_error unreadable(std::string_view message, const std::filesystem::path& path) {
  const auto contains = [&](std::string_view part) { return message.find(part) != message.npos; };
  for (const auto* marker : {"No conversion rule found for operations: ", "the operation with type: "})
    if (const auto names = after(message, marker, "\n")) return unknown_operators(*names);
  for (const auto* marker : {"externally stored data in file (", "ExternalDataInfo(data_full_path: "})
    if (const auto file = after(message, marker, ",)"))
      return std::runtime_error(
          fmt::format("its weights are in another file, '{}', which is missing or incomplete; put it beside the model",
                      std::filesystem::path(*file).filename().string()));
  if (contains("bin file cannot be found"))
    return std::runtime_error(
        fmt::format("its weights, '{}', are missing; put the file beside the model", bin_of(path)));
  if (contains("Incorrect weights in bin file"))
    return std::runtime_error(
        fmt::format("its weights, '{}', are incomplete or of another model; export the model again", bin_of(path)));
  if (contains("can't be parsed") || contains("Error parsing") || contains(" at offset "))
    return std::runtime_error("is damaged; fetch or export the file again");
  return in_one_line(message);
}

}  // namespace onepass::model
