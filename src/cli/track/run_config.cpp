#include "cli/track/run_config.hpp"

#include <utility>

#include "cli/progress.hpp"

namespace onepass::cli {

Config config_of(const TrackOptions& options, Config config, const std::set<std::string>& given) {
  if (options.has_memory()) config.tracker.memory.enabled = true;
  const bool has_cameras = options.live.asked_for() && (options.sources.size() > 1 || !options.live.sources.empty());
  const bool shares_identities = !options.store.address.empty() || (options.outputs.shares_memory && has_cameras);
  if (shares_identities && !given.contains("embed.calibrate")) config.embed.calibrate = EmbedCalibration::none;
  return config;
}

Config config_of(const TrackOptions& options, const Parameters& parameters) {
  std::set<std::string> given;
  for (const auto& setting : parameters.settings) given.insert(setting.first);
  return config_of(options, parameters.config(), given);
}

std::unique_ptr<Memories> memories_of(const TrackOptions& options, const MemoryConfig& memory,
                                      const std::vector<std::string>& sources) {
  if (options.store.address.empty()) {
    const bool side_by_side = options.live.asked_for() && sources.size() > 1;
    return std::make_unique<Memories>(memory, options.outputs.shares_memory, side_by_side);
  }
  MemoryStoreOptions store;
  store.redis = redis_options(options.services.brokers, "--memory", options.store.address);
  store.cameras = sources;
  store.unreachable = options.store.required ? UnreachableStore::refuse : UnreachableStore::go_on;
  store.warn = print_warning;
  return std::make_unique<Memories>(memory, std::move(store));
}

}  // namespace onepass::cli
