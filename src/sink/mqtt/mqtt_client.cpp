#include "sink/mqtt/mqtt_client.hpp"

#include <mosquitto.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "onepass/setting_error.hpp"

namespace onepass::sink {
namespace {

constexpr const char* system_certificates = "/etc/ssl/certs";

void start_library() {
  static std::once_flag done;
  std::call_once(done, [] { mosquitto_lib_init(); });
}

/// Null for an empty path, as libmosquitto expects it.
const char* or_null(const std::filesystem::path& path) { return path.empty() ? nullptr : path.c_str(); }

/// @throws std::runtime_error naming the file if it is given and cannot be read.
void require_readable(const std::filesystem::path& file, const char* what) {
  if (!file.empty() && !std::ifstream(file)) throw std::runtime_error(file.string() + ": " + what + " cannot be read");
}

/// libmosquitto reads the certificates when it connects, and checks the name in the broker's certificate.
void use_tls(mosquitto* client, const MqttOptions& options) {
  if (options.certificate_file.empty() != options.key_file.empty())
    throw SettingError("mqtt_key_file", "a client's certificate and its private key must be given together");
  require_readable(options.ca_file, "these certificates");
  require_readable(options.certificate_file, "this certificate");
  require_readable(options.key_file, "this private key");
  const auto refuse_passphrase = [](char*, int, int, void*) { return 0; };  // OpenSSL would ask on the terminal
  const int error =
      mosquitto_tls_set(client, or_null(options.ca_file), options.ca_file.empty() ? system_certificates : nullptr,
                        or_null(options.certificate_file), or_null(options.key_file), refuse_passphrase);
  if (error != MOSQ_ERR_SUCCESS)
    throw std::runtime_error((options.ca_file.empty() ? system_certificates : options.ca_file.string()) +
                             ": these certificates cannot be read");
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
  if (address.tls) use_tls(client.get(), options);
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
  if (error == MOSQ_ERR_TLS)
    return "TLS failed (is the broker's certificate trusted on this machine, and does it accept this client?)";
  if (error == MOSQ_ERR_CONN_LOST) return "the connection was lost";
  return mosquitto_strerror(error);
}

std::string refusal_text(int code, const std::string& user) {
  if (code != 4 && code != 5) return mosquitto_connack_string(code);
  return user.empty() ? "the broker requires a user and a password" : fmt::format("wrong password for user '{}'", user);
}

}  // namespace onepass::sink
