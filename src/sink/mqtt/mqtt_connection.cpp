#include "sink/mqtt/mqtt_connection.hpp"

#include <mosquitto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace onepass::sink {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int keep_alive_s = 20;
constexpr int at_least_once = 1;
constexpr std::size_t most_in_flight = 20;  // messages sent and not yet acknowledged
constexpr milliseconds shortest_pause{500};
constexpr milliseconds longest_pause{30'000};
constexpr milliseconds farewell_time{500};     // for delivering the remaining messages at the end
constexpr milliseconds longest_farewell{900};  // for run() to return after stop()
constexpr milliseconds without_broker{300};    // for a connect to a broker that does not answer
constexpr const char* system_certificates = "/etc/ssl/certs";

void start_library() {
  static std::once_flag done;
  std::call_once(done, [] { mosquitto_lib_init(); });
}

std::string error_text(int error) {
  if (error == MOSQ_ERR_ERRNO) return std::generic_category().message(errno);
  if (error == MOSQ_ERR_EAI) return "unknown host";
  if (error == MOSQ_ERR_TLS) return "TLS failed (is the broker's certificate trusted on this machine?)";
  if (error == MOSQ_ERR_CONN_LOST) return "the connection was lost";
  return mosquitto_strerror(error);
}

/// Explains why the broker refused CONNECT (MQTT 3.1.1, table 3.1).
std::string refusal_text(int code, const std::string& user) {
  if (code != 4 && code != 5) return mosquitto_connack_string(code);
  return user.empty() ? "the broker requires a user and a password" : fmt::format("wrong password for user '{}'", user);
}

std::string shown(const MqttAddress& address) {
  return fmt::format("{}://{}:{}", address.tls ? "mqtts" : "mqtt", address.host, address.port);
}

}  // namespace

MqttConnection::MqttConnection(const MqttOptions& given)
    : options_(given),
      target_(shown(given.address)),
      status_topic_(given.address.prefix + "/status"),
      waiting_(given.max_waiting, given.max_waiting_bytes) {
  start_library();
  wake_up_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  client_ = mosquitto_new(nullptr, /*clean_session=*/true, this);
  if (!client_ || wake_up_ < 0) throw std::runtime_error(target_ + ": not enough system resources for a connection");
  try {
    set_up();
  } catch (...) {
    mosquitto_destroy(client_);
    ::close(wake_up_);
    throw;
  }
}

MqttConnection::~MqttConnection() {
  mosquitto_destroy(client_);
  ::close(wake_up_);
}

