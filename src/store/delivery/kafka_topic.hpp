// A Kafka topic as a broker, through librdkafka.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "onepass/publisher.hpp"
#include "store/delivery/broker_link.hpp"

struct rd_kafka_s;
struct rd_kafka_message_s;

namespace onepass::store {

class KafkaTopic : public BrokerLink {
 public:
  /// @throws std::runtime_error as Publisher does.
  explicit KafkaTopic(KafkaOptions options);
  ~KafkaTopic() override;

  void open() override;
  Sent deliver(std::span<const sink::Message> messages) override;
  void give_up() override { gives_up_ = true; }

 private:
  enum class Outcome { unknown, delivered, failed, refused };

  void make_producer();
  void send(std::span<const sink::Message> messages);
  void produce(const sink::Message& message, std::size_t number);
  void await_outcomes();
  std::string why() const;
  void set_error(const std::string& text);
  void note(const rd_kafka_message_s& message);
  void fail(std::size_t number, int error);

  const KafkaOptions options_;
  std::unique_ptr<rd_kafka_s, void (*)(rd_kafka_s*)> producer_;
  std::vector<Outcome> outcomes_;  ///< of the messages of deliver()
  std::atomic<bool> gives_up_ = false;
  mutable std::mutex mutex_;  ///< protects the members below, which threads of the library set
  std::string error_;
};

}  // namespace onepass::store
