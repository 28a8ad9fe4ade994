#include <exception>
#include <utility>

#include "io/output_file.hpp"
#include "onepass/identity_events.hpp"
#include "sink/events/identity_log.hpp"

namespace onepass {
namespace {

class EventSink : public TrackSink {
 public:
  EventSink(const StreamInfo& stream, const EventOptions& options, IdentityEventHandler on_event,
            std::function<void()> on_close)
      : log_(stream, options), on_event_(std::move(on_event)), on_close_(std::move(on_close)) {}

  ~EventSink() override {
    try {
      if (written_) close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    written_ = true;
    for (const auto& event : log_.update(frame, tracks)) on_event_(event);
  }

  void idle(const Frame& now) override {
    for (const auto& event : log_.update(now, {})) on_event_(event);
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    for (const auto& event : log_.finish()) on_event_(event);
    on_close_();
  }

 private:
  sink::IdentityLog log_;
  IdentityEventHandler on_event_;
  std::function<void()> on_close_;
  bool written_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_event_sink(const StreamInfo& stream, const EventOptions& options,
                                           IdentityEventHandler on_event, std::function<void()> on_close) {
  return std::make_unique<EventSink>(stream, options, std::move(on_event), std::move(on_close));
}

std::unique_ptr<TrackSink> make_event_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                const StreamInfo& stream, const EventOptions& options) {
  const auto file = std::make_shared<io::OutputFile>(path == "-" ? io::OutputFile::standard_output()  //
                                                                 : io::OutputFile(path, overwrite));
  const auto write = [file](const IdentityEvent& event) {
    file->write(to_json(event) + "\n");
    file->flush();  // lets readers of the file or pipe see each event at once
  };
  return make_event_sink(stream, options, write, [file] { file->close(); });
}

}  // namespace onepass
