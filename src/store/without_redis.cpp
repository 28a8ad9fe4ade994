// Takes the place of everything that needs Redis in a build without libhiredis.
#include <stdexcept>

#include "onepass/memory_store.hpp"
#include "store/delivery/links.hpp"

namespace onepass {
namespace {

[[noreturn]] void refuse(const RedisOptions& redis) {
  throw std::runtime_error(to_text(redis.address) +
                           ": this build has no Redis; install libhiredis-dev and libssl-dev, and configure it again");
}

}  // namespace

struct MemoryStore::State {};

MemoryStore::MemoryStore(const MemoryStoreOptions& options, std::shared_ptr<Memory>) { refuse(options.redis); }
MemoryStore::~MemoryStore() = default;
EmbeddingStatistics MemoryStore::statistics(const std::string&) const { return {}; }
void MemoryStore::keep_statistics(const std::string&, const EmbeddingStatistics&) {}
DeliveryHealth MemoryStore::health() const { return {}; }

std::int64_t erase_identity(const RedisOptions& redis, std::int64_t) { refuse(redis); }

std::unique_ptr<store::BrokerLink> store::make_redis_link(const RedisOptions& options) { refuse(options); }

}  // namespace onepass
