#include "cli/track/memories.hpp"

#include <filesystem>
#include <stdexcept>

namespace onepass::cli {

std::shared_ptr<Memory> Memories::begin(const std::string& path, Detector& detector) {
  if (!config_.enabled) return nullptr;
  const auto space = detector.embedding_space();
  if (space.empty()) throw std::runtime_error("the memory needs embeddings, but this run has none (embed.method)");
  if (!memory_ || !shared_) {
    const bool known = !path.empty() && std::filesystem::exists(path);
    memory_ = std::make_shared<Memory>(known ? Memory::load(path, config_, space) : Memory(config_));
  }
  detector.resume_embeddings(memory_->statistics());
  return memory_;
}

void save_memory(const std::shared_ptr<Memory>& memory, const std::string& path, const Detector& detector) {
  if (!memory) return;
  memory->set_statistics(detector.embedding_statistics());
  if (!path.empty()) memory->save(path, detector.embedding_space());
}

void keep_memory(const std::shared_ptr<Memory>& memory, const std::string& path, Tracker& tracker,
                 const Detector& detector) {
  if (!memory) return;
  tracker.finish();
  save_memory(memory, path, detector);
}

}  // namespace onepass::cli
