// Simulates the log of identities of a site with many cameras on a real Redis server: writers send the reports of all
// cameras at their real rate, and some whole processes take them in. docs/scale.md explains its figures.
// Usage: site_simulation --redis redis://127.0.0.1:6379/simulation --cameras 10000
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "store/memory/site_exchange.hpp"
#include "track/memory/memory_state.hpp"

namespace {

using onepass::store::RedisCommand;
using onepass::store::RedisConnection;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string redis;
  int cameras = 10'000;
  double people = 5;    // in sight of a camera
  double visit_s = 20;  // of a person at a camera
  int cameras_a_process = 16;
  int capacity = 10'000;  // identities that a process remembers
  int length = 512;       // of an embedding
  double seconds = 10;
  int writers = 2;
  int readers = 2;

  double in_sight() const { return cameras * people; }
  double reports_a_second() const { return 2 * in_sight() / visit_s + in_sight() / onepass::track::refresh_s; }
  int processes() const { return (cameras + cameras_a_process - 1) / cameras_a_process; }
};

onepass::track::IdentityReport any_report(const Options& options, std::mt19937& random) {
  onepass::track::IdentityReport report;
  report.member = 1;
  report.in_sight = random() % 2 == 0;
  report.identity.hits = 100;
  for (int view = 0; view < 2; ++view) {
    onepass::track::CompactEmbedding mean;
    mean.scale = 0.001F;
    for (int i = 0; i < options.length; ++i) mean.values.push_back(static_cast<std::int8_t>(random() % 255 - 127));
    report.identity.views.push_back({std::move(mean), 10});
  }
  return report;
}

/// Different reports, made before time counts: they are sent again under other ids.
std::vector<onepass::track::IdentityReport> some_reports(const Options& options, unsigned seed) {
  constexpr int count = 256;
  std::mt19937 random(seed);
  std::vector<onepass::track::IdentityReport> reports;
  for (int i = 0; i < count; ++i) reports.push_back(any_report(options, random));
  return reports;
}

struct Written {
  std::atomic<std::int64_t> reports = 0;
  std::atomic<std::int64_t> bytes = 0;
};

