#include "cli/track/track_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "formats/registry.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

void require_no_live_options(const LiveCommandOptions& options) {
  const LiveCommandOptions defaults;
  const auto refuse = [](bool given, const char* name) {
    if (given) throw UsageError(fmt::format("{} has no effect without --live", name));
  };
  refuse(options.policy != defaults.policy, "--live-policy");
  refuse(options.retries.has_value(), "--retries");
  refuse(options.open_timeout_s != defaults.open_timeout_s, "--open-timeout");
  refuse(options.read_timeout_s != defaults.read_timeout_s, "--read-timeout");
  refuse(options.require_all, "--require-all");
  refuse(options.segment_s != defaults.segment_s, "--segment");
}

void check_live(const TrackOptions& options) {
  const auto refuse = [](bool given, const char* why) {
    if (given) throw UsageError(why);
  };
  refuse(!options.detections.empty(), "--detections cannot be used with --live; give a --model");
  refuse(options.stride != 1, "--vid-stride has no effect with --live, which drops frames when it falls behind");
  refuse(options.outputs.interpolate > 0, "--interpolate needs future frames; it cannot be used with --live");
  refuse(!options.outputs.explain.empty(), "--explain cannot be used with --live");
  refuse(!options.sources.empty() && !options.live.sources.empty(), "give either --source or --sources, not both");
}

/// The path of --save-tracks; "" if it is not wanted.
std::string path_of_tracks(const OutputOptions& outputs) {
  for (std::size_t i = 0; i < outputs.files.size(); ++i) {
    if (std::string_view(sink_outputs()[i].flag) == "--save-tracks") return outputs.files[i];
  }
  return "";
}

std::string format_for(const fs::path& path) {
  try {
    return std::string(formats::suggested(path).name);
  } catch (const SettingError&) {
    throw UsageError(fmt::format("--save-tracks {}: its extension names no format; give --format {}", path.string(),
                                 formats::format_names()));
  } catch (const std::runtime_error& error) {
    throw UsageError(fmt::format("--save-tracks {}", error.what()));
  }
}

/// Refuses a path whose extension is that of other formats.
void require_extension(const fs::path& path, const formats::Format& format) {
  const auto extension = path.extension().string();
  if (extension == format.extension || extension.empty()) return;
  if (std::ranges::find(formats::formats(), extension, &formats::Format::extension) == formats::formats().end()) return;
  throw UsageError(fmt::format("--save-tracks {} contradicts --format {}, which writes {}", path.string(), format.name,
                               format.extension == "/" ? "a folder" : fmt::format("{} files", format.extension)));
}

}  // namespace

void find_public_detections(TrackOptions& options) {
  if (options.detections != "public" || fs::exists(options.detections)) return;
  if (options.sources.size() != 1)
    throw UsageError("--detections public needs one --source, the folder of a MOTChallenge sequence");
  const auto file = fs::path(options.sources.front()) / "det" / "det.txt";
  if (!fs::is_regular_file(file))
    throw UsageError(
        fmt::format("--detections public: there is no {}; give a sequence of MOTChallenge as --source, or "
                    "a file of detections",
                    file.string()));
  options.detections = file;
}

void choose_format(OutputOptions& outputs) {
  const auto path = path_of_tracks(outputs);
  if (path.empty()) return;
  const bool is_folder = path.ends_with('/') || fs::is_directory(path);
  if (outputs.format.empty()) {
    if (!is_folder) outputs.settings.format = format_for(path);
    return;
  }
  outputs.settings.format = outputs.format;
  try {
    const auto& format = formats::format_named(outputs.format);
    if (!is_folder) require_extension(path, format);
  } catch (const std::invalid_argument& error) {
    throw UsageError(std::string("--format: ") + error.what());
  }
}

