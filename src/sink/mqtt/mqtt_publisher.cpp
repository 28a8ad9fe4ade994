#include <mosquitto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_queue.hpp"

namespace onepass {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int keep_alive_s = 20;
constexpr int at_least_once = 1;
constexpr std::size_t most_in_flight = 20;  // sent and not yet acknowledged
constexpr milliseconds shortest_pause{500};
constexpr milliseconds longest_pause{30'000};
constexpr milliseconds farewell_time{500};  // for what waits to be delivered at the end
constexpr milliseconds longest_farewell{900};
constexpr const char* system_certificates = "/etc/ssl/certs";

void start_library() {
  static std::once_flag done;
  std::call_once(done, [] { mosquitto_lib_init(); });
}

std::string error_text(int error) {
  if (error == MOSQ_ERR_ERRNO) return std::generic_category().message(errno);
  if (error == MOSQ_ERR_EAI) return "the host is not known";
  if (error == MOSQ_ERR_TLS) return "TLS failed (is the broker's certificate one that is trusted here?)";
  if (error == MOSQ_ERR_CONN_LOST) return "the connection was lost";
  return mosquitto_strerror(error);
}

/// Why the broker said no to CONNECT (MQTT 3.1.1, table 3.1).
std::string refusal_text(int code, const std::string& user) {
  if (code != 4 && code != 5) return mosquitto_connack_string(code);
  return user.empty() ? "the broker wants a user and a password" : fmt::format("wrong password for user '{}'", user);
}

std::string shown(const MqttAddress& address) {
  return fmt::format("{}://{}:{}", address.tls ? "mqtts" : "mqtt", address.host, address.port);
}

}  // namespace

/// Everything but `mutex` and what it guards belongs to the thread.
struct MqttPublisher::State {
  explicit State(const MqttOptions& given);
  ~State();

  void run();
  void set_up();
  bool connect();
  void exchange();
  void send_waiting();
  void send(const MqttMessage& message, bool retained);
  void wait(milliseconds longest);
  void wake() const;
  void lost_connection(const std::string& reason);
  void say_farewell();

  const MqttOptions options;
  const std::string target;
  const std::string status_topic;
  mosquitto* client = nullptr;
  int wake_up = -1;       ///< an eventfd
  bool accepted = false;  ///< by the broker, since the last connect
  std::string said;       ///< the last reason that was told

