#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <opencv2/highgui.hpp>

#include "core/quiet_libraries.hpp"
#include "onepass/track_sink.hpp"
#include "sink/video/draw.hpp"

namespace onepass {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Returns whether a server listens on a local display such as ":0" or ":0.1".
bool answers(const std::string& display) {
  const auto number = display.substr(1, display.find('.') - 1);
  const std::string path = "/tmp/.X11-unix/X" + number;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  const bool connected = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return connected;
}

/// Throws if there is no display. Without this check, OpenCV's window toolkit (Qt on Debian) would end the program.
void require_display() {
  if (!environment("QT_QPA_PLATFORM").empty() || !environment("WAYLAND_DISPLAY").empty()) return;
  const auto display = environment("DISPLAY");
  if (display.empty())
    throw std::runtime_error("no window can be shown: there is no display (DISPLAY and WAYLAND_DISPLAY are not set)");
  if (display.starts_with(":") && !answers(display))
    throw std::runtime_error("no window can be shown: the display '" + display + "' does not answer");
}

class WindowSink : public TrackSink {
 public:
  explicit WindowSink(const StreamInfo& stream)
      : title_("onepass: " + stream.source.name), annotator_(stream.class_names, stream.counting) {
    quiet_libraries();
    require_display();
    try {
      cv::namedWindow(title_, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO);
    } catch (const cv::Exception& error) {
      throw std::runtime_error("no window can be shown: " + error.err);
    }
    open_ = true;
  }

  ~WindowSink() override { close(); }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    const auto image = annotator_.draw(frame, tracks);
    if (!sized_) cv::resizeWindow(title_, image.size());
    cv::imshow(title_, image);
    const int key = cv::waitKey(1) & 0xff;
    constexpr int escape = 27;
    if (key == 'q' || key == 'Q' || key == escape) wants_stop_ = true;
    if (sized_ && cv::getWindowProperty(title_, cv::WND_PROP_VISIBLE) < 1) wants_stop_ = true;  // the user closed it
    sized_ = true;
  }

  void close() override {
    if (!open_) return;
    open_ = false;
    try {
      cv::destroyWindow(title_);
    } catch (const cv::Exception&) {  // the user has closed it already
    }
  }

  bool wants_stop() const override { return wants_stop_; }

 private:
  std::string title_;
  sink::Annotator annotator_;
  bool open_ = false;
  bool sized_ = false;  ///< the window was resized to the first image; later the user controls its size
  bool wants_stop_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_window_sink(const StreamInfo& stream) { return std::make_unique<WindowSink>(stream); }

}  // namespace onepass
