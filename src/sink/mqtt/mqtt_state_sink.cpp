#include <algorithm>
#include <optional>
#include <utility>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_state.hpp"
#include "sink/video/draw.hpp"
#include "sink/video/jpeg.hpp"

namespace onepass {
namespace {

constexpr Timestamp state_interval{1};
constexpr Timestamp picture_interval{5};
constexpr int picture_size = 640;
constexpr int picture_quality_percent = 75;

class MqttStateSink : public TrackSink {
 public:
  MqttStateSink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream, const std::string& discovery_prefix)
      : publisher_(std::move(publisher)),
        topic_(sink::topic_name(stream.source.name)),
        sends_pictures_(!discovery_prefix.empty()),
        source_(stream.source.name),
        discovery_prefix_(discovery_prefix),
        counter_(counter_of(stream)),
        zones_(counter_->zones()),
        annotator_(stream.class_names, stream.counting) {
    for (const auto& [topic, payload] : announced(*zones_)) publisher_->publish_state_at(topic, payload);
    if (!discovery_prefix.empty())
      publisher_->own_states(sink::announcement_filter(discovery_prefix, publisher_->prefix(), source_));
  }

  ~MqttStateSink() override { close(); }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    objects_ = static_cast<std::int64_t>(tracks.size());
    counter_->update(frame, tracks);
    announce_changes();
    if (!last_state_ || frame.time - *last_state_ >= state_interval) {
      last_state_ = frame.time;
      publish_if_new();
    }
    send_picture(frame, tracks);
  }

  void idle(const Frame& now) override {
    objects_ = 0;
    counter_->update(now, {});
    publish_if_new();
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    objects_ = 0;
    counter_->finish();
    publish_if_new();
  }

 private:
  std::vector<sink::Announcement> announced(const std::vector<Zone>& zones) const {
    if (discovery_prefix_.empty()) return {};
    return sink::announcements(discovery_prefix_, publisher_->prefix(), source_, zones);
  }

  /// Announces the zones again if they were changed, and withdraws what no longer exists by an empty message.
  void announce_changes() {
    if (counter_->zones() == zones_) return;
    const auto former = announced(*zones_);
    zones_ = counter_->zones();
    const auto now = announced(*zones_);
    for (const auto& gone : former) {
      if (std::ranges::find(now, gone.topic, &sink::Announcement::topic) == now.end())
        publisher_->publish_state_at(gone.topic, "");
    }
    for (const auto& [topic, payload] : now) publisher_->publish_state_at(topic, payload);
  }

  void publish_if_new() {
    auto state = sink::state_json(objects_, *zones_, counter_->counts());
    if (state == state_) return;
    state_ = std::move(state);
    publisher_->publish_state(topic_ + "/state", state_);
  }

  void send_picture(const Frame& frame, std::span<const Track> tracks) {
    if (!sends_pictures_ || frame.image.empty()) return;
    annotator_.update(frame, tracks);
    if (last_picture_ && frame.time - *last_picture_ < picture_interval) return;
    last_picture_ = frame.time;
    const auto jpeg =
        sink::to_jpeg(sink::shrunk(annotator_.render(frame, tracks), picture_size), picture_quality_percent);
    publisher_->publish_state(topic_ + "/picture", {jpeg.begin(), jpeg.end()});
  }

  std::shared_ptr<MqttPublisher> publisher_;
  std::string topic_;  ///< below the prefix
  bool sends_pictures_;
  std::string source_;
  std::string discovery_prefix_;
  std::shared_ptr<StreamCounter> counter_;
  std::shared_ptr<const std::vector<Zone>> zones_;  ///< as announced
  sink::Annotator annotator_;
  std::int64_t objects_ = 0;
  std::string state_;  ///< published last
  std::optional<Timestamp> last_state_;
  std::optional<Timestamp> last_picture_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_mqtt_state_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                                const std::string& discovery_prefix) {
  return std::make_unique<MqttStateSink>(std::move(publisher), stream, discovery_prefix);
}

}  // namespace onepass
