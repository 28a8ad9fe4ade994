// Takes the place of the link to Kafka in a build without librdkafka.
#include <stdexcept>

#include "store/delivery/links.hpp"

namespace onepass::store {

std::unique_ptr<BrokerLink> make_kafka_link(const KafkaOptions&) {
  throw std::runtime_error("this build has no Kafka; install librdkafka-dev and configure it again");
}

}  // namespace onepass::store
