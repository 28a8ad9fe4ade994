#include "sink/web/http/http_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace onepass::sink {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* too_large = "431 Request Header Fields Too Large";
constexpr const char* too_slow = "408 Request Timeout";

}  // namespace

bool HttpConnection::next_request() {
  unread_bytes_ = limits_.request_bytes;
  refused_ = nullptr;
  if (begin_ == end_ && !wire_->holds_bytes() && !wait_for(socket_, POLLIN, limits_.idle_time)) return false;
  deadline_ = Clock::now() + limits_.request_time;
  return true;
}

std::string HttpConnection::read_body(std::size_t size) {
  unread_bytes_ = size;
  std::string body(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const auto count = read(body.data() + filled, size - filled);
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
  }
  body.resize(filled);
  return body;
}

bool HttpConnection::is_writable() const { return wait_for(socket_, POLLOUT, limits_.write_time) && !hung_up(); }

ssize_t HttpConnection::read(char* target, std::size_t size) {
  if (begin_ == end_ && !fill()) return -1;
  if (unread_bytes_ == 0) {
    refused_ = too_large;
    return -1;
  }
  const auto count = std::min({size, end_ - begin_, unread_bytes_});
  std::memcpy(target, buffer_.data() + begin_, count);
  begin_ += count;
  unread_bytes_ -= count;
  return static_cast<ssize_t>(count);
}

ssize_t HttpConnection::write(const char* data, std::size_t size) {
  return refused_ ? -1 : wire_->send(data, size, Clock::now() + limits_.write_time);
}

bool HttpConnection::fill() {
  const auto count = wire_->receive(buffer_.data(), buffer_.size(), deadline_);
  if (count < 0 && Clock::now() >= deadline_) refused_ = too_slow;
  begin_ = 0;
  end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  return end_ > 0;
}

bool HttpConnection::hung_up() const {
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace onepass::sink