void MqttConnection::set_up() {
  const auto require = [&](int error, const std::string& what) {
    if (error != MOSQ_ERR_SUCCESS)
      throw std::runtime_error(fmt::format("{}: {}: {}", target_, what, error_text(error)));
  };
  const auto& address = options_.address;
  if (!address.user.empty())
    require(mosquitto_username_pw_set(client_, address.user.c_str(), options_.password.c_str()), "user and password");
  if (address.tls) {
    const auto file = options_.ca_file.string();
    const int error = mosquitto_tls_set(client_, file.empty() ? nullptr : file.c_str(),
                                        file.empty() ? system_certificates : nullptr, nullptr, nullptr, nullptr);
    if (error != MOSQ_ERR_SUCCESS)
      throw std::runtime_error((file.empty() ? system_certificates : file) + ": these certificates cannot be read");
  }
  require(mosquitto_will_set(client_, status_topic_.c_str(), 7, "offline", at_least_once, /*retain=*/true),
          status_topic_);
  mosquitto_connect_callback_set(client_, [](mosquitto*, void* self, int code) {
    auto& connection = *static_cast<MqttConnection*>(self);
    if (code != 0) return connection.lost_connection(refusal_text(code, connection.options_.address.user));
    connection.accepted_ = true;
  });
  mosquitto_publish_callback_set(client_, [](mosquitto*, void* self, int number) {
    auto& connection = *static_cast<MqttConnection*>(self);
    const std::lock_guard lock(connection.mutex_);
    if (connection.in_flight_.erase(number) > 0) ++connection.delivered_;
  });
}

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
  const int error = mosquitto_connect(client_, options_.address.host.c_str(), options_.address.port, keep_alive_s);
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
  std::optional<Clock::time_point> farewell;  // end of the wait for the broker's answer; a short run may stop before it
  while (true) {
    if (stopping_ && !farewell) farewell = Clock::now() + farewell_time;
    if (stopping_ && (accepted_ || Clock::now() >= *farewell)) break;
    if (accepted_ && !announced) announce();
    announced = accepted_;
    if (accepted_) send_waiting();
    wait(stopping_ ? milliseconds(20) : milliseconds(1000));
    if (mosquitto_socket(client_) < 0) return lost_connection(error_text(MOSQ_ERR_CONN_LOST));
    int error = mosquitto_loop_read(client_, 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_write(client_, 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_misc(client_);
    if (error != MOSQ_ERR_SUCCESS) return lost_connection(error_text(error));
  }
  if (accepted_) say_farewell();
}

void MqttConnection::announce() {
  if (!told_.empty()) tell(target_ + ": connected again");
  told_.clear();
  send({status_topic_, "online"}, /*retained=*/true);
  const std::lock_guard lock(mutex_);
  connected_ = true;
  reason_.clear();
}

void MqttConnection::send_waiting() {
  while (true) {
    std::optional<MqttMessage> message;
    {
      const std::lock_guard lock(mutex_);
      if (in_flight_.size() < most_in_flight) message = waiting_.pop();
    }
    if (!message) return;
    send(*message, /*retained=*/false);
  }
}

/// Sends a message. The library keeps it until it is acknowledged, also across connections.
void MqttConnection::send(const MqttMessage& message, bool retained) {
  int number = 0;
  const int error = mosquitto_publish(client_, &number, message.topic.c_str(), static_cast<int>(message.payload.size()),
                                      message.payload.data(), at_least_once, retained);
  const bool kept = error == MOSQ_ERR_SUCCESS || error == MOSQ_ERR_NO_CONN || error == MOSQ_ERR_CONN_LOST;
  const std::lock_guard lock(mutex_);
  if (!kept) waiting_.count_lost();
  if (kept && !retained) in_flight_.insert(number);
}

/// Waits until the socket is ready, wake() was called, or the time is over.
void MqttConnection::wait(milliseconds longest) {
  const int socket = mosquitto_socket(client_);
  const short events = mosquitto_want_write(client_) ? POLLIN | POLLOUT : POLLIN;
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
  const bool follows = !told_.empty() && why == error_text(MOSQ_ERR_CONN_LOST);  // a refusal also ends the connection
  if (!follows && told_.insert(why).second)
    tell(fmt::format("{}: {}; events are buffered, and the connection is retried", target_, why));
  const std::lock_guard lock(mutex_);
  connected_ = false;
  if (!follows) reason_ = why;
}

void MqttConnection::tell(const std::string& line) {
  const std::lock_guard lock(telling_);
  if (!silent_) options_.warn(line);
}

/// Delivers the remaining messages within farewell_time, publishes "offline" and disconnects.
void MqttConnection::say_farewell() {
  const auto until = Clock::now() + farewell_time;
  const auto all_delivered = [&] {
    const std::lock_guard lock(mutex_);
    return waiting_.size() == 0 && in_flight_.empty();
  };
  const auto go_on = [&] {
    wait(milliseconds(20));
    return mosquitto_loop_read(client_, 1) == MOSQ_ERR_SUCCESS && mosquitto_loop_write(client_, 1) == MOSQ_ERR_SUCCESS;
  };
  while (!all_delivered() && Clock::now() < until) {
    send_waiting();
    if (!go_on()) return;
  }
  send({status_topic_, "offline"}, /*retained=*/true);
  while (mosquitto_want_write(client_) && Clock::now() < until) {
    if (!go_on()) return;
  }
  mosquitto_disconnect(client_);
}

void MqttConnection::publish(const std::string& topic, const std::string& message) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push({options_.address.prefix + "/" + topic, message});
  }
  wake();
}

DeliveryHealth MqttConnection::health() const {
  const std::lock_guard lock(mutex_);
  DeliveryHealth health;
  health.target = target_;
  health.connected = connected_;
  health.reason = reason_;
  health.delivered = delivered_;
  health.waiting = static_cast<std::int64_t>(waiting_.size() + in_flight_.size());
  health.lost = waiting_.lost();
  return health;
}

void MqttConnection::stop() {
  stopping_ = true;
  wake();
  {
    std::unique_lock lock(mutex_);
    const auto begin = Clock::now();
    done_.wait_until(lock, begin + without_broker, [this] { return ended_ || linked_; });
    if (linked_) done_.wait_until(lock, begin + longest_farewell, [this] { return ended_; });
  }
  if (const auto left = health().waiting; left > 0)
    tell(fmt::format("{}: {} events could not be delivered", target_, left));
  const std::lock_guard lock(telling_);
  silent_ = true;
}

}  // namespace onepass::sink