void take_addresses(TrackOptions& options) {
  auto& outputs = options.outputs;
  if (is_broker_address(outputs.memory)) {
    if (outputs.memory.starts_with("kafka://")) throw UsageError("--memory: identities are shared by redis://");
    options.store.address = std::exchange(outputs.memory, "");
    outputs.shares_memory = true;
  }
  if (is_broker_address(outputs.events)) options.services.events = std::exchange(outputs.events, "");
  for (std::size_t i = 0; i < outputs.files.size(); ++i) {
    if (!is_broker_address(outputs.files[i])) continue;
    const std::string flag = sink_outputs()[i].flag;
    if (flag != "--save-jsonl")
      throw UsageError(fmt::format("{} writes a file; only --save-jsonl, --events and --memory take an address", flag));
    options.services.tracks = std::exchange(outputs.files[i], "");
  }
}

void check_files(const TrackOptions& options) {
  const auto& outputs = options.outputs;
  const SinkSettings defaults;
  if (!outputs.writes("--save-tracks") && !outputs.format.empty())
    throw UsageError("--format has no effect without --save-tracks");
  if (!outputs.writes("--save-crops") && outputs.settings.crops != defaults.crops)
    throw UsageError("--crops has no effect without --save-crops");
  if (!outputs.blur.wanted && outputs.blur.part != OutputOptions::Blur().part)
    throw UsageError("--blur-part has no effect without --blur");
  if (outputs.blur.wanted && !outputs.needs_images() && !options.services.needs_images())
    throw UsageError("--blur has no effect without an output that has pictures, such as --save-video or --serve");
  if (!outputs.writes("--save-tracks")) return;
  const auto& format = formats::format_named(outputs.settings.format);
  if (format.single_document && options.live.asked_for() && options.live.segment_s == 0)
    throw UsageError(fmt::format(
        "--format {} is written when its file is complete: with --live, give --segment, or choose another format",
        format.name));
}

void check(const TrackOptions& options, const Parameters& parameters) {
  if (options.sources.empty() && options.live.sources.empty() && options.batch.units.empty())
    throw UsageError("track needs a --source");
  if (options.live.asked_for()) check_live(options);
  if (!options.live.asked_for()) require_no_live_options(options.live);
  const bool units_have_detections = !options.batch.units.empty() && options.model.empty();
  if (options.model.empty() == options.detections.empty() && !units_have_detections) {
    throw UsageError(
        fmt::format("track needs either --model or --detections{}", options.model.empty() ? "" : ", not both"));
  }
  if (!options.detections.empty() && options.sources.size() > 1) {
    throw UsageError("--detections can be used with only one --source");
  }
  if (options.store.required && options.store.address.empty())
    throw UsageError("--require-store has no effect without --memory redis://...");
  check_brokers(options.services.brokers, {options.store.address, options.services.events, options.services.tracks});
  if (!options.detections.empty() && options.has_memory()) {
    throw UsageError("--memory needs the embeddings of a --model");
  }
  check_files(options);
  check_counting(options.outputs.counting,
                 options.outputs.writes("--save-jsonl") || !(options.services.serve + options.services.tracks).empty());
  if (options.outputs.memory == "-") throw UsageError("--memory needs a file; it cannot be standard output");
  for (const auto& [name, value] : parameters.settings) {
    if (options.model.empty() && !name.starts_with("tracker."))
      throw UsageError(fmt::format("--{} has no effect with --detections", name));
  }
}

void require_undamaged(const std::string& source, const DecodeErrors& errors) {
  if (errors.total() > 0)
    throw std::runtime_error(fmt::format("{}: frames are {}, which --strict does not allow", source, to_text(errors)));
}

std::vector<std::string> files_read(const TrackOptions& options, const Parameters& parameters) {
  const auto& counting = options.outputs.counting;
  auto files = parameters.config_files;
  for (const auto& file : {options.model, options.detections, options.live.sources, counting.zones, counting.ground}) {
    if (!file.empty()) files.push_back(file);
  }
  if (options.batch.units != "-" && !options.batch.units.empty()) files.push_back(options.batch.units);
  return files;
}

std::vector<std::string> files_read(const Config& config) {
  std::vector<std::string> files;
  for (const auto& file : {config.tracker.camera_motion_file, config.embed.calibration}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

}  // namespace onepass::cli
