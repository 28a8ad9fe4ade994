#include "store/delivery/kafka_topic.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "store/delivery/links.hpp"

namespace onepass::store {
namespace {

constexpr int connect_ms = 3000;
constexpr const char* delivery_ms = "5000";  // after which a message counts as not delivered

using Configuration = std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)>;

/// Sets a value that may be secret.
void set(rd_kafka_conf_t* configuration, const std::string& key, const std::string& value) {
  std::array<char, 8> ignored{};  // the library's message contains the value
  const auto result = rd_kafka_conf_set(configuration, key.c_str(), value.c_str(), ignored.data(), ignored.size());
  if (result == RD_KAFKA_CONF_UNKNOWN) throw std::runtime_error(fmt::format("librdkafka knows no setting '{}'", key));
  if (result != RD_KAFKA_CONF_OK)
    throw std::runtime_error(fmt::format("librdkafka does not accept the value of '{}'", key));
}

/// Whether a message that got this error will get it again, whatever happens.
bool is_final(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      return true;
    default:
      return false;
  }
}

}  // namespace

KafkaTopic::KafkaTopic(KafkaOptions options)
    : options_(std::move(options)), producer_(nullptr, [](rd_kafka_s* old) {
        rd_kafka_purge(old, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_destroy_flags(old, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
      }) {
  make_producer();
}

KafkaTopic::~KafkaTopic() = default;

void KafkaTopic::make_producer() {
  Configuration configuration(rd_kafka_conf_new(), &rd_kafka_conf_destroy);
  // Idempotence keeps the order when the library sends messages again; all replicas must have a message.
  set(configuration.get(), "bootstrap.servers", options_.brokers);
  set(configuration.get(), "enable.idempotence", "true");
  set(configuration.get(), "message.timeout.ms", delivery_ms);
  set(configuration.get(), "linger.ms", "2");
  set(configuration.get(), "log_level", "0");
  for (const auto& [key, value] : options_.settings) set(configuration.get(), key, value);
  rd_kafka_conf_set_opaque(configuration.get(), this);
  rd_kafka_conf_set_log_cb(configuration.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_error_cb(configuration.get(), [](rd_kafka_t*, int error, const char*, void* self) {
    if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
      static_cast<KafkaTopic*>(self)->set_error(rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(error)));
  });
  rd_kafka_conf_set_dr_msg_cb(configuration.get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    static_cast<KafkaTopic*>(self)->note(*message);
  });
  std::array<char, 256> problem{};
  auto* made = rd_kafka_new(RD_KAFKA_PRODUCER, configuration.get(), problem.data(), problem.size());
  if (!made) throw std::runtime_error("librdkafka does not accept these settings together");
  configuration.release();  // the producer owns it
  producer_.reset(made);
}

void KafkaTopic::open() {
  if (rd_kafka_fatal_error(producer_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) make_producer();
  set_error("");
  const std::unique_ptr<rd_kafka_topic_t, void (*)(rd_kafka_topic_t*)> topic(
      rd_kafka_topic_new(producer_.get(), options_.topic.c_str(), nullptr), &rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* found = nullptr;
  const auto error = rd_kafka_metadata(producer_.get(), /*all_topics=*/0, topic.get(), &found, connect_ms);
  rd_kafka_poll(producer_.get(), 0);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (why().empty()) set_error(rd_kafka_err2str(error));
    throw std::runtime_error(why());
  }
  rd_kafka_metadata_destroy(found);
}

Sent KafkaTopic::deliver(std::span<const sink::Message> messages) {
  send(messages);
  const auto delivered = [this] {
    const auto failed = std::ranges::find_if(outcomes_, [](Outcome outcome) { return outcome != Outcome::delivered; });
    return static_cast<std::size_t>(failed - outcomes_.begin());
  };
  if (const auto count = delivered(); count > 0) return {.delivered = count};
  // A broker refuses batches as a whole: what is wrong with the first message shows when it is alone.
  if (outcomes_.front() == Outcome::refused && messages.size() > 1) send(messages.first(1));
  if (outcomes_.front() == Outcome::refused) return {.refused = 1, .why = why()};
  if (delivered() > 0) return {.delivered = 1};
  throw std::runtime_error(why());
}

void KafkaTopic::send(std::span<const sink::Message> messages) {
  outcomes_.assign(messages.size(), Outcome::unknown);
  for (std::size_t i = 0; i < messages.size(); ++i) produce(messages[i], i);
  await_outcomes();
}

void KafkaTopic::produce(const sink::Message& message, std::size_t number) {
  const auto error = rd_kafka_producev(
      producer_.get(), RD_KAFKA_V_TOPIC(options_.topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_KEY(message.topic.data(), message.topic.size()),
      RD_KAFKA_V_VALUE(const_cast<char*>(message.payload.data()), message.payload.size()),
      RD_KAFKA_V_HEADER("schema", message.schema.data(), static_cast<ssize_t>(message.schema.size())),
      RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(number)), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(number, error);
}

void KafkaTopic::fail(std::size_t number, int error) {
  const auto code = static_cast<rd_kafka_resp_err_t>(error);
  if (number < outcomes_.size()) outcomes_[number] = is_final(code) ? Outcome::refused : Outcome::failed;
  const bool explains = code != RD_KAFKA_RESP_ERR__MSG_TIMED_OUT && code != RD_KAFKA_RESP_ERR__PURGE_QUEUE &&
                        code != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
  if (explains || why().empty()) set_error(rd_kafka_err2str(code));
}

/// Waits for the reports of all messages. After a failure, what waits behind it is taken back, so that the order holds
/// when it is sent again; what was sent before it is still waited for.
void KafkaTopic::await_outcomes() {
  bool taken_back = false;
  while (std::ranges::find(outcomes_, Outcome::unknown) != outcomes_.end()) {
    rd_kafka_poll(producer_.get(), 50);
    const auto first = std::ranges::find_if(outcomes_, [](Outcome outcome) { return outcome != Outcome::delivered; });
    const bool failed = first != outcomes_.end() && *first != Outcome::unknown;
    if (taken_back || !(failed || gives_up_)) continue;
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    taken_back = true;
  }
}

void KafkaTopic::note(const rd_kafka_message_t& message) {
  const auto number = reinterpret_cast<std::size_t>(message._private);
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(number, message.err);
  if (number < outcomes_.size()) outcomes_[number] = Outcome::delivered;
}

std::string KafkaTopic::why() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void KafkaTopic::set_error(const std::string& text) {
  const std::lock_guard lock(mutex_);
  error_ = text;
}

std::unique_ptr<BrokerLink> make_kafka_link(const KafkaOptions& options) {
  return std::make_unique<KafkaTopic>(options);
}

}  // namespace onepass::store
