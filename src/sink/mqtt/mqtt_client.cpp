#include "sink/mqtt/mqtt_client.hpp"

#include <mosquitto.h>

#include <cerrno>
#include <mutex>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace onepass::sink {
namespace {

constexpr const char* system_certificates = "/etc/ssl/certs";

void start_library() {
  static std::once_flag done;
  std::call_once(done, [] { mosquitto_lib_init(); });
}

void trust_certificates(mosquitto* client, const std::string& file) {
  const bool given = !file.empty();
  const int error = mosquitto_tls_set(client, given ? file.c_str() : nullptr, given ? nullptr : system_certificates,
                                      nullptr, nullptr, nullptr);
  if (error != MOSQ_ERR_SUCCESS)
    throw std::runtime_error((given ? file : system_certificates) + ": these certificates cannot be read");
}

}  // namespace

void MqttClientFreed::operator()(mosquitto* client) const { mosquitto_destroy(client); }

MqttClient make_mqtt_client(const MqttOptions& options, void* owner) {
  const auto& address = options.address;
  const auto require = [&](int error, const std::string& what) {
    if (error != MOSQ_ERR_SUCCESS)
      throw std::runtime_error(fmt::format("{}: {}: {}", target_of(address), what, error_text(error)));
  };
  start_library();
  MqttClient client(mosquitto_new(nullptr, /*clean_session=*/true, owner));
  if (!client) throw std::runtime_error(target_of(address) + ": not enough system resources for a connection");
  if (!address.user.empty()) {
    require(mosquitto_username_pw_set(client.get(), address.user.c_str(), options.password.c_str()),
            "user and password");
  }
  if (address.tls) trust_certificates(client.get(), options.ca_file.string());
  const auto topic = status_topic_of(address);
  require(mosquitto_will_set(client.get(), topic.c_str(), 7, "offline", quality_of_service, /*retain=*/true), topic);
  return client;
}

std::string target_of(const MqttAddress& address) {
  return fmt::format("{}://{}:{}", address.tls ? "mqtts" : "mqtt", address.host, address.port);
}

std::string status_topic_of(const MqttAddress& address) { return address.prefix + "/status"; }

std::string error_text(int error) {
  if (error == MOSQ_ERR_ERRNO) return std::generic_category().message(errno);
  if (error == MOSQ_ERR_EAI) return "unknown host";
  if (error == MOSQ_ERR_TLS) return "TLS failed (is the broker's certificate trusted on this machine?)";
  if (error == MOSQ_ERR_CONN_LOST) return "the connection was lost";
  return mosquitto_strerror(error);
}

std::string refusal_text(int code, const std::string& user) {
  if (code != 4 && code != 5) return mosquitto_connack_string(code);
  return user.empty() ? "the broker requires a user and a password" : fmt::format("wrong password for user '{}'", user);
}

}  // namespace onepass::sink
