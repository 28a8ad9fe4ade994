#include "store/delivery/delivery.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>

namespace onepass::store {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_in_batch = 200;
constexpr milliseconds longest_pause{10'000};
constexpr milliseconds check_interval{5'000};  // of an idle connection
constexpr milliseconds shutdown_time{700};     // for delivering the remaining messages at the end
constexpr milliseconds longest_shutdown{1200};

}  // namespace

Delivery::Delivery(std::string target, std::unique_ptr<BrokerLink> link, const PublisherLimits& limits)
    : limits_(limits),
      target_(std::move(target)),
      link_(std::move(link)),
      waiting_(limits.max_waiting, limits.max_waiting_bytes) {}

std::shared_ptr<Delivery> Delivery::start(std::string target, std::unique_ptr<BrokerLink> link,
                                          const PublisherLimits& limits) {
  auto delivery = std::make_shared<Delivery>(std::move(target), std::move(link), limits);
  delivery->background_.emplace([delivery](Pace& pace) { delivery->run(pace); });
  return delivery;
}

void Delivery::push(sink::Message message) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push(std::move(message));
  }
  background_->wake();
}

/// Takes the next messages, if those before are delivered. Returns whether there are some.
bool Delivery::fill_batch() {
  const std::lock_guard lock(mutex_);
  while (batch_.size() < most_in_batch) {
    auto message = waiting_.pop();
    if (!message) break;
    batch_.push_back(std::move(*message));
  }
  return !batch_.empty();
}

void Delivery::send_batch() {
  const auto sent = link_->deliver(batch_);  // only this thread changes the batch
  {
    const std::lock_guard lock(mutex_);
    batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(sent.delivered + sent.refused));
    delivered_ += static_cast<std::int64_t>(sent.delivered);
  }
  if (sent.refused > 0) note_refused(sent);
}

/// Counts messages that are lost, and says so once.
void Delivery::note_refused(const Sent& sent) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = refused_ == 0;
    refused_ += static_cast<std::int64_t>(sent.refused);
  }
  if (is_first) warn(fmt::format("{}: {}; this message is lost, and the others go on", target_, sent.why));
}

void Delivery::run(Pace& pace) {
  Pause pause(longest_pause);
  bool open = false;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  while (true) {
    if (pace.stopping() && !deadline) deadline = std::chrono::steady_clock::now() + shutdown_time;
    const bool has_messages = fill_batch();
    if (deadline && (!has_messages || std::chrono::steady_clock::now() > *deadline)) return;
    try {
      if (has_messages && open) {
        send_batch();
      } else {
        link_->open();
        open = true;
        set_connected();
        pause.reset();
        if (!has_messages) pace.wait(check_interval);
      }
    } catch (const std::exception& error) {
      open = false;
      set_away(error.what());
      if (deadline) return;  // another attempt would be too late
      pace.rest(pause.next());
    }
  }
}

void Delivery::set_away(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    if (std::exchange(reason_, why) == why && has_warned_) return;
    has_warned_ = true;
  }
  warn(fmt::format("{}: {}; messages are buffered, and the connection is retried", target_, why));
}

void Delivery::set_connected() {
  bool was_away = false;
  {
    const std::lock_guard lock(mutex_);
    connected_ = true;
    reason_.clear();
    was_away = std::exchange(has_warned_, false);
  }
  if (was_away) warn(target_ + ": connected again");
}

void Delivery::warn(const std::string& line) {
  const std::lock_guard lock(warning_mutex_);
  if (!muted_) limits_.warn(line);
}

void Delivery::stop() {
  if (!background_->stop(shutdown_time)) {
    link_->give_up();
    background_->stop(longest_shutdown - shutdown_time);
  }
  const auto state = health();
  const auto tell = [this](std::int64_t count, const char* what) {
    if (count > 0) warn(fmt::format("{}: {} messages {}", target_, count, what));
  };
  const auto refused = count_refused();
  tell(state.waiting, "could not be delivered");
  tell(state.lost - refused, "were dropped from the full buffer");
  tell(refused, "were refused by the broker");
  const std::lock_guard lock(warning_mutex_);
  muted_ = true;
}

std::int64_t Delivery::count_refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

DeliveryHealth Delivery::health() const {
  const std::lock_guard lock(mutex_);
  DeliveryHealth health;
  health.target = target_;
  health.connected = connected_;
  health.reason = reason_;
  health.delivered = delivered_;
  health.waiting = static_cast<std::int64_t>(waiting_.size() + batch_.size());
  health.lost = waiting_.lost() + refused_;
  return health;
}

}  // namespace onepass::store
