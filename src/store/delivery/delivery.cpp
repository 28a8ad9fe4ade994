#include "store/delivery/delivery.hpp"

#include <exception>
#include <utility>

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
    : outbox_(std::move(target), sink::MessageQueue(limits.max_waiting, limits.max_waiting_bytes), limits.warn),
      link_(std::move(link)) {}

std::shared_ptr<Delivery> Delivery::start(std::string target, std::unique_ptr<BrokerLink> link,
                                          const PublisherLimits& limits) {
  auto delivery = std::make_shared<Delivery>(std::move(target), std::move(link), limits);
  delivery->background_.emplace([delivery](Pace& pace) { delivery->run(pace); });
  return delivery;
}

void Delivery::push(sink::Message message) {
  outbox_.push(std::move(message));
  background_->wake();
}

/// Takes the next messages, if those before are delivered. Returns whether there are some.
bool Delivery::fill_batch() {
  while (batch_.size() < most_in_batch) {
    auto message = outbox_.take();
    if (!message) break;
    batch_.push_back(std::move(*message));
  }
  return !batch_.empty();
}

void Delivery::send_batch() {
  const auto sent = link_->deliver(batch_);
  batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(sent.delivered + sent.refused));
  outbox_.count_delivered(static_cast<std::int64_t>(sent.delivered));
  if (sent.refused > 0) outbox_.count_refused(static_cast<std::int64_t>(sent.refused), sent.why);
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
        outbox_.set_connected();
        pause.reset();
        if (!has_messages) pace.wait(check_interval);
      }
    } catch (const std::exception& error) {
      open = false;
      outbox_.set_away(error.what());
      if (deadline) return;  // another attempt would be too late
      pace.rest(pause.next());
    }
  }
}

void Delivery::stop() {
  if (!background_->stop(shutdown_time)) {
    link_->give_up();
    background_->stop(longest_shutdown - shutdown_time);
  }
  outbox_.close();
}

}  // namespace onepass::store
