#include "store/redis/redis_connection.hpp"

#include <hiredis/hiredis.h>

#include <utility>

#include <fmt/format.h>

#include "onepass/temporary_error.hpp"

namespace onepass::store {
namespace {

Endpoint endpoint_of(const RedisOptions& options) {
  return {options.address.host, options.address.port, options.address.tls, options.ca_file};
}

void append(std::string& bytes, const RedisCommand& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  for (const auto& word : command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  char* text = nullptr;
  const int size = redisFormatCommandArgv(&text, static_cast<int>(words.size()), words.data(), lengths.data());
  if (size < 0) throw std::bad_alloc();
  bytes.append(text, static_cast<std::size_t>(size));
  redisFreeCommand(text);
}

RedisReply value_of(const redisReply& reply) {
  RedisReply value;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      value.kind = RedisReply::Kind::number;
      value.number = reply.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      value.kind = reply.type == REDIS_REPLY_ERROR ? RedisReply::Kind::error : RedisReply::Kind::text;
      value.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ARRAY:
      value.kind = RedisReply::Kind::list;
      for (std::size_t i = 0; i < reply.elements; ++i) value.list.push_back(value_of(*reply.element[i]));
      break;
    default:
      break;
  }
  return value;
}

}  // namespace

void rethrow_with_address(const std::exception& error, const std::string& address) {
  const auto message = fmt::format("{}: {}", address, error.what());
  if (dynamic_cast<const TemporaryError*>(&error)) throw TemporaryError(message);
  throw std::runtime_error(message);
}

void require_no_error(const RedisReply& reply, const std::string& user) {
  if (reply.kind != RedisReply::Kind::error) return;
  const auto& text = reply.text;
  if (text.starts_with("WRONGPASS") || text.find("without any password configured") != std::string::npos)
    throw RefusedError(user.empty() ? "wrong password" : fmt::format("wrong user '{}' or password", user));
  if (text.starts_with("NOAUTH")) throw RefusedError("the server requires a password");
  if (text.starts_with("NOPERM")) throw RefusedError("this user may not do what is needed: " + text.substr(7));
  const bool not_ready =
      text.starts_with("LOADING") || text.starts_with("MASTERDOWN") || text.find("max number of clients") != text.npos;
  if (not_ready) throw TemporaryError(text);
  throw std::runtime_error(text);
}

RedisConnection::RedisConnection(const RedisOptions& options, std::chrono::milliseconds timeout)
    : timeout_(timeout),
      user_(options.address.user),
      transport_(endpoint_of(options), std::chrono::steady_clock::now() + timeout),
      reader_(redisReaderCreate(), &redisReaderFree) {
  if (!reader_) throw std::bad_alloc();
  if (options.password.empty() && user_.empty()) {
    run({"PING"});  // tells whether a password is wanted
  } else if (user_.empty()) {
    run({"AUTH", options.password});
  } else {
    run({"AUTH", user_, options.password});
  }
}

RedisConnection::~RedisConnection() = default;

RedisReply RedisConnection::run(const RedisCommand& command) {
  auto reply = std::move(run(std::span(&command, 1)).front());
  require_no_error(reply, user_);
  return reply;
}

std::vector<RedisReply> RedisConnection::run(std::span<const RedisCommand> commands) {
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  std::string bytes;
  for (const auto& command : commands) append(bytes, command);
  transport_.write(bytes, deadline);
  std::vector<RedisReply> replies;
  for (std::size_t i = 0; i < commands.size(); ++i) replies.push_back(read(deadline));
  return replies;
}

RedisReply RedisConnection::read(Deadline deadline) {
  while (true) {
    void* parsed = nullptr;
    if (redisReaderGetReply(reader_.get(), &parsed) != REDIS_OK)
      throw std::runtime_error("this is no Redis server: it does not speak its protocol");
    if (parsed) {
      const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(parsed), &freeReplyObject);
      return value_of(*reply);
    }
    const auto more = transport_.read(deadline);
    if (redisReaderFeed(reader_.get(), more.data(), more.size()) != REDIS_OK) throw std::bad_alloc();
  }
}

}  // namespace onepass::store
