#include "cli/batch/unit_recipe.hpp"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "cli/benchmark/build_info.hpp"
#include "io/output_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* stream_key = "stream";

std::string checksum_text(const std::string& path) {
  const auto fingerprint = batch::fingerprint_of_file(path);
  return fingerprint ? fmt::format("{:08x}", fingerprint->checksum) : "none";
}

std::map<std::string, std::string> versions() {
  const auto build = build_info();
  return {{"onepass", build.version}, {"git_revision", build.git_revision}, {"compiler", build.compiler},
          {"opencv", build.opencv},   {"libtorch", build.libtorch},         {"openvino", build.openvino}};
}

}  // namespace

const std::string& detections_of(const TrackOptions& options, const batch::Unit& unit) {
  return unit.detections.empty() ? options.detections : unit.detections;
}

Config config_of(Config config, const batch::Unit& unit) {
  if (!unit.camera_motion_file.empty()) {
    config.tracker.camera_motion = CameraMotion::file;
    config.tracker.camera_motion_file = unit.camera_motion_file;
  }
  return config;
}

Recipes::Recipes(const TrackOptions& options, const Config& config)
    : options_(options), config_(config), model_(batch::fingerprint_of_file(options.model)) {
  const auto& counting = options.outputs.counting;
  files_read_ = {{"zones", checksum_text(counting.zones)},
                 {"ground", checksum_text(counting.ground)},
                 {"calibration", checksum_text(config.embed.calibration)}};
}

batch::Recipe Recipes::of(const batch::Unit& unit) const {
  const auto& detections = detections_of(options_, unit);
  const auto& input = options_.model.empty() ? detections : options_.model;
  const auto config = config_of(config_, unit);
  batch::Recipe recipe;
  recipe.source = batch::fingerprint_of_source(unit.source);
  recipe.piece = unit.piece;
  recipe.model = fs::path(input).filename().string();
  recipe.model_file = options_.model.empty() ? batch::fingerprint_of_file(detections) : model_;
  recipe.parameters = batch::parameters_of(config);
  // The folder of this file may be another one on another machine; its content counts.
  recipe.parameters.erase("tracker.camera_motion_file");
  recipe.parameters.erase("embed.calibration");
  recipe.options = files_read_;
  recipe.options["camera_motion_file"] = checksum_text(config.tracker.camera_motion_file);
  recipe.options["vid_stride"] = std::to_string(options_.stride);
  recipe.options[stream_key] = options_.stream ? std::to_string(*options_.stream) : "film";
  if (unit.piece) return recipe;  // the outputs are made from the pieces
  const auto& outputs = options_.outputs;
  recipe.options["interpolate"] = std::to_string(outputs.interpolate);
  recipe.options["event_interval_s"] = fmt::format("{:g}", outputs.event_options.update_interval_s);
  recipe.options["event_crops"] = outputs.event_options.best_shots ? "true" : "false";
  recipe.options["blur"] = outputs.blur.wanted ? outputs.blur.classes : "none";
  recipe.options["blur_part"] = std::to_string(static_cast<int>(outputs.blur.part));
  recipe.options["format"] = outputs.settings.format;
  recipe.options["crops"] = std::to_string(static_cast<int>(outputs.settings.crops));
  recipe.options["counts_interval_s"] = fmt::format("{:g}", outputs.counting.counts_interval_s);
  recipe.options["split_s"] = fmt::format("{:g}", options_.batch.split_s);
  return recipe;
}

std::optional<int> stream_of(const batch::Recipe& recipe) {
  const auto found = recipe.options.find(stream_key);
  if (found == recipe.options.end()) return std::nullopt;
  const auto& text = found->second;
  int stream = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), stream);
  return parsed.ec == std::errc() ? std::optional(stream) : std::nullopt;
}

void write_manifest(batch::Manifest manifest, const UnitFiles& files) {
  manifest.versions = versions();
  for (const auto& [kind, path] : files.listed())
    manifest.outputs.push_back(batch::describe_output(kind, path, files.manifest));
  io::OutputFile output(files.manifest, Overwrite::replace);
  output.write(batch::to_json(manifest));
  output.close();
}

}  // namespace onepass::cli