  mutable std::mutex mutex;
  std::condition_variable done;
  MqttQueue waiting;
  std::set<int> in_flight;  ///< numbers that the library gave
  std::int64_t delivered = 0;
  bool connected = false;
  std::string reason = "not connected yet";
  bool ended = false;
  std::atomic<bool> stopping = false;
};

MqttPublisher::State::State(const MqttOptions& given)
    : options(given),
      target(shown(given.address)),
      status_topic(given.address.prefix + "/status"),
      waiting(given.max_waiting, given.max_waiting_bytes) {
  start_library();
  wake_up = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  client = mosquitto_new(nullptr, /*clean_session=*/true, this);
  if (!client || wake_up < 0) throw std::runtime_error(target + ": not enough resources for a connection");
  try {
    set_up();
  } catch (...) {
    mosquitto_destroy(client);
    ::close(wake_up);
    throw;
  }
}

MqttPublisher::State::~State() {
  mosquitto_destroy(client);
  ::close(wake_up);
}

void MqttPublisher::State::set_up() {
  const auto require = [&](int error, const std::string& what) {
    if (error != MOSQ_ERR_SUCCESS) throw std::runtime_error(fmt::format("{}: {}: {}", target, what, error_text(error)));
  };
  const auto& address = options.address;
  if (!address.user.empty())
    require(mosquitto_username_pw_set(client, address.user.c_str(), options.password.c_str()), "user and password");
  if (address.tls) {
    const auto file = options.ca_file.string();
    const int error = mosquitto_tls_set(client, file.empty() ? nullptr : file.c_str(),
                                        file.empty() ? system_certificates : nullptr, nullptr, nullptr, nullptr);
    if (error != MOSQ_ERR_SUCCESS)
      throw std::runtime_error((file.empty() ? system_certificates : file) + ": these certificates cannot be read");
  }
  require(mosquitto_will_set(client, status_topic.c_str(), 7, "offline", at_least_once, /*retain=*/true), status_topic);
  mosquitto_connect_callback_set(client, [](mosquitto*, void* self, int code) {
    auto& state = *static_cast<State*>(self);
    if (code != 0) return state.lost_connection(refusal_text(code, state.options.address.user));
    state.accepted = true;
  });
  mosquitto_publish_callback_set(client, [](mosquitto*, void* self, int number) {
    auto& state = *static_cast<State*>(self);
    const std::lock_guard lock(state.mutex);
    if (state.in_flight.erase(number) > 0) ++state.delivered;
  });
}

void MqttPublisher::State::run() {
  auto pause = shortest_pause;
  do {
    if (connect()) pause = shortest_pause;
    if (stopping) break;
    wait(pause);
    pause = std::min(2 * pause, longest_pause);
  } while (!stopping);
  {
    const std::lock_guard lock(mutex);
    ended = true;
  }
  done.notify_all();
}

/// Stays connected as long as it goes; returns whether the broker had accepted.
bool MqttPublisher::State::connect() {
  accepted = false;
  const int error = mosquitto_connect(client, options.address.host.c_str(), options.address.port, keep_alive_s);
  if (error != MOSQ_ERR_SUCCESS) {
    lost_connection(error_text(error));
    return false;
  }
  exchange();
  return accepted;
}

/// Reads and writes until the connection is lost or the end has come.
void MqttPublisher::State::exchange() {
  bool announced = false;
  std::optional<Clock::time_point> farewell;  // a run that was short may end before the broker has answered
  while (true) {
    if (stopping && !farewell) farewell = Clock::now() + farewell_time;
    if (stopping && (accepted || Clock::now() >= *farewell)) break;
    if (accepted && !announced) {
      announced = true;
      if (!said.empty()) options.warn(target + ": connected again");
      said.clear();
      send({status_topic, "online"}, /*retained=*/true);
      const std::lock_guard lock(mutex);
      connected = true;
      reason.clear();
    }
    if (accepted) send_waiting();
    wait(stopping ? milliseconds(20) : milliseconds(1000));
    if (mosquitto_socket(client) < 0) return lost_connection(error_text(MOSQ_ERR_CONN_LOST));
    int error = mosquitto_loop_read(client, 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_write(client, 1);
    if (error == MOSQ_ERR_SUCCESS) error = mosquitto_loop_misc(client);
    if (error != MOSQ_ERR_SUCCESS) return lost_connection(error_text(error));
  }
  if (accepted) say_farewell();
}

void MqttPublisher::State::send_waiting() {
  while (true) {
    std::optional<MqttMessage> message;
    {
      const std::lock_guard lock(mutex);
      if (in_flight.size() < most_in_flight) message = waiting.pop();
    }
    if (!message) return;
    send(*message, /*retained=*/false);
  }
}

/// The library keeps the message until it is acknowledged, across connections too.
void MqttPublisher::State::send(const MqttMessage& message, bool retained) {
  int number = 0;
  const int error = mosquitto_publish(client, &number, message.topic.c_str(), static_cast<int>(message.payload.size()),
                                      message.payload.data(), at_least_once, retained);
  const bool kept = error == MOSQ_ERR_SUCCESS || error == MOSQ_ERR_NO_CONN || error == MOSQ_ERR_CONN_LOST;
  const std::lock_guard lock(mutex);
  if (kept && !retained) in_flight.insert(number);
}

/// Waits for the socket, for news from publish(), or for time.
void MqttPublisher::State::wait(milliseconds longest) {
  const int socket = mosquitto_socket(client);
  const short events = mosquitto_want_write(client) ? POLLIN | POLLOUT : POLLIN;
  std::array<pollfd, 2> entries = {pollfd{wake_up, POLLIN, 0}, pollfd{socket, events, 0}};
  const auto until = Clock::now() + longest;
  do {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    if (::poll(entries.data(), socket < 0 ? 1 : 2, static_cast<int>(std::max<std::int64_t>(0, left))) < 0) continue;
    std::uint64_t count = 0;
    if (entries[0].revents != 0) (void)!::read(wake_up, &count, sizeof count);
    // A message that comes while nobody is connected does not shorten the pause before the next try.
  } while (socket < 0 && !stopping && Clock::now() < until);
}

void MqttPublisher::State::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(wake_up, &one, sizeof one);
}

void MqttPublisher::State::lost_connection(const std::string& why) {
  if (said.empty() || (said != why && why != error_text(MOSQ_ERR_CONN_LOST))) {
    said = why;
    options.warn(fmt::format("{}: {}; events are kept meanwhile, and it is tried again", target, why));
  }
  const std::lock_guard lock(mutex);
  connected = false;
  reason = said;
}

/// Delivers what waits, as far as there is time, and takes leave.
void MqttPublisher::State::say_farewell() {
  const auto until = Clock::now() + farewell_time;
  const auto all_delivered = [&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == 0 && in_flight.empty();
  };
  const auto go_on = [&] {
    wait(milliseconds(20));
    return mosquitto_loop_read(client, 1) == MOSQ_ERR_SUCCESS && mosquitto_loop_write(client, 1) == MOSQ_ERR_SUCCESS;
  };
  while (!all_delivered() && Clock::now() < until) {
    send_waiting();
    if (!go_on()) return;
  }
  send({status_topic, "offline"}, /*retained=*/true);
  while (mosquitto_want_write(client) && Clock::now() < until) {
    if (!go_on()) return;
  }
  mosquitto_disconnect(client);
}

MqttPublisher::MqttPublisher(const MqttOptions& options) : state_(std::make_shared<State>(options)) {
  std::thread([state = state_] { state->run(); }).detach();  // see the destructor
}

MqttPublisher::~MqttPublisher() {
  state_->stopping = true;
  state_->wake();
  std::unique_lock lock(state_->mutex);
  // A look-up of a name or a connect that hangs cannot be called off: then the thread is left to itself, with its
  // state.
  state_->done.wait_for(lock, longest_farewell, [&] { return state_->ended; });
  const auto left = state_->waiting.size() + state_->in_flight.size();
  lock.unlock();
  if (left > 0) state_->options.warn(fmt::format("{}: {} events could not be delivered", state_->target, left));
}

void MqttPublisher::publish(const std::string& topic, const std::string& message) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->waiting.push({state_->options.address.prefix + "/" + topic, message});
  }
  state_->wake();
}

DeliveryHealth MqttPublisher::health() const {
  const std::lock_guard lock(state_->mutex);
  DeliveryHealth health;
  health.target = state_->target;
  health.connected = state_->connected;
  health.reason = state_->reason;
  health.delivered = state_->delivered;
  health.waiting = static_cast<std::int64_t>(state_->waiting.size() + state_->in_flight.size());
  health.lost = state_->waiting.lost();
  return health;
}

std::unique_ptr<TrackSink> make_mqtt_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                          const EventOptions& options) {
  auto topic = stream.source.name.empty() ? "_" : stream.source.name;
  for (char& letter : topic) {
    const bool plain = letter > ' ' && letter < 127 && letter != '+' && letter != '#' && letter != '/';
    if (!plain) letter = '_';
  }
  const auto publish = [publisher = std::move(publisher), topic = topic + "/events"](const IdentityEvent& event) {
    publisher->publish(topic, to_json(event));
  };
  return make_event_sink(stream, options, publish);
}

}  // namespace onepass
