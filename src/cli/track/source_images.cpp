#include "cli/track/source_images.hpp"

#include "cli/progress.hpp"
#include "track/motion/image_motion.hpp"
#include "video/mot_sequence.hpp"

namespace onepass::cli {

bool loads_images(const std::string& source, const TrackOptions& options, const Config& config) {
  if (!options.model.empty() || options.outputs.needs_images()) return true;
  const bool for_motion = track::reads_images(config.tracker.camera_motion);
  if (!for_motion && !options.services.needs_images()) return false;
  if (video::has_images(source)) return true;
  if (for_motion) print_warning(source + ": has no images; camera motion is not compensated");
  return false;
}

}  // namespace onepass::cli
