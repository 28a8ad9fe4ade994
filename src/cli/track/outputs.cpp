#include "cli/track/outputs.hpp"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "sink/interpolation.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

std::string output_path(const std::string& given, const std::string& extension, const std::string& source,
                        std::size_t source_count) {
  if (given.empty() || given == "-") return given;
  if (given.ends_with('/') || fs::is_directory(given)) return fs::path(given) / (source + extension);
  if (source_count == 1) return given;
  const fs::path path(given);
  return path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), source, path.extension().string());
}

void refuse_standard_output(const std::string& option, const std::string& path) {
  if (path == "-")
    throw UsageError(
        fmt::format("{} writes a file; only --save-jsonl and --events can write to standard output", option));
}

/// Creates the folders that were given with a trailing slash.
void make_folders(const OutputOptions& options) {
  for (const auto& path :
       {options.mot, options.jsonl, options.video, options.explain, options.events, options.memory}) {
    std::error_code error;
    if (path.ends_with('/')) fs::create_directories(path, error);
    if (error) throw UsageError(fmt::format("{}: cannot create this folder: {}", path, error.message()));
  }
}

}  // namespace

std::vector<std::string> distinct(const std::vector<std::string>& names) {
  std::set<std::string> taken;
  std::vector<std::string> result;
  for (const auto& name : names) {
    auto candidate = name;
    for (int number = 2; !taken.insert(candidate).second; ++number) candidate = fmt::format("{}-{}", name, number);
    result.push_back(std::move(candidate));
  }
  return result;
}

std::vector<OutputPaths> plan_outputs(const OutputOptions& options, const std::vector<std::string>& source_names,
                                      const std::vector<std::string>& inputs) {
  refuse_standard_output("--save-mot", options.mot);
  refuse_standard_output("--save-video", options.video);
  refuse_standard_output("--explain", options.explain);
  std::vector<OutputPaths> result;
  std::set<std::string> taken;
  const auto overwrite = options.overwrite ? Overwrite::replace : Overwrite::refuse;
  const auto claim = [&](const std::string& path, Overwrite existing) {
    if (path.empty() || path == "-") return;
    if (!taken.insert(fs::absolute(path).lexically_normal()).second) {
      throw UsageError(fmt::format("{}: two outputs would be written to this file", path));
    }
    for (const auto& input : inputs) {
      std::error_code none;
      if (fs::equivalent(input, path, none)) throw UsageError(fmt::format("{}: this output is also an input", path));
    }
    if (existing == Overwrite::refuse && fs::is_regular_file(path)) {
      throw UsageError(fmt::format("{}: this file already exists; use --overwrite to replace it", path));
    }
  };
  for (const auto& name : distinct(source_names)) {
    OutputPaths paths{
        .mot = output_path(options.mot, ".txt", name, source_names.size()),
        .jsonl = output_path(options.jsonl, ".jsonl", name, source_names.size()),
        .video = output_path(options.video, ".mp4", name, source_names.size()),
        .explain = output_path(options.explain, ".explain.jsonl", name, source_names.size()),
        .events = output_path(options.events, ".events.jsonl", name, source_names.size()),
        .memory = output_path(options.memory, ".memory", name, options.shares_memory ? 1 : source_names.size())};
    for (const auto* path : {&paths.mot, &paths.jsonl, &paths.video, &paths.explain, &paths.events}) {
      claim(*path, overwrite);
    }
    if (!options.shares_memory || result.empty()) claim(paths.memory, Overwrite::replace);
    result.push_back(std::move(paths));
  }
  make_folders(options);
  return result;
}

Overwrite overwrite_of(const OutputOptions& options) {
  return options.overwrite ? Overwrite::replace : Overwrite::refuse;
}

Sinks open_sinks(const OutputOptions& options, const OutputPaths& paths, const StreamInfo& stream) {
  const auto overwrite = overwrite_of(options);
  Sinks sinks;
  if (!paths.mot.empty()) sinks.push_back(make_mot_sink(paths.mot, overwrite));
  if (!paths.jsonl.empty()) sinks.push_back(make_jsonl_sink(paths.jsonl, overwrite, stream));
  if (!paths.video.empty()) sinks.push_back(make_video_sink(paths.video, overwrite, stream));
  if (options.show) sinks.push_back(make_window_sink(stream));
  if (options.interpolate > 0) {
    for (auto& sink : sinks) sink = sink::make_interpolating_sink(std::move(sink), options.interpolate);
  }
  if (!paths.events.empty())
    sinks.push_back(make_event_file_sink(paths.events, overwrite, stream, options.event_options));
  return sinks;
}

}  // namespace onepass::cli
