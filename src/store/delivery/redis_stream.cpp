#include "store/delivery/redis_stream.hpp"

#include "store/delivery/links.hpp"

namespace onepass::store {
namespace {

constexpr std::chrono::milliseconds timeout{3000};
constexpr const char* most_entries = "1000000";

}  // namespace

void RedisStream::open() {
  try {
    if (redis_) {
      redis_->run(RedisCommand{"PING"});
    } else {
      redis_.emplace(options_, timeout);
    }
  } catch (...) {
    redis_.reset();
    throw;
  }
}

Sent RedisStream::deliver(std::span<const sink::Message> messages) {
  std::vector<RedisCommand> commands;
  for (const auto& message : messages) {
    commands.push_back({"XADD", options_.address.name, "MAXLEN", "~", most_entries, "*", "schema", message.schema,
                        "source", message.topic, "json", message.payload});
  }
  try {
    if (!redis_) open();
    const auto replies = redis_->run(commands);
    require_no_error(replies.front(), options_.address.user);
    std::size_t count = 0;
    while (count < replies.size() && replies[count].kind == RedisReply::Kind::text) ++count;
    return {.delivered = count};
  } catch (...) {
    redis_.reset();
    throw;
  }
}

std::unique_ptr<BrokerLink> make_redis_link(const RedisOptions& options) {
  return std::make_unique<RedisStream>(options);
}

}  // namespace onepass::store
