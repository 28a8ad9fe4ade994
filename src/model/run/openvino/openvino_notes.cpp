#include "model/run/openvino/openvino_notes.hpp"

#include <algorithm>
#include <map>

#include <openvino/core/model.hpp>

namespace onepass::model {
namespace {

/// Texts that the exporter has recorded in the model.
std::map<std::string, std::string> recorded_in(const ov::Model& model) {
  std::map<std::string, std::string> recorded;
  const auto& information = model.get_rt_info();
  if (const auto found = information.find("framework"); found != information.end() && found->second.is<ov::AnyMap>())
    for (const auto& [key, value] : found->second.as<ov::AnyMap>()) recorded[key] = value.as<std::string>();
  return recorded;
}

/// The names that OpenVINO's model API records: separated by spaces, with underscores for spaces.
std::vector<std::string> labels_in(const ov::Model& model) {
  std::vector<std::string> names;
  if (!model.has_rt_info("model_info", "labels")) return names;
  const auto text = model.get_rt_info<std::string>("model_info", "labels");
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find(' ', start), text.size());
    auto name = text.substr(start, end - start);
    std::ranges::replace(name, '_', ' ');
    if (!name.empty()) names.push_back(std::move(name));
    start = end + 1;
  }
  return names;
}

}  // namespace

ModelNotes notes_about(const ov::Model& model, const std::filesystem::path& path) {
  ModelNotes notes;
  notes.names = labels_in(model);
  add_recorded(recorded_in(model), notes);
  const auto metadata = path.parent_path() / "metadata.yaml";
  if (path.extension() == ".xml" && std::filesystem::is_regular_file(metadata)) add_recorded_file(metadata, notes);
  auto beside = path;
  beside.replace_extension(".yaml");
  if (std::filesystem::is_regular_file(beside)) add_user_file(beside, notes);
  return notes;
}

}  // namespace onepass::model
