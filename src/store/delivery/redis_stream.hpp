// A Redis stream as a broker.
#pragma once

#include <optional>

#include "store/delivery/broker_link.hpp"
#include "store/redis/redis_connection.hpp"

namespace onepass::store {

class RedisStream : public BrokerLink {
 public:
  explicit RedisStream(RedisOptions options) : options_(std::move(options)) {}

  void open() override;
  Sent deliver(std::span<const sink::Message> messages) override;

 private:
  const RedisOptions options_;
  std::optional<RedisConnection> redis_;
};

}  // namespace onepass::store
