// Publishes events and tracks to a Redis stream or a Kafka topic, and buffers them while the broker is unavailable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "onepass/identity_events.hpp"
#include "onepass/redis.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass::store {
class Delivery;
}

namespace onepass {

struct KafkaOptions {
  std::string brokers;  ///< "host:port", several separated by commas
  std::string topic;
  std::map<std::string, std::string> settings;  ///< of librdkafka, such as "security.protocol"
};

/// Parses "kafka://host[:port][,host[:port]...]/topic".
/// @throws std::invalid_argument naming the problem.
/// @throws SettingError "kafka_config" if the address contains a user.
KafkaOptions parse_kafka_address(const std::string& text);

/// Reads settings of librdkafka from a file: one "key=value" a line, and comments that begin with #. Messages never
/// contain a value.
/// @throws std::runtime_error naming file and line.
std::map<std::string, std::string> read_kafka_settings(const std::filesystem::path& path);

struct PublisherLimits {
  std::size_t max_waiting = 10'000;          ///< messages buffered while disconnected; above it, the oldest are dropped
  std::size_t max_waiting_bytes = 32 << 20;  ///< bytes buffered; above it, the oldest are dropped
  WarningHandler warn = [](const std::string&) {};  ///< called once per change: refused, lost, connected again
};

/// Sends messages from its own thread: publish() never waits for the network. Every message is delivered at least once,
/// in order: what a broker did not acknowledge is sent again, so that a consumer may see messages twice after a
/// disturbance. In Redis, an entry of the stream has the fields "schema", "source" and "json"; the stream keeps about
/// the last million entries. In Kafka, the key of a message is its source, so that the messages of a camera share a
/// partition; its value is the JSON, and its header "schema" names the schema. The schemas are those of the folder
/// docs/schemas, "event/1" and "frame/1".
class Publisher {
 public:
  /// Starts to connect. If the broker is unreachable or refuses, `warn` is called and the connection is retried with
  /// growing pauses. The name of the address is the stream.
  Publisher(const RedisOptions& redis, const PublisherLimits& limits);

  /// @throws std::runtime_error if librdkafka does not know a setting or does not accept its value, and if this build
  ///         has no librdkafka.
  Publisher(const KafkaOptions& kafka, const PublisherLimits& limits);

  /// Tries for a short time to deliver the buffered messages.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// @param source name of the camera
  /// @param schema of the text
  void publish(const std::string& source, const std::string& schema, const std::string& text);

  DeliveryHealth health() const;

 private:
  std::shared_ptr<store::Delivery> delivery_;
};

/// Makes a sink that publishes every event as JSON (see both to_json functions), with the schema "event/1".
std::unique_ptr<TrackSink> make_published_events_sink(std::shared_ptr<Publisher> publisher, const StreamInfo& stream,
                                                      const EventOptions& options);

/// Makes a sink that publishes every frame with its tracks as JSON (see make_jsonl_sink), with the schema "frame/1".
std::unique_ptr<TrackSink> make_published_frames_sink(std::shared_ptr<Publisher> publisher, const StreamInfo& stream);

}  // namespace onepass
