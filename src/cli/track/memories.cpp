#include "cli/track/memories.hpp"

#include <filesystem>
#include <stdexcept>

namespace onepass::cli {

std::shared_ptr<Memory> Memories::begin(const std::string& path, Detector& detector) {
  if (!config_.enabled) return nullptr;
  auto* const embedder = detector.embedder();
  if (!embedder) throw std::runtime_error("the memory needs embeddings, but this run has none (embed.method)");
  if (!memory_ || !shared_) {
    const bool known = !path.empty() && std::filesystem::exists(path);
    memory_ = std::make_shared<Memory>(known ? Memory::load(path, config_, embedder->space()) : Memory(config_));
  }
  if (keeps_statistics_) embedder->resume(memory_->statistics());
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

void Memories::save(const std::shared_ptr<Memory>& memory, const std::string& path, Detector& detector) const {
  if (!memory) return;
  memory->set_statistics(keeps_statistics_ ? detector.embedder()->statistics() : EmbeddingStatistics());
  if (!path.empty()) memory->save(path, detector.embedder()->space());
}

void Memories::keep(const std::shared_ptr<Memory>& memory, const std::string& path, Tracker& tracker,
                    Detector& detector) const {
  if (!memory) return;
  tracker.finish();
  save(memory, path, detector);
}

}  // namespace onepass::cli
