// Delivers messages to a broker at least once and in order, from a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "onepass/publisher.hpp"
#include "sink/message_queue.hpp"
#include "store/background.hpp"
#include "store/delivery/broker_link.hpp"

namespace onepass::store {

class Delivery {
 public:
  /// @param target address for messages, without credentials
  Delivery(std::string target, std::unique_ptr<BrokerLink> link, const PublisherLimits& limits);

  /// Starts the thread of a delivery, which shares it.
  static std::shared_ptr<Delivery> start(std::string target, std::unique_ptr<BrokerLink> link,
                                         const PublisherLimits& limits);

  void push(sink::Message message);

  /// Delivers what can be delivered in a short time, and warns of the rest.
  void stop();

  DeliveryHealth health() const;

 private:
  void run(Pace& pace);
  bool fill_batch();
  void send_batch();
  void note_refused(const Sent& sent);
  std::int64_t count_refused() const;
  void set_away(const std::string& why);
  void set_connected();
  void warn(const std::string& line);

  const PublisherLimits limits_;
  const std::string target_;
  const std::unique_ptr<BrokerLink> link_;  ///< used by the thread
  std::optional<Background> background_;

  mutable std::mutex mutex_;  ///< protects the members below
  sink::MessageQueue waiting_;
  std::vector<sink::Message> batch_;  ///< taken from waiting_, and not yet acknowledged; changed by the thread
  bool connected_ = false;
  std::string reason_ = "not connected yet";
  bool has_warned_ = false;
  std::int64_t delivered_ = 0;
  std::int64_t refused_ = 0;  ///< messages that the broker will never take

  std::mutex warning_mutex_;
  bool muted_ = false;  ///< no more warnings; protected by warning_mutex_
};

}  // namespace onepass::store
