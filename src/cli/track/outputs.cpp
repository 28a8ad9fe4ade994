#include "cli/track/outputs.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "core/nearest_name.hpp"
#include "formats/class_choice.hpp"
#include "formats/registry.hpp"
#include "sink/interpolation.hpp"
#include "sink/video/draw.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

std::string output_path(const std::string& given, const std::string& extension, const std::string& source,
                        std::size_t source_count) {
  if (given.empty() || given == "-") return given;
  if (extension.empty()) return source_count == 1 ? given : (fs::path(given) / source).string();  // itself a folder
  if (given.ends_with('/') || fs::is_directory(given)) return fs::path(given) / (source + extension);
  if (source_count == 1) return given;
  const fs::path path(given);
  return path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), source, path.extension().string());
}

void refuse_standard_output(const char* option, const std::string& path) {
  if (path == "-")
    throw UsageError(fmt::format(
        "{} writes a file; only --save-jsonl, --save-counts and --events can write to standard output", option));
}

/// Claims standard output, which all sources share.
void claim_standard_output(const OutputOptions& options, OutputClaims& claims) {
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    const auto& row = sink_outputs()[i];
    if (!row.allows_standard) refuse_standard_output(row.flag, options.files[i]);
    if (options.files[i] == "-") claims.claim("-", Overwrite::refuse);
  }
  refuse_standard_output("--explain", options.explain);
  if (options.events == "-") claims.claim("-", Overwrite::refuse);
  if (options.counting.counts == "-") claims.claim("-", Overwrite::refuse);
}

OutputPaths paths_of(const OutputOptions& options, const std::string& source, std::size_t source_count) {
  OutputPaths paths;
  for (std::size_t i = 0; i < options.files.size(); ++i)
    paths.files.push_back(
        output_path(options.files[i], extension_of(sink_outputs()[i], options.settings), source, source_count));
  paths.explain = output_path(options.explain, ".explain.jsonl", source, source_count);
  paths.events = output_path(options.events, ".events.jsonl", source, source_count);
  paths.counts = output_path(options.counting.counts, ".counts.csv", source, source_count);
  paths.memory = output_path(options.memory, ".memory", source, options.shares_memory ? 1 : source_count);
  return paths;
}

/// Creates the folders that were given with a trailing slash.
void make_folders(const OutputOptions& options) {
  auto paths = options.files;
  paths.insert(paths.end(), {options.explain, options.events, options.counting.counts, options.memory});
  for (const auto& path : paths) {
    std::error_code error;
    if (path.ends_with('/')) fs::create_directories(path, error);
    if (error) throw UsageError(fmt::format("{}: cannot create this folder: {}", path, error.message()));
  }
}

StreamInfo counted_alone(StreamInfo stream) {
  stream.counting.shared = counter_of(stream)->another();
  return stream;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

void warn_of_undrawable(const std::vector<std::string>& class_names, const WarningHandler& warn) {
  const auto names = sink::undrawable(class_names);
  if (names.empty()) return;
  warn(
      fmt::format("no font of this system can draw the class name{} {}; labels show the class number instead (install "
                  "a font such as "
                  "fonts-noto-cjk)",
                  names.size() == 1 ? "" : "s", fmt::join(names, ", ")));
}

void warn_of_format(const std::string& name, const std::vector<std::string>& class_names, const WarningHandler& warn) {
  formats::Annotations example{.objects = {{.id = 1, .score = 0.5}}};
  for (std::size_t i = 0; i < class_names.size(); ++i) example.class_names[static_cast<int>(i)] = class_names[i];
  for (const auto& loss : formats::losses(example, formats::format_named(name))) warn("--save-tracks: " + loss);
}

}  // namespace

bool OutputOptions::any() const {
  return show || std::ranges::any_of(files, [](const auto& file) { return !file.empty(); }) ||
         !(explain + memory + events + counting.counts + counting.zones).empty();
}

bool OutputOptions::writes(std::string_view flag) const {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].empty() && sink_outputs()[i].flag == flag) return true;
  }
  return false;
}

