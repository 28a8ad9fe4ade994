// Messages that wait for a broker: bounded in number and bytes, the oldest dropped first, everything counted.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace onepass {

struct MqttMessage {
  std::string topic;
  std::string payload;

  std::size_t bytes() const { return topic.size() + payload.size(); }
};

class MqttQueue {
 public:
  MqttQueue(std::size_t max_messages, std::size_t max_bytes) : max_messages_(max_messages), max_bytes_(max_bytes) {}

  void push(MqttMessage message) {
    bytes_ += message.bytes();
    messages_.push_back(std::move(message));
    while (messages_.size() > max_messages_ || bytes_ > max_bytes_) {
      ++lost_;
      pop();
    }
  }

  /// The oldest one, if there is any.
  std::optional<MqttMessage> pop() {
    if (messages_.empty()) return std::nullopt;
    auto message = std::move(messages_.front());
    messages_.pop_front();
    bytes_ -= message.bytes();
    return message;
  }

  /// One that was taken out cannot be sent at all.
  void count_lost() { ++lost_; }

  std::size_t size() const { return messages_.size(); }
  std::int64_t lost() const { return lost_; }

 private:
  std::size_t max_messages_;
  std::size_t max_bytes_;
  std::deque<MqttMessage> messages_;
  std::size_t bytes_ = 0;
  std::int64_t lost_ = 0;
};

}  // namespace onepass
