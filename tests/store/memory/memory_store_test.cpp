// Memories that share a site in a real Redis server, which the test kills and restarts, and whose cable it cuts.
#include "onepass/memory_store.hpp"

#include <cstdint>
#include <mutex>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/redis_server.hpp"
#include "support/wait_until.hpp"
#include "track/memory/memory_state.hpp"
#include "track/memory/sharing.hpp"
#if ONEPASS_TEST_REDIS
#include "store/memory/report_fields.hpp"
#endif

namespace onepass::store {
namespace {

using test::Cable;
using test::has_redis;
using test::message_of;
using test::no_redis;
using test::RedisServer;
using test::wait_until;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A process with a memory, whose identities the test makes up.
struct Process {
  explicit Process(const RedisOptions& redis, UnreachableStore unreachable = UnreachableStore::refuse,
                   const MemoryConfig& memory_config = {})
      : config(memory_config) {
    options.redis = redis;
    options.space = "a space";
    options.cameras = {"gate"};
    options.unreachable = unreachable;
    options.warn = [this](const std::string& line) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
    };
    join();
  }

  void join() {
    memory = std::make_shared<Memory>(config);
    store.emplace(options, memory);
  }

  std::int64_t next_id() const {
    auto& state = memory->state();
    const std::lock_guard lock(state.mutex);
    return state.next_id();
  }

  /// Remembers an identity, as at the end of its track.
  void remember(std::int64_t id) const {
    auto& state = memory->state();
    const std::lock_guard lock(state.mutex);
    track::RememberedIdentity identity;
    identity.id = id;
    identity.hits = id;  // a full memory drops the first ones
    identity.views.push_back({track::CompactEmbedding(Embedding::Unit(8, id % 8)), 1});
    state.gallery.take(id);
    state.gallery.put(std::move(identity), state.clock_s);
    state.sharing->left.insert(id);
  }

  bool knows(std::int64_t id) const {
    auto& state = memory->state();
    const std::lock_guard lock(state.mutex);
    return state.gallery.find(id) != nullptr;
  }

  bool soon_knows(std::int64_t id) const {
    return wait_until([&] { return knows(id); });
  }

  std::vector<std::string> warnings() {
    const std::lock_guard lock(mutex);
    return lines;
  }

  MemoryConfig config;
  std::mutex mutex;
  std::vector<std::string> lines;
  MemoryStoreOptions options;
  std::shared_ptr<Memory> memory;
  std::optional<MemoryStore> store;  ///< last: destroyed first
};

class Site : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_redis()) GTEST_SKIP() << no_redis;
  }
};

TEST_F(Site, IdentitiesReachTheOtherProcessesAndLaterOnes) {
  const RedisServer server;
  Process gate(server.options("campus"));
  Process yard(server.options("campus"));
  Process elsewhere(server.options("harbor"));
  EXPECT_EQ(gate.next_id(), 1);
  EXPECT_EQ(yard.next_id(), 101);  // ranges of 100
  EXPECT_EQ(elsewhere.next_id(), 1);
  gate.remember(1);
  EXPECT_TRUE(yard.soon_knows(1));
  yard.remember(101);
  EXPECT_TRUE(gate.soon_knows(101));
  const Process late(server.options("campus"));
  EXPECT_TRUE(late.knows(1));
  EXPECT_TRUE(late.knows(101));
  EXPECT_FALSE(elsewhere.knows(1));
  EXPECT_TRUE(gate.store->health().connected);
  EXPECT_TRUE(wait_until([&] { return gate.store->health().delivered == 1; }));
}

TEST_F(Site, AProcessThatEndsReturnsItsIds) {
  const RedisServer server;
  Process first(server.options("campus"));
  EXPECT_EQ(first.next_id(), 1);
  EXPECT_EQ(first.next_id(), 2);
  first.remember(2);
  first.store.reset();
  first.join();
  EXPECT_EQ(first.next_id(), 3);
  EXPECT_TRUE(first.knows(2));
}

TEST_F(Site, TheLogKeepsTheNewestEntryOfAnIdentity) {
  const RedisServer server;
  Process gate(server.options("campus"));
  for (int i = 1; i <= 5; ++i) {
    gate.remember(1);
    EXPECT_TRUE(wait_until([&] { return gate.store->health().delivered == i; }));
  }
  EXPECT_TRUE(wait_until([&] { return server.run({"XLEN", "onepass:{campus}:log"}) == "1\n"; }));
}

