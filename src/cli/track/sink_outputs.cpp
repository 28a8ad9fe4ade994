#include "cli/track/sink_outputs.hpp"

namespace onepass::cli {

std::span<const SinkOutput> sink_outputs() {
  static constexpr SinkOutput rows[] = {
      {.flag = "--save-mot",
       .help = "Write MOTChallenge results to this file or folder",
       .extension = ".txt",
       .is_text = true,
       .allows_standard = false,
       .needs_images = false,
       .make = [](const auto& path, auto overwrite, const auto&) { return make_mot_sink(path, overwrite); }},
      {.flag = "--save-jsonl",
       .help = "Write JSON Lines, one line per frame, to this file or folder; - for standard output",
       .extension = ".jsonl",
       .is_text = true,
       .allows_standard = true,
       .needs_images = false,
       .make = make_jsonl_sink},
      {.flag = "--save-video",
       .help = "Write the annotated video to this file or folder",
       .extension = ".mp4",
       .is_text = false,
       .allows_standard = false,
       .needs_images = true,
       .make = make_video_sink},
      {.flag = "--save-heatmap",
       .help = "Write a picture (PNG) of where the objects stood to this file or folder",
       .extension = ".png",
       .is_text = false,
       .allows_standard = false,
       .needs_images = true,
       .make = make_heatmap_sink}};
  return rows;
}

}  // namespace onepass::cli
