// Keeps what a publisher is to deliver to a broker, counts delivered, refused and dropped messages, and warns of
// changes.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "onepass/stream_health.hpp"
#include "onepass/warning_handler.hpp"
#include "sink/message_queue.hpp"

namespace onepass::sink {

/// Any thread may call any function.
class Outbox {
 public:
  /// @param target address for messages, without credentials
  Outbox(std::string target, MessageQueue waiting, WarningHandler warn);

  void push(Message message);

  /// Returns the next message, if there is one. It is under way until one of the next two functions counts it.
  std::optional<Message> take();
  void count_delivered(std::int64_t messages);

  /// Counts messages that will never be taken, and warns of the first. @param why the reason
  void count_refused(std::int64_t messages, const std::string& why);

  /// Whether no message waits or is under way.
  bool is_empty() const;

  /// Reports the connection if set_away() has reported its loss.
  void set_connected();

  /// Warns of every reason once until the next connection. @param why there is no connection
  void set_away(const std::string& why);

  /// Warns of what was not delivered, for the last time.
  void close();

  const std::string& target() const { return target_; }
  DeliveryHealth health() const;

 private:
  void warn(const std::string& line);

  const std::string target_;
  const WarningHandler handler_;

  mutable std::mutex mutex_;  ///< protects the members below
  MessageQueue waiting_;
  std::int64_t under_way_ = 0;
  std::int64_t delivered_ = 0;
  std::int64_t refused_ = 0;
  bool connected_ = false;
  std::string reason_ = "not connected yet";
  std::set<std::string> told_;  ///< reasons since the last connection

  std::mutex warning_mutex_;
  bool muted_ = false;  ///< no more warnings; protected by warning_mutex_
};

}  // namespace onepass::sink
