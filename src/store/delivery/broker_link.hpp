// The interface of a broker that keeps messages.
#pragma once

#include <span>
#include <string>

#include "sink/message_queue.hpp"

namespace onepass::store {

/// What has become of messages.
struct Sent {
  std::size_t delivered = 0;  ///< of the first, how many the broker has for sure
  std::size_t refused = 0;    ///< of those after them, how many it will never take: they need not be sent again
  std::string why{};          ///< of the refusal
};

/// Used by one thread, except give_up(). After an error, the next call connects again.
class BrokerLink {
 public:
  virtual ~BrokerLink() = default;

  /// Connects, or makes sure that the connection lives.
  /// @throws std::runtime_error with the reason, without address and password.
  virtual void open() = 0;

  /// Sends messages in order and waits until the broker has them. What it neither has nor refuses for good is to be
  /// sent again.
  /// @throws std::runtime_error with the reason if no message was delivered or refused.
  virtual Sent deliver(std::span<const sink::Message> messages) = 0;

  /// Ends a deliver() that waits, now and from now on. May be called by any thread.
  virtual void give_up() {}
};

}  // namespace onepass::store