TEST_F(Site, TheLogIsBoundedByTheLargestCapacity) {
  const RedisServer server;
  MemoryConfig small, large;
  small.capacity = 100;
  large.capacity = 500;
  Process gate(server.options("campus"), UnreachableStore::refuse, large);
  Process yard(server.options("campus"), UnreachableStore::refuse, small);
  for (std::int64_t id = 1; id <= 3000; ++id) {
    gate.remember(id);
    if (id % large.capacity != 0) continue;
    EXPECT_TRUE(wait_until([&] { return gate.store->health().delivered == id; })) << id;
  }
  const auto length = std::stoi(server.run({"XLEN", "onepass:{campus}:log"}));
  EXPECT_GE(length, 2000) << "twice the largest capacity and 1000";
  EXPECT_LE(length, 2100) << "the server removes whole blocks";
  EXPECT_TRUE(yard.soon_knows(3000));
  EXPECT_EQ(yard.memory->size(), 100U);
  const Process late(server.options("campus"), UnreachableStore::refuse, large);
  EXPECT_EQ(late.memory->size(), 500U);
}

TEST_F(Site, EntriesExpire) {
  const RedisServer server;
  MemoryConfig brief;
  brief.lifetime_s = 1;
  Process gate(server.options("campus"), UnreachableStore::refuse, brief);
  gate.remember(1);
  EXPECT_TRUE(wait_until([&] { return server.run({"XLEN", "onepass:{campus}:log"}) == "1\n"; }));
  EXPECT_TRUE(wait_until([&] {
    Process passing(server.options("campus"), UnreachableStore::refuse, brief);
    passing.store.reset();  // every process removes them at its end, and from time to time
    return server.run({"XLEN", "onepass:{campus}:log"}) == "0\n";
  }));
  const Process late(server.options("campus"), UnreachableStore::refuse, brief);
  EXPECT_FALSE(late.knows(1));
}

TEST_F(Site, NothingIsLostWhileTheServerIsAway) {
  RedisServer server(RedisServer::Kind::on_disk);
  Process gate(server.options("campus"));
  Process yard(server.options("campus"));
  gate.remember(1);
  EXPECT_TRUE(yard.soon_knows(1));
  server.kill();
  EXPECT_TRUE(wait_until([&] { return !gate.store->health().connected && !yard.store->health().connected; }));
  std::set<std::int64_t> ids;
  for (int i = 0; i < 150; ++i) ids.insert({gate.next_id(), yard.next_id()});  // more than the reserves
  EXPECT_EQ(ids.size(), 300U);
  gate.remember(2);
  yard.remember(102);
  server.start();
  EXPECT_TRUE(yard.soon_knows(2));
  EXPECT_TRUE(gate.soon_knows(102));
  EXPECT_TRUE(wait_until([&] { return track::ids_left(*gate.memory) > 0 && track::ids_left(*yard.memory) > 0; }));
  for (int i = 0; i < 50; ++i) ids.insert({gate.next_id(), yard.next_id()});
  EXPECT_EQ(ids.size(), 400U);
  const auto lines = gate.warnings();
  ASSERT_GE(lines.size(), 2U);
  EXPECT_THAT(lines.front(), HasSubstr("/campus: "));
  EXPECT_THAT(lines.front(), HasSubstr("; identities are shared when the connection is back"));
  EXPECT_THAT(lines.back(), HasSubstr("/campus: connected again"));
}

TEST_F(Site, AServerThatHasLostItsDataGetsThemBack) {
  RedisServer server;  // keeps nothing on disk
  Process gate(server.options("campus"));
  Process yard(server.options("campus"));
  gate.remember(1);
  EXPECT_TRUE(yard.soon_knows(1));
  std::set<std::int64_t> ids;
  for (int i = 0; i < 60; ++i) ids.insert({gate.next_id(), yard.next_id()});
  server.kill();
  EXPECT_TRUE(wait_until([&] { return !gate.store->health().connected && !yard.store->health().connected; }));
  gate.store.reset();  // the process that wrote it is gone, too
  server.start();
  EXPECT_TRUE(wait_until([&] { return yard.store->health().connected; }));
  EXPECT_TRUE(wait_until([&] { return server.run({"XLEN", "onepass:{campus}:log"}) == "1\n"; }));
  Process late(server.options("campus"));
  EXPECT_TRUE(late.knows(1));
  for (int i = 0; i < 150; ++i) ids.insert({late.next_id(), yard.next_id()});
  EXPECT_EQ(ids.size(), 420U);
}

