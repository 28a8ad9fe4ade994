// Simulates the log of identities of a site with many cameras on a real Redis server: writers send the reports of all
// cameras at their real rate, some whole processes take them in, one joins late, and listeners read as much as all
// other processes would, but throw it away. docs/scale.md explains its figures. Usage: site_simulation --redis
// redis://127.0.0.1:6379/simulation --cameras 10000
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "simulated_site.hpp"
#include "store/memory/site_exchange.hpp"

namespace {

using onepass::store::RedisCommand;
using onepass::store::RedisConnection;
using Clock = std::chrono::steady_clock;
using Options = onepass::bench::SiteSize;

struct Written {
  std::atomic<std::int64_t> reports = 0;
  std::atomic<std::int64_t> bytes = 0;
};

/// Sends its share of all reports, in batches ten times a second as processes do, each for an identity of this writer.
void write(const Options& options, int number, Clock::time_point end, Written& written) {
  RedisConnection redis({onepass::parse_redis_address(options.redis), "", {}}, std::chrono::seconds(10));
  const onepass::store::SiteKeys keys(onepass::parse_redis_address(options.redis).name);
  auto reports = onepass::bench::some_reports(options, static_cast<unsigned>(number));
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
  double join_s = 0;  ///< until it knew what the site knows
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
  const auto start = Clock::now();
  site.connect();
  reader.join_s = std::chrono::duration<double>(Clock::now() - start).count();
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

/// Reads what a process reads, ten times a second, without taking it in.
void listen(const Options& options, Clock::time_point end, std::atomic<std::int64_t>& entries) {
  RedisConnection redis({onepass::parse_redis_address(options.redis), "", {}}, std::chrono::seconds(10));
  const onepass::store::SiteKeys keys(onepass::parse_redis_address(options.redis).name);
  std::string position = "0-0";
  while (Clock::now() < end) {
    const auto reply = redis.run(RedisCommand{"XREAD", "COUNT", "2000", "STREAMS", keys.log, position});
    const bool news = !reply.list.empty();
    if (news) {
      const auto& read = reply.list.at(0).list.at(1).list;
      position = read.back().list.at(0).text;
      entries += static_cast<std::int64_t>(read.size());
      if (read.size() == 2000) continue;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
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

/// What a run has shown.
struct Outcome {
  Written written;
  std::atomic<std::int64_t> heard = 0;  ///< entries that all listeners have read
  std::vector<Reader> readers;
  Reader late;
};

/// The worst of several processes.
Reader worst_of(const std::vector<Reader>& readers) {
  Reader worst;
  for (const auto& reader : readers) {
    worst.cpu_s = std::max(worst.cpu_s, reader.cpu_s);
    worst.late_s = std::max(worst.late_s, reader.late_s);
    worst.slowest_exchange_ms = std::max(worst.slowest_exchange_ms, reader.slowest_exchange_ms);
    worst.identities = std::max(worst.identities, reader.identities);
  }
  return worst;
}

/// @param server_s, server_bytes what the run has cost the server
void report(const Options& options, const Outcome& outcome, double server_s, double server_bytes) {
  const auto reports = static_cast<double>(std::max<std::int64_t>(outcome.written.reports, 1));
  const double rate = reports / options.seconds;
  const double bytes = static_cast<double>(outcome.written.bytes) / reports;
  const double heard = static_cast<double>(outcome.heard) / reports / std::max(1, options.listeners);
  const auto worst = worst_of(outcome.readers);
  fmt::print("cameras {}, people in sight {:.0f}, processes of {} cameras: {}\n", options.cameras, options.in_sight(),
             options.cameras_a_process, options.processes());
  fmt::print("reports wanted {:.0f}/s, written {:.0f}/s of {:.0f} bytes: {:.1f} MB/s to the server\n",
             options.reports_a_second(), rate, bytes, rate * bytes / 1e6);
  fmt::print("server: {:.0f} % of a core, {:.1f} MB; {} writers, {} readers, {} listeners who heard {:.0f} % of all\n",
             100 * server_s / options.seconds, server_bytes / 1e6, options.writers, options.readers, options.listeners,
             100 * heard);
  fmt::print(
      "one process: {:.1f} % of a core to take all in, slowest exchange {:.0f} ms, done {:.1f} s after the end, "
      "{} identities kept\n",
      100 * worst.cpu_s / options.seconds, worst.slowest_exchange_ms, worst.late_s, worst.identities);
  fmt::print("a process that joined in the last quarter knew {} identities after {:.2f} s\n", outcome.late.identities,
             outcome.late.join_s);
  fmt::print("all processes would read {:.1f} MB/s\n", rate * bytes / 1e6 * options.processes());
}

void simulate(const Options& options) {
  RedisConnection redis({onepass::parse_redis_address(options.redis), "", {}}, std::chrono::seconds(10));
  const onepass::store::SiteKeys keys(onepass::parse_redis_address(options.redis).name);
  redis.run(
      RedisCommand{"DEL", keys.site, keys.ids, keys.log, keys.erased, keys.present, keys.statistics, keys.separation});
  const double before_s = server_cpu_s(redis);
  const double memory_before = value_in(redis, "memory", "used_memory");
  const auto ticks = [](double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  };
  const auto end = Clock::now() + ticks(options.seconds);
  Outcome outcome;
  outcome.readers.resize(static_cast<std::size_t>(options.readers));
  std::vector<std::thread> threads;
  for (int i = 0; i < options.writers; ++i) threads.emplace_back([&, i] { write(options, i, end, outcome.written); });
  for (auto& reader : outcome.readers) threads.emplace_back([&] { read(options, end, reader); });
  for (int i = 0; i < options.listeners; ++i) threads.emplace_back([&] { listen(options, end, outcome.heard); });
  threads.emplace_back([&] {
    std::this_thread::sleep_until(end - ticks(options.seconds / 4));
    read(options, end, outcome.late);
  });
  for (auto& thread : threads) thread.join();
  report(options, outcome, server_cpu_s(redis) - before_s, value_in(redis, "memory", "used_memory") - memory_before);
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
  app.add_option("--listeners", options.listeners, "Connections that read as processes do, and keep nothing")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    simulate(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "site_simulation: {}\n", error.what());
    return 1;
  }
}
