// Queues messages for a broker, limited in number and bytes; drops the oldest messages first and counts the losses.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace onepass::sink {

struct Message {
  std::string topic;
  std::string payload;
  bool is_state = false;  ///< retained by the broker; replaces an older state of its topic that still waits
  std::string schema{};   ///< of the payload, for brokers whose messages tell it, such as "event/1"

  std::size_t bytes() const { return topic.size() + payload.size(); }
};

class MessageQueue {
 public:
  MessageQueue(std::size_t max_messages, std::size_t max_bytes) : max_messages_(max_messages), max_bytes_(max_bytes) {}

  void push(Message message) {
    if (message.is_state) drop_older_state(message.topic);
    bytes_ += message.bytes();
    messages_.push_back(std::move(message));
    while (messages_.size() > max_messages_ || bytes_ > max_bytes_) {
      ++lost_;
      pop();
    }
  }

  /// Removes and returns the oldest message, if there is one.
  std::optional<Message> pop() {
    if (messages_.empty()) return std::nullopt;
    auto message = std::move(messages_.front());
    messages_.pop_front();
    bytes_ -= message.bytes();
    return message;
  }

  std::size_t size() const { return messages_.size(); }
  std::int64_t lost() const { return lost_; }

 private:
  void drop_older_state(const std::string& topic) {
    std::erase_if(messages_, [&](const auto& other) {
      const bool older = other.is_state && other.topic == topic;
      if (older) bytes_ -= other.bytes();
      return older;
    });
  }

  std::size_t max_messages_;
  std::size_t max_bytes_;
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
  std::int64_t lost_ = 0;
};

}  // namespace onepass::sink
