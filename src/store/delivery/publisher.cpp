#include "onepass/publisher.hpp"

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "sink/text/json_values.hpp"
#include "store/delivery/delivery.hpp"
#include "store/delivery/links.hpp"

namespace onepass {
namespace {

constexpr const char* event_schema = "event/1";
constexpr const char* frame_schema = "frame/1";

class PublishedFrames : public TrackSink {
 public:
  PublishedFrames(std::shared_ptr<Publisher> publisher, const StreamInfo& stream)
      : publisher_(std::move(publisher)), stream_(stream), motions_in_(sink::motions_in(stream)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    publisher_->publish(stream_.source.name, frame_schema,
                        sink::frame_line(frame, tracks, stream_, motions_in_(frame, tracks)));
  }

  void close() override {}

 private:
  std::shared_ptr<Publisher> publisher_;
  StreamInfo stream_;
  std::function<sink::Motions(const Frame&, std::span<const Track>)> motions_in_;
};

}  // namespace

Publisher::Publisher(const RedisOptions& redis, const PublisherLimits& limits)
    : delivery_(store::Delivery::start(to_text(redis.address), store::make_redis_link(redis), limits)) {}

Publisher::Publisher(const KafkaOptions& kafka, const PublisherLimits& limits)
    : delivery_(store::Delivery::start(fmt::format("kafka://{}/{}", kafka.brokers, kafka.topic),
                                       store::make_kafka_link(kafka), limits)) {}

Publisher::~Publisher() { delivery_->stop(); }

void Publisher::publish(const std::string& source, const std::string& schema, const std::string& text) {
  delivery_->push({source, text, /*is_state=*/false, schema});
}

DeliveryHealth Publisher::health() const { return delivery_->health(); }

std::unique_ptr<TrackSink> make_published_events_sink(std::shared_ptr<Publisher> publisher, const StreamInfo& stream,
                                                      const EventOptions& options) {
  const auto publish = [publisher = std::move(publisher), source = stream.source.name](const auto& event) {
    publisher->publish(source, event_schema, to_json(event));
  };
  return make_event_sink(stream, options, {publish, publish});
}

std::unique_ptr<TrackSink> make_published_frames_sink(std::shared_ptr<Publisher> publisher, const StreamInfo& stream) {
  return std::make_unique<PublishedFrames>(std::move(publisher), stream);
}

}  // namespace onepass