/// Sends its share of all reports, in batches ten times a second as processes do, each for an identity of this writer.
void write(const Options& options, int number, Clock::time_point end, Written& written) {
  RedisConnection redis({onepass::parse_redis_address(options.redis), "", {}}, std::chrono::seconds(10));
  const onepass::store::SiteKeys keys(onepass::parse_redis_address(options.redis).name);
  auto reports = some_reports(options, static_cast<unsigned>(number));
  std::map<std::int64_t, std::string> entries;
  const double rate = options.reports_a_second() / options.writers;
  const auto mine = static_cast<std::int64_t>(options.in_sight() / options.writers) + 1;
  const auto start = Clock::now();
  std::int64_t sent = 0;
  while (Clock::now() < end) {
    const double passed_s = std::chrono::duration<double>(Clock::now() - start).count();
    std::vector<RedisCommand> commands;
    std::vector<std::int64_t> ids;
    RedisCommand superseded = {"XDEL", keys.log};
    for (; static_cast<double>(sent) < rate * passed_s && ids.size() < 2000; ++sent) {
      const auto id = number * mine + sent % mine + 1;
      RedisCommand command = {"XADD", keys.log, "MAXLEN", "~", std::to_string(2 * options.capacity + 1000), "*"};
      auto& report = reports[static_cast<std::size_t>(sent) % reports.size()];
      report.identity.id = id;
      for (auto& field : onepass::store::fields_of(report)) {
        written.bytes += static_cast<std::int64_t>(field.size());
        command.push_back(std::move(field));
      }
      if (const auto known = entries.find(id); known != entries.end()) superseded.push_back(known->second);
      commands.push_back(std::move(command));
      ids.push_back(id);
    }
    if (superseded.size() > 2) commands.push_back(std::move(superseded));
    if (!commands.empty()) {
      const auto replies = redis.run(commands);
      for (std::size_t i = 0; i < ids.size(); ++i) entries[ids[i]] = replies[i].text;
    }
    written.reports += static_cast<std::int64_t>(ids.size());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

/// One process: its exchange with the site, without cameras.
struct Reader {
  double cpu_s = 0;
  double slowest_exchange_ms = 0;
  double late_s = 0;  ///< from the end of the reports until all were taken in
  std::size_t identities = 0;
};

double cpu_of_thread_s() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void read(const Options& options, Clock::time_point end, Reader& reader) {
  onepass::MemoryConfig config;
  config.capacity = options.capacity;
  const auto memory = std::make_shared<onepass::Memory>(config);
  onepass::MemoryStoreOptions store;
  store.redis.address = onepass::parse_redis_address(options.redis);
  store.space = "simulation";
  onepass::store::SiteExchange site(store, memory);
  site.connect();
  const double before_s = cpu_of_thread_s();
  while (Clock::now() < end) {
    const auto begin = Clock::now();
    site.exchange();
    const double passed_ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    reader.slowest_exchange_ms = std::max(reader.slowest_exchange_ms, passed_ms);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  reader.cpu_s = cpu_of_thread_s() - before_s;
  reader.late_s = std::chrono::duration<double>(Clock::now() - end).count();
  reader.identities = memory->size();
}

double value_in(RedisConnection& redis, const std::string& section, const std::string& key) {
  std::istringstream lines(redis.run(RedisCommand{"INFO", section}).text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1));
  return 0;
}

double server_cpu_s(RedisConnection& redis) {
  return value_in(redis, "cpu", "used_cpu_user") + value_in(redis, "cpu", "used_cpu_sys");
}

void simulate(const Options& options) {
  RedisConnection redis({onepass::parse_redis_address(options.redis), "", {}}, std::chrono::seconds(10));
  const onepass::store::SiteKeys keys(onepass::parse_redis_address(options.redis).name);
  redis.run(
      RedisCommand{"DEL", keys.site, keys.ids, keys.log, keys.erased, keys.present, keys.statistics, keys.separation});
  const double before_s = server_cpu_s(redis);
  const double memory_before = value_in(redis, "memory", "used_memory");
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
  Written written;
  std::vector<Reader> readers(static_cast<std::size_t>(options.readers));
  std::vector<std::thread> threads;
  for (int i = 0; i < options.writers; ++i) threads.emplace_back([&, i] { write(options, i, end, written); });
  for (auto& reader : readers) threads.emplace_back([&] { read(options, end, reader); });
  for (auto& thread : threads) thread.join();
  const double rate = static_cast<double>(written.reports) / options.seconds;
  const double bytes =
      static_cast<double>(written.bytes) / static_cast<double>(std::max<std::int64_t>(written.reports, 1));
  const double server_s = server_cpu_s(redis) - before_s;
  Reader slowest;
  for (const auto& reader : readers) {
    slowest.cpu_s = std::max(slowest.cpu_s, reader.cpu_s);
    slowest.late_s = std::max(slowest.late_s, reader.late_s);
    slowest.slowest_exchange_ms = std::max(slowest.slowest_exchange_ms, reader.slowest_exchange_ms);
    slowest.identities = std::max(slowest.identities, reader.identities);
  }
  fmt::print("cameras {}, people in sight {:.0f}, processes of {} cameras: {}\n", options.cameras, options.in_sight(),
             options.cameras_a_process, options.processes());
  fmt::print("reports wanted {:.0f}/s, written {:.0f}/s of {:.0f} bytes: {:.1f} MB/s to the server\n",
             options.reports_a_second(), rate, bytes, rate * bytes / 1e6);
  fmt::print("server: {:.0f} % of a core for {} writers and {} readers, memory {:.1f} MB\n",
             100 * server_s / options.seconds, options.writers, options.readers,
             (value_in(redis, "memory", "used_memory") - memory_before) / 1e6);
  fmt::print(
      "one process: {:.1f} % of a core to take all in, slowest exchange {:.0f} ms, done {:.1f} s after the end, "
      "{} identities kept\n",
      100 * slowest.cpu_s / options.seconds, slowest.slowest_exchange_ms, slowest.late_s, slowest.identities);
  fmt::print("all processes would read {:.1f} MB/s\n", rate * bytes / 1e6 * options.processes());
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Simulates the log of identities of a site with many cameras");
  app.add_option("--redis", options.redis, "Server, and a site that may be deleted: redis://host[:port]/site")
      ->required();
  app.add_option("--cameras", options.cameras)->capture_default_str()->check(CLI::Range(1, 1'000'000));
  app.add_option("--people", options.people, "In sight of a camera")->capture_default_str();
  app.add_option("--visit", options.visit_s, "Seconds that a person is in sight of a camera")->capture_default_str();
  app.add_option("--cameras-a-process", options.cameras_a_process)->capture_default_str()->check(CLI::Range(1, 1000));
  app.add_option("--capacity", options.capacity, "Identities that a process remembers")->capture_default_str();
  app.add_option("--length", options.length, "Of an embedding")->capture_default_str()->check(CLI::Range(1, 100'000));
  app.add_option("--seconds", options.seconds)->capture_default_str();
  app.add_option("--writers", options.writers, "Connections that stand for all processes")->capture_default_str();
  app.add_option("--readers", options.readers, "Whole processes")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    simulate(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "site_simulation: {}\n", error.what());
    return 1;
  }
}