bool OutputOptions::needs_images() const {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].empty() && sink_outputs()[i].needs_images) return true;
  }
  return show || event_options.best_shots;
}

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
  OutputClaims claims(inputs);
  claim_standard_output(options, claims);
  std::vector<OutputPaths> result;
  for (const auto& name : distinct(source_names)) {
    auto paths = paths_of(options, name, source_names.size());
    auto files = paths.files;
    files.insert(files.end(), {paths.explain, paths.events, paths.counts});
    for (const auto& file : files) {
      if (file != "-") claims.claim(file, overwrite_if(options.overwrite));
    }
    if (!options.shares_memory || result.empty()) claims.claim(paths.memory, Overwrite::replace);
    result.push_back(std::move(paths));
  }
  make_folders(options);
  return result;
}

pipeline::DetectionObserver watch(const OutputOptions& options, std::shared_ptr<std::vector<sink::SeenBox>> seen) {
  if (!options.blur.wanted) return {};
  return [seen = std::move(seen)](const Frame&, std::span<const Detection> detections) {
    seen->clear();
    for (const auto& detection : detections) seen->push_back({detection.box, detection.class_id});
  };
}

sink::BlurOptions blur_options(const OutputOptions::Blur& blur, const std::vector<std::string>& class_names) {
  sink::BlurOptions options{.part = blur.part};
  if (blur.classes == "all" || class_names.empty()) return options;
  const std::vector<std::string> people{"person", "pedestrian", "people", "rider", "cyclist"};
  const auto wanted = blur.classes == "people" ? people : split(blur.classes);
  for (const auto& name : wanted) {
    const auto found =
        std::ranges::find_if(class_names, [&](const auto& known) { return formats::same_name(known, name); });
    if (found != class_names.end()) options.classes.push_back(static_cast<int>(found - class_names.begin()));
    if (found == class_names.end() && blur.classes != "people")
      throw UsageError(fmt::format("--blur: there is no class '{}'{}", name, did_you_mean(name, class_names)));
  }
  if (options.classes.empty())
    throw UsageError(fmt::format("--blur: none of the classes is one of people ({}); name the classes to blur, or all",
                                 fmt::join(class_names, ", ")));
  return options;
}

void blur(Sinks& sinks, const OutputOptions& options, const StreamInfo& stream, const sink::SeenBoxes& seen) {
  if (!options.blur.wanted) return;
  auto blurring =
      sink::make_blurring_sink(std::exchange(sinks, Sinks()), blur_options(options.blur, stream.class_names), seen);
  sinks.push_back(std::move(blurring));
}

void warn_of_losses(const OutputOptions& options, bool draws, const std::vector<std::string>& class_names,
                    const WarningHandler& warn) {
  if (draws) warn_of_undrawable(class_names, warn);
  if (options.writes("--save-tracks")) warn_of_format(options.settings.format, class_names, warn);
}

Sinks open_sinks(const OutputOptions& options, const OutputPaths& paths, const StreamInfo& stream) {
  if (options.blur.wanted) blur_options(options.blur, stream.class_names);  // an error must not leave files behind
  const auto overwrite = overwrite_if(options.overwrite);
  // A sink behind an interpolation gets later frames than the others, so it counts on its own.
  const auto seen_by_file = [&] { return options.interpolate > 0 ? counted_alone(stream) : stream; };
  Sinks sinks;
  for (std::size_t i = 0; i < paths.files.size(); ++i) {
    if (!paths.files[i].empty())
      sinks.push_back(sink_outputs()[i].make(paths.files[i], overwrite, seen_by_file(), options.settings));
  }
  if (options.show) sinks.push_back(make_window_sink(seen_by_file()));
  if (options.interpolate > 0) {
    for (auto& sink : sinks) {
      if (options.blur.wanted) {  // boxes in gaps are known only behind the interpolation
        Sinks inner;
        inner.push_back(std::move(sink));
        sink = sink::make_blurring_sink(std::move(inner), blur_options(options.blur, stream.class_names));
      }
      sink = sink::make_interpolating_sink(std::move(sink), options.interpolate);
    }
  }
  if (!paths.events.empty())
    sinks.push_back(make_event_file_sink(paths.events, overwrite, stream, options.event_options));
  if (!paths.counts.empty())
    sinks.push_back(make_counts_file_sink(paths.counts, overwrite, stream, options.counting.counts_interval_s));
  return sinks;
}

}  // namespace onepass::cli
