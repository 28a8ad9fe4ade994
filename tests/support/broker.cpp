#include "support/broker.hpp"

#include <mosquitto.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "support/wait_until.hpp"

namespace onepass::test {
namespace {

void run(const std::vector<std::string>& command, const std::filesystem::path& log) {
  if (ChildProcess(command, log).wait() != 0) throw std::runtime_error(command.front() + " failed");
}

}  // namespace

Broker::Broker(Guard guard) : port_(free_port()) {
  std::string config = "listener " + std::to_string(port_) + " 127.0.0.1\npersistence false\n";
  if (::geteuid() == 0) config += "user root\n";  // only root can read this folder
  config += guard == Guard::password ? "allow_anonymous false\npassword_file " + (folder_ / "passwords").string() + "\n"
                                     : "allow_anonymous true\n";
  if (guard == Guard::password) {
    folder_.write("passwords", "");
    run({"mosquitto_passwd", "-b", folder_ / "passwords", "camera", "right"}, folder_ / "log");
  }
  if (guard == Guard::tls || guard == Guard::client_certificate) {
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key(), "-out",
         certificate()},
        folder_ / "log");
    config += "certfile " + certificate() + "\nkeyfile " + key() + "\n";
    if (guard == Guard::client_certificate) config += "cafile " + certificate() + "\nrequire_certificate true\n";
  }
  folder_.write("mosquitto.conf", config);
  start();
}

void Broker::start() {
  process_.emplace(std::vector<std::string>{"mosquitto", "-c", folder_ / "mosquitto.conf"}, folder_ / "log");
}

Subscriber::Subscriber(int port) : client_(mosquitto_new(nullptr, true, this)) {
  mosquitto_connect_callback_set(client_,
                                 [](mosquitto* client, void*, int) { mosquitto_subscribe(client, nullptr, "#", 1); });
  mosquitto_subscribe_callback_set(client_, [](mosquitto*, void* self, int, int, const int*) {
    static_cast<Subscriber*>(self)->subscribed_ = true;
  });
  mosquitto_message_callback_set(client_, [](mosquitto*, void* self, const mosquitto_message* message) {
    auto& subscriber = *static_cast<Subscriber*>(self);
    const std::lock_guard lock(subscriber.mutex_);
    subscriber.messages_.push_back(
        {message->topic, {static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen)}});
  });
  // The broker may still be starting.
  wait_until([&] { return mosquitto_connect(client_, "127.0.0.1", port, 60) == MOSQ_ERR_SUCCESS; });
  mosquitto_loop_start(client_);
  wait_until([&] { return subscribed_.load(); });
}

Subscriber::~Subscriber() {
  mosquitto_disconnect(client_);
  mosquitto_loop_stop(client_, false);
  mosquitto_destroy(client_);
}

std::vector<std::string> Subscriber::messages(const std::string& topic) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> payloads;
  for (const auto& message : messages_) {
    if (message.topic == topic) payloads.push_back(message.payload);
  }
  return payloads;
}

}  // namespace onepass::test
