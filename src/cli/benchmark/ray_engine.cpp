#include "cli/benchmark/ray_engine.hpp"

#include <chrono>

#include "batch/unit.hpp"
#include "io/output_file.hpp"
#include "io/python/script.hpp"
#include "ray_track_script.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

void write_units(const std::vector<SequenceRun>& runs, const fs::path& path) {
  io::OutputFile file(path, Overwrite::replace);
  for (const auto& run : runs) {
    const bool moves = run.tracker.camera_motion == CameraMotion::file;
    file.write(
        batch::to_line({.name = run.name,
                        .source = fs::absolute(run.folder).string(),
                        .piece = {},
                        .detections = run.detections.empty() ? "" : fs::absolute(run.detections).string(),
                        .camera_motion_file = moves ? fs::absolute(run.tracker.camera_motion_file).string() : ""}) +
        "\n");
  }
  file.close();
}

}  // namespace

void run_on_ray(const std::vector<SequenceRun>& runs, const RayOptions& options) {
  const auto units = options.config.parent_path() / "units.jsonl";
  write_units(runs, units);
  std::vector<std::string> arguments{"--units",   fs::absolute(units).string(),
                                     "--out",     fs::absolute(options.out).string(),
                                     "--onepass", fs::read_symlink("/proc/self/exe").string()};
  if (options.jobs > 0) arguments.insert(arguments.end(), {"--workers", std::to_string(options.jobs)});
  arguments.insert(arguments.end(), {"--", "--config", fs::absolute(options.config).string()});
  if (!options.model.empty()) arguments.insert(arguments.end(), {"--model", fs::absolute(options.model).string()});
  constexpr std::chrono::hours longest(24 * 30);
  io::run_python(ray_track_script, arguments, "", {.time = longest});
}

}  // namespace onepass::cli
