#include "onepass/memory_store.hpp"

#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "store/background.hpp"
#include "store/memory/site_exchange.hpp"
#include "track/memory/identity_bytes.hpp"

namespace onepass {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds period{100};
constexpr milliseconds longest_pause{1000};
constexpr milliseconds longest_leave{1800};

}  // namespace

struct MemoryStore::State {
  State(const MemoryStoreOptions& given, std::shared_ptr<Memory> memory)
      : options(given), target(to_text(given.redis.address)), site(given, std::move(memory)) {}

  void join();
  void run(store::Pace& pace);
  void step(store::Pace& pace, store::Pause& pause);
  void set_away(const std::string& why);
  void set_connected();
  void update_health();
  void warn(const std::string& line);

  const MemoryStoreOptions options;
  const std::string target;
  store::SiteExchange site;                   ///< used by the thread, and before it starts
  std::map<std::string, std::string> loaded;  ///< statistics at the start
  bool linked = false;                        ///< the site is joined; as `site`

  mutable std::mutex mutex;  ///< protects the members below
  DeliveryHealth health;
  std::map<std::string, std::string> new_statistics;  ///< for the thread

  std::mutex warning_mutex;
  bool muted = false;  ///< no more warnings; protected by warning_mutex
  std::optional<store::Background> background;
};

void MemoryStore::State::warn(const std::string& line) {
  const std::lock_guard lock(warning_mutex);
  if (!muted) options.warn(line);
}

void MemoryStore::State::set_away(const std::string& why) {
  linked = false;
  site.disconnect();
  {
    const std::lock_guard lock(mutex);
    health.connected = false;
    if (std::exchange(health.reason, why) == why) return;  // it has been told
  }
  warn(fmt::format("{}: {}; identities are shared when the connection is back", target, why));
}

void MemoryStore::State::set_connected() {
  linked = true;
  bool was_away = false;
  {
    const std::lock_guard lock(mutex);
    health.connected = true;
    was_away = !std::exchange(health.reason, "").empty();
  }
  if (was_away) warn(target + ": connected again");
}

void MemoryStore::State::update_health() {
  const std::lock_guard lock(mutex);
  health.delivered = site.told();
  health.waiting = site.waiting();
  health.lost = site.lost();
  for (auto& [camera, bytes] : std::exchange(new_statistics, {})) site.keep_statistics(camera, std::move(bytes));
}

/// Joins the site at the start.
void MemoryStore::State::join() {
  try {
    site.connect();
    site.exchange();
    set_connected();
  } catch (const store::RefusedError& error) {
    store::rethrow_with_address(error, target);
  } catch (const std::exception& error) {
    if (options.unreachable == UnreachableStore::refuse) store::rethrow_with_address(error, target);
    set_away(error.what());
  }
  loaded = site.loaded_statistics();
  update_health();
}

void MemoryStore::State::step(store::Pace& pace, store::Pause& pause) {
  try {
    if (!linked) {
      site.connect();
      set_connected();
      pause.reset();
    }
    site.exchange();
    pace.wait(period);
  } catch (const std::exception& error) {
    set_away(error.what());
    site.collect();
    pace.wait(pause.next());
  }
}

void MemoryStore::State::run(store::Pace& pace) {
  store::Pause pause(longest_pause);
  while (!pace.stopping()) {
    step(pace, pause);
    update_health();
  }
  update_health();  // takes the last statistics
  try {
    if (linked) site.leave();
  } catch (const std::exception& error) {
    set_away(error.what());
  }
  update_health();
}

MemoryStore::MemoryStore(const MemoryStoreOptions& options, std::shared_ptr<Memory> memory)
    : state_(std::make_shared<State>(options, std::move(memory))) {
  state_->health.target = state_->target;
  state_->join();
  state_->background.emplace([state = state_](store::Pace& pace) { state->run(pace); });
}

MemoryStore::~MemoryStore() {
  state_->background->stop(longest_leave);
  if (const auto left = health().waiting; left > 0)
    state_->warn(fmt::format("{}: {} identities could not be told to other processes", state_->target, left));
  const std::lock_guard lock(state_->warning_mutex);
  state_->muted = true;
}

EmbeddingStatistics MemoryStore::statistics(const std::string& camera) const {
  const auto found = state_->loaded.find(camera);
  if (found == state_->loaded.end()) return {};
  track::ByteReader reader(found->second);
  try {
    return track::read_statistics(reader);
  } catch (const std::invalid_argument&) {
    throw std::runtime_error(fmt::format("{}: the statistics of camera {} are damaged", state_->target, camera));
  }
}

void MemoryStore::keep_statistics(const std::string& camera, const EmbeddingStatistics& statistics) {
  track::ByteWriter writer;
  track::write(writer, statistics);
  const std::lock_guard lock(state_->mutex);
  state_->new_statistics[camera] = writer.bytes();
}

DeliveryHealth MemoryStore::health() const {
  const std::lock_guard lock(state_->mutex);
  return state_->health;
}

}  // namespace onepass
