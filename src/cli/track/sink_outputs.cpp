#include "cli/track/sink_outputs.hpp"

#include <string_view>

#include "formats/registry.hpp"

namespace onepass::cli {
namespace {

constexpr const char* tracks_extension = "<format>";  // that of the chosen format

}  // namespace

std::string extension_of(const SinkOutput& row, const SinkSettings& settings) {
  if (std::string_view(row.extension) != tracks_extension) return row.extension;
  const auto extension = formats::format_named(settings.format).extension;
  return extension == "/" ? "" : std::string(extension);
}

std::span<const SinkOutput> sink_outputs() {
  static constexpr SinkOutput rows[] = {
      {.flag = "--save-mot",
       .help = "Write MOTChallenge results to this file or folder",
       .extension = ".txt",
       .is_text = true,
       .allows_standard = false,
       .needs_images = false,
       .make = [](const auto& path, auto overwrite, const auto&,
                  const auto&) { return make_mot_sink(path, overwrite); }},
      {.flag = "--save-jsonl",
       .help = "Write JSON Lines, one line per frame, to this file or folder; - for standard output",
       .extension = ".jsonl",
       .is_text = true,
       .allows_standard = true,
       .needs_images = false,
       .make = [](const auto& path, auto overwrite, const auto& stream,
                  const auto&) { return make_jsonl_sink(path, overwrite, stream); }},
      {.flag = "--save-tracks",
       .help = "Write the tracks for another tool, in the --format, to this file or folder",
       .extension = tracks_extension,
       .is_text = false,
       .allows_standard = false,
       .needs_images = false,
       .make = [](const auto& path, auto overwrite, const auto& stream,
                  const auto& settings) { return make_tracks_sink(path, overwrite, stream, settings.format); }},
      {.flag = "--save-video",
       .help = "Write the annotated video to this file or folder",
       .extension = ".mp4",
       .is_text = false,
       .allows_standard = false,
       .needs_images = true,
       .make = [](const auto& path, auto overwrite, const auto& stream,
                  const auto&) { return make_video_sink(path, overwrite, stream); }},
      {.flag = "--save-heatmap",
       .help = "Write a picture (PNG) of where the objects stood to this file or folder",
       .extension = ".png",
       .is_text = false,
       .allows_standard = false,
       .needs_images = true,
       .make = [](const auto& path, auto overwrite, const auto& stream,
                  const auto&) { return make_heatmap_sink(path, overwrite, stream); }},
      {.flag = "--save-crops",
       .help = "Write pictures of the identities (see --crops), and crops.csv that lists them, to this folder",
       .extension = "",
       .is_text = false,
       .allows_standard = false,
       .needs_images = true,
       .make = [](const auto& path, auto overwrite, const auto& stream, const auto& settings) {
         return make_crops_sink(path, overwrite, stream, settings.crops);
       }}};
  return rows;
}

}  // namespace onepass::cli
