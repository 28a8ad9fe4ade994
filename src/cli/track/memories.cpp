#include "cli/track/memories.hpp"

#include <filesystem>
#include <stdexcept>

namespace onepass::cli {

std::shared_ptr<Memory> Memories::begin(const MemoryPlace& place, Detector& detector) {
  if (!config_.enabled) return nullptr;
  auto* const embedder = detector.embedder();
  if (!embedder) throw std::runtime_error("the memory needs embeddings, but this run has none (embed.method)");
  if (!memory_ || !shared_) {
    const bool known = !place.path.empty() && std::filesystem::exists(place.path);
    memory_ = std::make_shared<Memory>(known ? Memory::load(place.path, config_, embedder->space()) : Memory(config_));
  }
  if (store_options_ && !store_) {
    store_options_->space = embedder->space();
    auto joined = std::make_shared<MemoryStore>(*store_options_, memory_);
    const std::lock_guard lock(mutex_);
    store_ = std::move(joined);
  }
  if (keeps_statistics_) embedder->resume(store_ ? store_->statistics(place.camera) : memory_->statistics());
  return memory_;
}

WebIdentities Memories::shown(const std::shared_ptr<Memory>& memory) const {
  constexpr std::size_t most_similar = 12;
  WebIdentities identities;
  if (!memory) return identities;
  identities.share_ids = shared_;
  identities.similar = [memory](std::int64_t id) { return similar_identities(*memory, id, most_similar); };
  return identities;
}

void Memories::save(const std::shared_ptr<Memory>& memory, const MemoryPlace& place, Detector& detector) const {
  if (!memory) return;
  if (store_) return store_->keep_statistics(place.camera, detector.embedder()->statistics());
  memory->set_statistics(keeps_statistics_ ? detector.embedder()->statistics() : EmbeddingStatistics());
  if (!place.path.empty()) memory->save(place.path, detector.embedder()->space());
}

void Memories::keep(const std::shared_ptr<Memory>& memory, const MemoryPlace& place, Tracker& tracker,
                    Detector& detector) const {
  if (!memory) return;
  tracker.finish();
  save(memory, place, detector);
}

std::vector<DeliveryHealth> Memories::deliveries() const {
  const std::lock_guard lock(mutex_);
  if (!store_) return {};
  return {store_->health()};
}

}  // namespace onepass::cli
