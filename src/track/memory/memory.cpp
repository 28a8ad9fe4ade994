#include "onepass/memory.hpp"

#include "track/memory/memory_file.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass {

Memory::Memory(const MemoryConfig& config) : state_(std::make_unique<State>(config)) {}
Memory::~Memory() = default;
Memory::Memory(Memory&&) noexcept = default;
Memory& Memory::operator=(Memory&&) noexcept = default;

Memory Memory::load(const std::filesystem::path& path, const MemoryConfig& config, const std::string& space) {
  Memory memory(config);
  track::read_memory(path, space, memory.state());
  return memory;
}

void Memory::save(const std::filesystem::path& path, const std::string& space) const {
  track::write_memory(path, space, state());
}

std::size_t Memory::size() const { return state_->gallery.identities().size(); }

std::int64_t Memory::identity_count() const { return state_->identities; }

const EmbeddingStatistics& Memory::statistics() const { return state_->statistics; }

void Memory::set_statistics(EmbeddingStatistics statistics) { state_->statistics = std::move(statistics); }

}  // namespace onepass
