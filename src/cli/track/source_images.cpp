#include "cli/track/source_images.hpp"

#include <filesystem>

#include "cli/progress.hpp"
#include "io/sequence_info.hpp"
#include "track/motion/image_motion.hpp"

namespace onepass::cli {
namespace {

/// Returns false for a sequence without images, which can only be tracked with --detections.
bool has_images(const std::string& location) {
  const std::filesystem::path folder(location);
  return !std::filesystem::exists(folder / "seqinfo.ini") ||
         std::filesystem::is_directory(folder / io::read_sequence_info(folder / "seqinfo.ini").image_folder);
}

}  // namespace

bool loads_images(const std::string& source, const TrackOptions& options, const Config& config) {
  if (!options.model.empty() || options.outputs.needs_images()) return true;
  const bool for_motion = track::reads_images(config.tracker.camera_motion);
  if (!for_motion && !options.services.needs_images()) return false;
  if (has_images(source)) return true;
  if (for_motion) print_warning(source + ": has no images; camera motion is not compensated");
  return false;
}

}  // namespace onepass::cli
