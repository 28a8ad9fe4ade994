#include <utility>

#include "onepass/web_server.hpp"
#include "sink/events/identity_log.hpp"
#include "sink/text/json_values.hpp"
#include "sink/web/hub.hpp"

namespace onepass {
namespace {

/// Records each frame; drawing and encoding are done by the threads of the viewers.
class WebSink : public TrackSink {
 public:
  WebSink(std::shared_ptr<sink::Hub> hub, const StreamInfo& stream, const EventOptions& events,
          const WebIdentities& identities)
      : hub_(std::move(hub)),
        stream_(stream),
        identities_(stream, events),
        camera_(hub_->add(stream, identities)),
        motions_in_(sink::motions_in(stream)) {}

  ~WebSink() override { close(); }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    const auto picture = frame.size.empty() ? frame.image.size() : frame.size;
    for (const auto& event : identities_.update(frame, tracks)) camera_->record(event, picture);
    bool changed = camera_->record(frame, tracks);
    const auto motions = motions_in_(frame, tracks);
    if (hub_->has_line_readers()) {
      hub_->add_line(sink::frame_line(frame, tracks, stream_, motions));
      changed = true;
    }
    if (changed) hub_->notify();
  }

  void idle(const Frame& now) override {
    for (const auto& event : identities_.update(now, {})) camera_->record(event);
    camera_->idle(now);
    hub_->notify();
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    for (const auto& event : identities_.finish()) camera_->record(event);
    camera_->finish();
    hub_->notify();
  }

 private:
  std::shared_ptr<sink::Hub> hub_;
  StreamInfo stream_;
  sink::IdentityLog identities_;
  std::shared_ptr<sink::CameraPage> camera_;
  std::function<sink::Motions(const Frame&, std::span<const Track>)> motions_in_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_web_sink(WebServer& server, const StreamInfo& stream, const WebIdentities& identities) {
  const EventOptions events{.update_interval_s = 0.5, .end_after_s = identities.end_after_s, .best_shots = true};
  return std::make_unique<WebSink>(server.hub(), stream, events, identities);
}

}  // namespace onepass
