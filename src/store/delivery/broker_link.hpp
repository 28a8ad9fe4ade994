// The interface of a broker that keeps messages.
#pragma once

#include <span>
#include <string>

#include "sink/message_queue.hpp"

namespace onepass::store {

/// Used by one thread. After an error, the next call connects again.
class BrokerLink {
 public:
  virtual ~BrokerLink() = default;

  /// Connects, or makes sure that the connection lives.
  /// @throws std::runtime_error with the reason, without address and password.
  virtual void open() = 0;

  /// Sends messages in order and waits until the broker has them. Returns how many of the first it has for sure; the
  /// rest is to be sent again.
  /// @throws std::runtime_error with the reason if it has none.
  virtual std::size_t deliver(std::span<const sink::Message> messages) = 0;
};

}  // namespace onepass::store