TEST_F(Site, ACutCableStopsNothing) {
  const RedisServer server;
  Cable cable(server.port());
  auto redis = server.options("campus");
  Process yard(redis);
  redis.address.port = cable.port();
  Process gate(redis);
  cable.cut();
  gate.remember(1);
  yard.remember(101);
  EXPECT_TRUE(wait_until([&] { return !gate.store->health().connected; }));
  EXPECT_THAT(gate.store->health().reason, HasSubstr("no answer in time"));
  EXPECT_FALSE(yard.knows(1));
  cable.mend();
  EXPECT_TRUE(yard.soon_knows(1));
  EXPECT_TRUE(gate.soon_knows(101));
}

TEST_F(Site, ErasesAnIdentityInAllProcesses) {
  const RedisServer server;
  Process gate(server.options("campus"));
  Process yard(server.options("campus"));
  gate.remember(1);
  gate.remember(2);
  EXPECT_TRUE(yard.soon_knows(1) && yard.soon_knows(2));
  EXPECT_EQ(erase_identity(server.options("campus"), 1), 1);
  EXPECT_TRUE(wait_until([&] { return !gate.knows(1) && !yard.knows(1); }));
  gate.remember(1);  // an old report that was on its way
  gate.remember(3);
  EXPECT_TRUE(yard.soon_knows(3));
  EXPECT_FALSE(yard.knows(1));
  EXPECT_TRUE(wait_until([&] {
    return server.run({"XRANGE", "onepass:{campus}:log", "-", "+"}).find("look") != std::string::npos &&
           server.run({"XLEN", "onepass:{campus}:log"}) == "3\n";  // two identities, and the erasure
  }));
  const Process late(server.options("campus"));
  EXPECT_FALSE(late.knows(1));
  EXPECT_TRUE(late.knows(2));
  EXPECT_THAT(message_of([&] { erase_identity(server.options("nowhere"), 1); }), HasSubstr("there is no such site"));
}

TEST_F(Site, StatisticsOfACameraTravel) {
  const RedisServer server;
  LayerStatistics layer;
  layer.count = 5;
  layer.products = Eigen::Matrix3Xd::Ones(3, 2);
  layer.variance = Eigen::VectorXf::Ones(2);
  {
    Process gate(server.options("campus"));
    EXPECT_TRUE(gate.store->statistics("gate").empty());
    {
      auto& state = gate.memory->state();
      const std::lock_guard lock(state.mutex);
      state.separation = {70, 0.1, 0.01, 0.5, 0.01};
    }
    gate.store->keep_statistics("gate", {layer});
  }
  const Process next(server.options("campus"));
  ASSERT_EQ(next.store->statistics("gate").size(), 1U);
  EXPECT_EQ(next.store->statistics("gate")[0].count, 5);
  EXPECT_TRUE(next.store->statistics("yard").empty());
  EXPECT_EQ(next.memory->state().separation.samples, 70);
}

TEST_F(Site, RefusesEmbeddingsOfAnotherSpace) {
  const RedisServer server;
  Process gate(server.options("campus"));
  gate.store.reset();
  gate.options.space = "another space";
  EXPECT_THAT(
      message_of([&] { gate.join(); }),
      HasSubstr("/campus: this site has embeddings of another kind: a space; those of this run are another space"));
  server.run({"HSET", "onepass:{campus}:site", "version", "2"});
  gate.options.space = "a space";
  EXPECT_THAT(message_of([&] { gate.join(); }), HasSubstr("this site has version 2, this program reads version 1"));
}

TEST_F(Site, RefusesAWrongPasswordAndDoesNotShowIt) {
  const RedisServer server(RedisServer::Kind::password);
  auto redis = server.options("campus");
  EXPECT_THAT(message_of([&] { Process gate(redis, UnreachableStore::go_on); }),
              HasSubstr("/campus: the server requires a password"));
  redis.password = "secret-but-wrong";
  const auto message = message_of([&] { Process gate(redis, UnreachableStore::go_on); });
  EXPECT_THAT(message, HasSubstr("wrong password"));
  EXPECT_THAT(message, Not(HasSubstr("secret")));
  redis.password = "right";
  EXPECT_TRUE(Process(redis).store->health().connected);
}

