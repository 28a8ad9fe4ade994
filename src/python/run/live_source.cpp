#include "python/run/live_source.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace onepass::python {
namespace {

constexpr std::chrono::milliseconds patience(100);  // longest time between two checks whether to stop

}  // namespace

LiveSource::LiveSource(const std::string& location, const LiveOptions& options,
                       std::function<void(const std::string&)> report, std::function<void()> wait)
    : bell_(std::make_shared<pipeline::FrameBell>()),
      stream_(source_name(location), location, options),
      info_(stream_.info()),
      report_(std::move(report)),
      wait_(std::move(wait)) {
  stream_.on_change([bell = bell_] { bell->ring(); });
  info_.live = true;
  info_.name = stream_.name();  // the stream knows the rest when it is connected
}

LiveSource::~LiveSource() { stream_.stop(); }

Frame LiveSource::taken(LiveFrame frame) {
  info_ = stream_.info();
  info_.live = true;
  auto result = frame.frame;
  frame.frame.image.release();
  last_ = std::move(frame);
  return result;
}

std::optional<Frame> LiveSource::next() {
  if (last_) stream_.tracked(*std::exchange(last_, std::nullopt));
  while (!interrupted_) {
    for (const auto& news : stream_.take_news()) report_(news);
    const bool ended = stream_.ended();
    if (auto frame = stream_.take()) return taken(std::move(*frame));
    if (ended) {
      if (const auto reason = stream_.failure()) throw std::runtime_error(stream_.name() + ": " + *reason);
      return std::nullopt;
    }
    bell_->wait(patience);
    wait_();
  }
  return std::nullopt;
}

void LiveSource::interrupt() {
  interrupted_ = true;
  stream_.stop();
  bell_->ring();
}

}  // namespace onepass::python
