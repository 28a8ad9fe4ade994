// Makes the links to the brokers that this build has; one that it lacks throws std::runtime_error.
#pragma once

#include <memory>

#include "onepass/publisher.hpp"
#include "store/delivery/broker_link.hpp"

namespace onepass::store {

std::unique_ptr<BrokerLink> make_redis_link(const RedisOptions& options);

/// @throws std::runtime_error as Publisher does.
std::unique_ptr<BrokerLink> make_kafka_link(const KafkaOptions& options);

}  // namespace onepass::store