TEST_F(Site, SpeaksTlsToServersItTrusts) {
  const RedisServer server(RedisServer::Kind::tls);
  auto redis = server.options("campus");
  EXPECT_TRUE(Process(redis).store->health().connected);
  redis.ca_file.clear();  // the system does not know this certificate
  EXPECT_THAT(message_of([&] { Process gate(redis); }), HasSubstr("TLS failed"));
  redis.ca_file = "/no/such/file.pem";
  EXPECT_THAT(message_of([&] { Process gate(redis); }),
              HasSubstr("/no/such/file.pem: these certificates cannot be read"));
}

TEST_F(Site, RefusesImpossibleNumbers) {
  const RedisServer server;
  server.run({"HSET", "onepass:{mall}:site", "version", "1", "space", "a space", "epoch", "1", "capacity",
              "4611686018427387904"});
  EXPECT_THAT(message_of([&] { Process gate(server.options("mall")); }),
              HasSubstr("/mall: the server tells an impossible number, '4611686018427387904'"));
  Process gate(server.options("campus"));
  server.run({"SET", "onepass:{campus}:ids", "9007199254740993"});  // 2^53 + 1
  EXPECT_TRUE(wait_until([&] { return !gate.store->health().connected; }));
  EXPECT_THAT(gate.store->health().reason, HasSubstr("impossible number, '9007199254740993'"));
  const Process yard(server.options("campus"), UnreachableStore::go_on);
  EXPECT_GE(yard.next_id(), track::IdSupply::first_drawn) << "nothing was reserved";
  server.run({"SET", "onepass:{campus}:ids", "1000"});
  EXPECT_TRUE(wait_until([&] { return gate.store->health().connected; }));
}

#if ONEPASS_TEST_REDIS
TEST(NumberInAReply, IsFromZeroToTwoToThe53) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::number;
  for (const std::int64_t possible : {std::int64_t{0}, std::int64_t{9007199254740992}}) {
    reply.number = possible;
    EXPECT_EQ(number_in(reply), possible);
    EXPECT_EQ(number_in(std::to_string(possible)), possible);
  }
  // A reply of INCRBY, whose range would end behind the largest number.
  for (const std::int64_t impossible : {std::int64_t{-1}, std::int64_t{9007199254740993}, INT64_MAX}) {
    reply.number = impossible;
    EXPECT_THROW(number_in(reply), std::invalid_argument);
    EXPECT_THROW(number_in(std::to_string(impossible)), std::invalid_argument);
  }
  for (const char* text : {"", "1x", "9223372036854775808"}) EXPECT_THROW(number_in(text), std::invalid_argument);
}

TEST(LogEntry, WithAnImpossibleIdIsIgnored) {
  const auto entry_of = [](std::int64_t id) {
    RedisReply fields;
    fields.kind = RedisReply::Kind::list;
    for (const auto& word : erasure_fields(id)) {
      RedisReply reply;
      reply.kind = RedisReply::Kind::text;
      reply.text = word;
      fields.list.push_back(std::move(reply));
    }
    RedisReply entry;
    entry.kind = RedisReply::Kind::list;
    entry.list.resize(1);
    entry.list.front().text = "1-0";
    entry.list.push_back(std::move(fields));
    return read_entry(entry);
  };
  ASSERT_TRUE(entry_of(9007199254740992));
  EXPECT_EQ(entry_of(9007199254740992)->id, 9007199254740992);
  EXPECT_FALSE(entry_of(9007199254740993));
}
#endif

TEST_F(Site, GoesOnWithoutAServerUnlessItIsRequired) {
  RedisOptions redis;
  redis.address.host = "127.0.0.1";
  redis.address.port = test::free_port();
  redis.address.name = "campus";
  EXPECT_THAT(message_of([&] { Process gate(redis); }), HasSubstr("/campus: Connection refused"));
  Process gate(redis, UnreachableStore::go_on);
  EXPECT_THAT(gate.warnings(), ElementsAre(HasSubstr("Connection refused; identities are shared when")));
  EXPECT_GE(gate.next_id(), track::IdSupply::first_drawn);
}

}  // namespace
}  // namespace onepass::store
