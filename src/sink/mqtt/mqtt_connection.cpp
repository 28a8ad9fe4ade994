#include "sink/mqtt/mqtt_connection.hpp"

#include <mosquitto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace onepass::sink {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int keep_alive_s = 20;
constexpr std::size_t most_in_flight = 20;  // messages sent and not yet acknowledged
constexpr milliseconds shortest_pause{500};
constexpr milliseconds longest_pause{30'000};
constexpr milliseconds shutdown_time{500};     // for delivering the remaining messages at the end
constexpr milliseconds longest_shutdown{900};  // for run() to return after stop()
constexpr milliseconds without_broker{300};    // for a connect to a broker that does not answer

}  // namespace

MqttConnection::MqttConnection(const MqttOptions& given)
    : options_(given),
      status_topic_(status_topic_of(given.address)),
      outbox_(target_of(given.address), MessageQueue(given.max_waiting, given.max_waiting_bytes), given.warn),
      client_(make_mqtt_client(given, this)) {
  wake_up_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_up_ < 0) throw std::runtime_error(outbox_.target() + ": not enough system resources for a connection");
  mosquitto_connect_callback_set(client_.get(), [](mosquitto*, void* self, int code) {
    auto& connection = *static_cast<MqttConnection*>(self);
    if (code != 0) return connection.lost_connection(refusal_text(code, connection.options_.address.user));
    connection.accepted_ = true;
  });
  mosquitto_publish_callback_set(client_.get(), [](mosquitto*, void* self, int number) {
    auto& connection = *static_cast<MqttConnection*>(self);
    if (connection.in_flight_.erase(number) > 0) connection.outbox_.count_delivered(1);
  });
  mosquitto_message_callback_set(client_.get(), [](mosquitto*, void* self, const mosquitto_message* message) {
    static_cast<MqttConnection*>(self)->received(message->topic, message->payloadlen == 0);
  });
}

MqttConnection::~MqttConnection() { ::close(wake_up_); }

void MqttConnection::run() {
  auto pause = shortest_pause;
  do {
    if (connect()) pause = shortest_pause;
    if (stopping_) break;
    wait(pause);
    pause = std::min(2 * pause, longest_pause);
  } while (!stopping_);
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  done_.notify_all();
}

/// Connects and exchanges messages until the connection ends; returns whether the broker had accepted it.
bool MqttConnection::connect() {
  accepted_ = false;
  const int error =
      mosquitto_connect(client_.get(), options_.address.host.c_str(), options_.address.port, keep_alive_s);
  if (error != MOSQ_ERR_SUCCESS) {
    lost_connection(error_text(error));
    return false;
  }
  set_linked(true);
  exchange();
  set_linked(false);
  return accepted_;
}

void MqttConnection::set_linked(bool linked) {
  {
    const std::lock_guard lock(mutex_);
    linked_ = linked;
  }
  done_.notify_all();
}

