#include <exception>
#include <utility>

#include "io/output_file.hpp"
#include "onepass/identity_events.hpp"
#include "sink/events/identity_log.hpp"

namespace onepass {
namespace {

class EventSink : public TrackSink {
 public:
  EventSink(const StreamInfo& stream, const EventOptions& options, EventHandlers handlers)
      : source_(stream.source.name),
        log_(stream, options),
        counter_(counter_of(stream)),
        handlers_(std::move(handlers)) {}

  ~EventSink() override {
    try {
      if (written_) close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    tell(log_.update(frame, tracks), counter_->update(frame, tracks));
  }

  void idle(const Frame& now) override { tell(log_.update(now, {}), counter_->update(now, {})); }

  void close() override {
    if (std::exchange(closed_, true)) return;
    tell(log_.finish(), counter_->finish());
    handlers_.closed();
  }

 private:
  void tell(const std::vector<IdentityEvent>& identities, std::vector<ZoneEvent> zones) const {
    for (const auto& event : identities) handlers_.identity(event);
    for (auto& event : zones) {
      event.source = source_;
      handlers_.zone(event);
    }
  }

  std::string source_;
  sink::IdentityLog log_;
  std::shared_ptr<StreamCounter> counter_;
  EventHandlers handlers_;
  bool written_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_event_sink(const StreamInfo& stream, const EventOptions& options,
                                           EventHandlers handlers) {
  return std::make_unique<EventSink>(stream, options, std::move(handlers));
}

std::unique_ptr<TrackSink> make_event_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                const StreamInfo& stream, const EventOptions& options) {
  const auto file = std::make_shared<io::OutputFile>(path == "-" ? io::OutputFile::standard_output()  //
                                                                 : io::OutputFile(path, overwrite));
  const auto write = [file](const auto& event) {
    file->write(to_json(event) + "\n");
    file->flush();  // lets readers of the file or pipe see each event at once
  };
  return make_event_sink(stream, options, {write, write, [file] { file->close(); }});
}

}  // namespace onepass
