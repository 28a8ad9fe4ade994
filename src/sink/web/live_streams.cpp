#include "sink/web/live_streams.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace onepass::sink {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds heartbeat{1000};
constexpr const char* boundary = "onepass-picture";

bool write(httplib::DataSink& sink, std::string_view text) { return sink.write(text.data(), text.size()); }

/// Pictures for one viewer; remembers which ones were sent.
class PictureStream {
 public:
  PictureStream(std::shared_ptr<Hub> hub, std::vector<std::size_t> cameras, std::shared_ptr<ViewerSlot> slot)
      : hub_(std::move(hub)), cameras_(std::move(cameras)), slot_(std::move(slot)) {}

  /// Sends new pictures, or waits for them; false ends the answer.
  bool advance(httplib::DataSink& sink) {
    if (hub_->stopping()) return false;
    const auto seen = hub_->updates();  // read before the pictures, so that none is missed
    if (!begun_ && !write(sink, fmt::format("--{}\r\n", boundary))) return false;
    begun_ = true;
    bool sent = false;
    const auto all = hub_->cameras();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!cameras_.empty() && std::ranges::find(cameras_, i) == cameras_.end()) continue;
      auto& last = last_[i];
      const auto number = all[i]->picture_number();
      if (number == 0 || (number == last.number && Clock::now() - last.time < heartbeat)) continue;
      const auto picture = all[i]->picture();
      if (!send(sink, i, picture)) return false;
      last = {picture.number, Clock::now()};
      sent = true;
    }
    if (sent) return true;
    hub_->wait_for_update(seen, heartbeat);
    return sink.is_writable();
  }

 private:
  struct Sent {
    std::int64_t number = 0;
    Clock::time_point time;
  };

  static bool send(httplib::DataSink& sink, std::size_t camera, const Picture& picture) {
    const auto& jpeg = *picture.jpeg;
    return write(sink, fmt::format("Content-Type: image/jpeg\r\nContent-Length: {}\r\nX-Camera: {}\r\n\r\n",
                                   jpeg.size(), camera)) &&
           sink.write(reinterpret_cast<const char*>(jpeg.data()), jpeg.size()) &&
           write(sink, fmt::format("\r\n--{}\r\n", boundary));  // at once: some clients show a picture only after it
  }

  std::shared_ptr<Hub> hub_;
  std::vector<std::size_t> cameras_;
  std::shared_ptr<ViewerSlot> slot_;
  std::map<std::size_t, Sent> last_;
  bool begun_ = false;
};

class LineStream {
 public:
  LineStream(std::shared_ptr<Hub> hub, std::shared_ptr<ViewerSlot> slot)
      : hub_(std::move(hub)), slot_(std::move(slot)), next_(hub_->next_line()) {}

  bool advance(httplib::DataSink& sink) {
    if (hub_->stopping()) return false;
    const auto seen = hub_->updates();
    const auto news = hub_->lines_since(next_);
    next_ = news.next;
    if (news.skipped > 0 && !write(sink, fmt::format("event: skipped\ndata: {}\n\n", news.skipped))) return false;
    for (const auto& line : news.lines) {
      if (!write(sink, "data: " + *line + "\n\n")) return false;
    }
    if (!begun_ || Clock::now() - last_write_ > heartbeat) {
      if (!write(sink, ":\n\n")) return false;  // a comment as heartbeat, so that each side notices a lost connection
      last_write_ = Clock::now();
      begun_ = true;
    }
    if (news.lines.empty()) hub_->wait_for_update(seen, heartbeat);
    return sink.is_writable();
  }

 private:
  std::shared_ptr<Hub> hub_;
  std::shared_ptr<ViewerSlot> slot_;
  std::int64_t next_;
  bool begun_ = false;
  Clock::time_point last_write_;
};

/// Answers until advance() of `stream` returns false; the answer ends with the connection.
template <typename Stream>
void answer(httplib::Response& response, const std::string& type, std::shared_ptr<Stream> stream) {
  response.set_header("Connection", "close");
  response.set_content_provider(
      type, [stream = std::move(stream)](std::size_t, httplib::DataSink& sink) { return stream->advance(sink); });
}

}  // namespace

void stream_pictures(httplib::Response& response, std::shared_ptr<Hub> hub, std::vector<std::size_t> cameras,
                     std::shared_ptr<ViewerSlot> slot) {
  answer(response, std::string("multipart/x-mixed-replace; boundary=") + boundary,
         std::make_shared<PictureStream>(std::move(hub), std::move(cameras), std::move(slot)));
}

void stream_lines(httplib::Response& response, std::shared_ptr<Hub> hub, std::shared_ptr<ViewerSlot> slot) {
  answer(response, "text/event-stream", std::make_shared<LineStream>(std::move(hub), std::move(slot)));
}

}  // namespace onepass::sink