/// Reads and writes until the connection is lost or stop() was called.
void MqttConnection::exchange() {
  bool announced = false;
  std::optional<Clock::time_point> deadline;  // end of the wait for the broker's answer; a short run may stop before it
  while (true) {
    if (stopping_ && !deadline) deadline = Clock::now() + shutdown_time;
    if (stopping_ && (accepted_ || Clock::now() >= *deadline)) break;
    if (accepted_ && !announced) announce();
    announced = accepted_;
    if (accepted_) subscribe();
    if (accepted_) send_waiting();
    wait(stopping_ ? milliseconds(20) : milliseconds(1000));
    if (mosquitto_socket(client_.get()) < 0) return lost_connection(error_text(MOSQ_ERR_CONN_LOST));
    int error = mosquitto_loop_read(client_.get(), 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_write(client_.get(), 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_misc(client_.get());
    if (error != MOSQ_ERR_SUCCESS) return lost_connection(error_text(error));
  }
  if (accepted_) shut_down();
}

void MqttConnection::announce() {
  publish_uncounted(status_topic_, "online");
  if (was_accepted_) {  // the broker may have lost the states
    for (const auto& [topic, message] : states_.newest()) publish_uncounted(topic, message);
  }
  was_accepted_ = true;
  away_ = false;
  states_.subscribe_again();
  outbox_.set_connected();
}

void MqttConnection::subscribe() {
  for (const auto& filter : states_.filters_to_subscribe())
    mosquitto_subscribe(client_.get(), nullptr, filter.c_str(), quality_of_service);
}

/// Removes a state of an earlier run.
void MqttConnection::received(const std::string& topic, bool is_empty) {
  if (!is_empty && states_.is_foreign(topic)) publish_state_at(topic, "");
}

void MqttConnection::send_waiting() {
  while (in_flight_.size() < most_in_flight) {
    const auto message = outbox_.take();
    if (!message) return;
    send(*message);
  }
}

/// Sends a message. The library keeps it until it is acknowledged, also across connections.
void MqttConnection::send(const Message& message) {
  int number = 0;
  const int error =
      mosquitto_publish(client_.get(), &number, message.topic.c_str(), static_cast<int>(message.payload.size()),
                        message.payload.data(), quality_of_service, message.is_state);
  const bool accepted = error == MOSQ_ERR_SUCCESS || error == MOSQ_ERR_NO_CONN || error == MOSQ_ERR_CONN_LOST;
  if (accepted) {
    in_flight_.insert(number);
  } else {
    outbox_.count_refused(1, error_text(error));
  }
}

/// Publishes a retained message that is no event: it is neither counted as delivered nor as lost.
void MqttConnection::publish_uncounted(const std::string& topic, std::string_view message) {
  mosquitto_publish(client_.get(), nullptr, topic.c_str(), static_cast<int>(message.size()), message.data(),
                    quality_of_service, /*retain=*/true);
}

/// Waits until the socket is ready, wake() was called, or the time is over.
void MqttConnection::wait(milliseconds longest) {
  const int socket = mosquitto_socket(client_.get());
  const short events = mosquitto_want_write(client_.get()) ? POLLIN | POLLOUT : POLLIN;
  std::array<pollfd, 2> entries = {pollfd{wake_up_, POLLIN, 0}, pollfd{socket, events, 0}};
  const auto until = Clock::now() + longest;
  do {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    if (::poll(entries.data(), socket < 0 ? 1 : 2, static_cast<int>(std::max<std::int64_t>(0, left))) < 0) continue;
    std::uint64_t count = 0;
    if (entries[0].revents != 0) (void)!::read(wake_up_, &count, sizeof count);
    // Without a connection, new messages do not shorten the pause before the next attempt.
  } while (socket < 0 && !stopping_ && Clock::now() < until);
}

void MqttConnection::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(wake_up_, &one, sizeof one);
}

void MqttConnection::lost_connection(const std::string& why) {
  const bool follows = away_ && why == error_text(MOSQ_ERR_CONN_LOST);  // a refusal also ends the connection
  away_ = true;
  if (!follows) outbox_.set_away(why);
}

/// Delivers the remaining messages within shutdown_time, publishes "offline" and disconnects.
void MqttConnection::shut_down() {
  const auto until = Clock::now() + shutdown_time;
  const auto go_on = [&] {
    wait(milliseconds(20));
    return mosquitto_loop_read(client_.get(), 1) == MOSQ_ERR_SUCCESS &&
           mosquitto_loop_write(client_.get(), 1) == MOSQ_ERR_SUCCESS;
  };
  while (!outbox_.is_empty() && Clock::now() < until) {
    send_waiting();
    if (!go_on()) return;
  }
  publish_uncounted(status_topic_, "offline");
  while (mosquitto_want_write(client_.get()) && Clock::now() < until) {
    if (!go_on()) return;
  }
  mosquitto_disconnect(client_.get());
}

void MqttConnection::push(Message message) {
  if (message.is_state) states_.keep(message.topic, message.payload);
  outbox_.push(std::move(message));
  wake();
}

void MqttConnection::publish(const std::string& topic, const std::string& message) {
  push({options_.address.prefix + "/" + topic, message});
}

void MqttConnection::publish_state(const std::string& topic, const std::string& message) {
  publish_state_at(options_.address.prefix + "/" + topic, message);
}

void MqttConnection::publish_state_at(const std::string& whole_topic, const std::string& message) {
  push({whole_topic, message, /*is_state=*/true});
}

void MqttConnection::own_states(const std::string& filter) {
  states_.own(filter);
  wake();
}

void MqttConnection::stop() {
  stopping_ = true;
  wake();
  {
    std::unique_lock lock(mutex_);
    const auto begin = Clock::now();
    done_.wait_until(lock, begin + without_broker, [this] { return ended_ || linked_; });
    if (linked_) done_.wait_until(lock, begin + longest_shutdown, [this] { return ended_; });
  }
  outbox_.close();
}

}  // namespace onepass::sink
