#include "sink/outbox.hpp"

#include <utility>

#include <fmt/format.h>

namespace onepass::sink {

Outbox::Outbox(std::string target, MessageQueue waiting, WarningHandler warn)
    : target_(std::move(target)), handler_(std::move(warn)), waiting_(std::move(waiting)) {}

void Outbox::push(Message message) {
  const std::lock_guard lock(mutex_);
  waiting_.push(std::move(message));
}

std::optional<Message> Outbox::take() {
  const std::lock_guard lock(mutex_);
  auto message = waiting_.pop();
  if (message) ++under_way_;
  return message;
}

void Outbox::count_delivered(std::int64_t messages) {
  const std::lock_guard lock(mutex_);
  under_way_ -= messages;
  delivered_ += messages;
}

void Outbox::count_refused(std::int64_t messages, const std::string& why) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    under_way_ -= messages;
    is_first = refused_ == 0;
    refused_ += messages;
  }
  if (is_first) warn(fmt::format("{}: {}; this message is lost, and the others go on", target_, why));
}

bool Outbox::is_empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() == 0 && under_way_ == 0;
}

void Outbox::set_connected() {
  bool was_told = false;
  {
    const std::lock_guard lock(mutex_);
    connected_ = true;
    reason_.clear();
    was_told = !std::exchange(told_, {}).empty();
  }
  if (was_told) warn(target_ + ": connected again");
}

void Outbox::set_away(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    reason_ = why;
    if (!told_.insert(why).second) return;
  }
  warn(fmt::format("{}: {}; messages are buffered, and the connection is retried", target_, why));
}

void Outbox::close() {
  const auto tell = [this](std::int64_t count, const char* what) {
    if (count > 0) warn(fmt::format("{}: {} messages {}", target_, count, what));
  };
  const auto state = health();
  const auto refused = [this] {
    const std::lock_guard lock(mutex_);
    return refused_;
  }();
  tell(state.waiting, "could not be delivered");
  tell(state.lost - refused, "were dropped from the full buffer");
  tell(refused, "were refused");
  const std::lock_guard lock(warning_mutex_);
  muted_ = true;
}

DeliveryHealth Outbox::health() const {
  const std::lock_guard lock(mutex_);
  DeliveryHealth health;
  health.target = target_;
  health.connected = connected_;
  health.reason = reason_;
  health.delivered = delivered_;
  health.waiting = static_cast<std::int64_t>(waiting_.size()) + under_way_;
  health.lost = waiting_.lost() + refused_;
  return health;
}

void Outbox::warn(const std::string& line) {
  const std::lock_guard lock(warning_mutex_);
  if (!muted_) handler_(line);
}

}  // namespace onepass::sink
