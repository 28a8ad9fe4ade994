// A cluster of Kafka brokers that librdkafka simulates on ports of this machine.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onepass::test {

class KafkaCluster {
 public:
  explicit KafkaCluster(const std::string& topic)
      : host_(rd_kafka_new(RD_KAFKA_PRODUCER, quiet().release(), nullptr, 0), &rd_kafka_destroy),
        cluster_(rd_kafka_mock_cluster_new(host_.get(), brokers_count), &rd_kafka_mock_cluster_destroy) {
    rd_kafka_mock_topic_create(cluster_.get(), topic.c_str(), /*partitions=*/4, /*replicas=*/1);
  }

  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }

  void stop() {
    for (int broker = 1; broker <= brokers_count; ++broker) rd_kafka_mock_broker_set_down(cluster_.get(), broker);
  }
  void resume() {
    for (int broker = 1; broker <= brokers_count; ++broker) rd_kafka_mock_broker_set_up(cluster_.get(), broker);
  }

  /// Lets the brokers answer the next `count` requests that bring messages with an error.
  void refuse(rd_kafka_resp_err_t error, int count) const {
    constexpr std::int16_t produce_request = 0;
    for (int i = 0; i < count; ++i) rd_kafka_mock_push_request_errors(cluster_.get(), produce_request, 1, error);
  }

  /// Reads at least `count` messages of a topic from its start: their values by key, in order.
  std::map<std::string, std::vector<std::string>> messages(const std::string& topic, int count) const {
    auto configuration = quiet();
    rd_kafka_conf_set(configuration.get(), "bootstrap.servers", brokers().c_str(), nullptr, 0);
    rd_kafka_conf_set(configuration.get(), "group.id", "test", nullptr, 0);
    rd_kafka_conf_set(configuration.get(), "auto.offset.reset", "earliest", nullptr, 0);
    const std::unique_ptr<rd_kafka_t, void (*)(rd_kafka_t*)> consumer(
        rd_kafka_new(RD_KAFKA_CONSUMER, configuration.release(), nullptr, 0), &rd_kafka_destroy);
    const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> topics(
        rd_kafka_topic_partition_list_new(1), &rd_kafka_topic_partition_list_destroy);
    for (int partition = 0; partition < 4; ++partition)
      rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), partition)->offset = 0;
    rd_kafka_assign(consumer.get(), topics.get());
    std::map<std::string, std::vector<std::string>> result;
    for (int misses = 0; count > 0 && misses < 100;) {
      const std::unique_ptr<rd_kafka_message_t, void (*)(rd_kafka_message_t*)> message(
          rd_kafka_consumer_poll(consumer.get(), 100), &rd_kafka_message_destroy);
      if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++misses;
        continue;
      }
      --count;
      result[{static_cast<const char*>(message->key), message->key_len}].emplace_back(
          static_cast<const char*>(message->payload), message->len);
    }
    rd_kafka_consumer_close(consumer.get());
    return result;
  }

 private:
  static constexpr int brokers_count = 2;

  static std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> quiet() {
    std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> configuration(rd_kafka_conf_new(),
                                                                               &rd_kafka_conf_destroy);
    rd_kafka_conf_set_log_cb(configuration.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    return configuration;
  }

  std::unique_ptr<rd_kafka_t, void (*)(rd_kafka_t*)> host_;
  std::unique_ptr<rd_kafka_mock_cluster_t, void (*)(rd_kafka_mock_cluster_t*)> cluster_;
};

}  // namespace onepass::test
