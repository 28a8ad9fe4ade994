// Delivers messages to a broker at least once and in order, from a thread of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/publisher.hpp"
#include "sink/outbox.hpp"
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

  DeliveryHealth health() const { return outbox_.health(); }

 private:
  void run(Pace& pace);
  bool fill_batch();
  void send_batch();

  sink::Outbox outbox_;
  const std::unique_ptr<BrokerLink> link_;  ///< used by the thread
  std::vector<sink::Message> batch_;        ///< taken from the outbox, and not yet acknowledged; used by the thread
  std::optional<Background> background_;
};

}  // namespace onepass::store
