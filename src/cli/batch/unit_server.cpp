#include "cli/batch/unit_server.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/batch/batch_runner.hpp"
#include "cli/batch/unit_list.hpp"
#include "cli/errors.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "io/line_reader.hpp"
#include "io/output_file.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::cli {
namespace {

/// Reads lines from standard input without missing a stop signal in between.
class InputLines {
 public:
  explicit InputLines(const StopSignal& stop) : stop_(stop) {}

  /// Returns the next line that is not empty; nullopt at the end or when stopped. Thread-safe.
  std::optional<std::string> next() {
    const std::lock_guard lock(mutex_);
    while (true) {
      const auto end = buffer_.find('\n');
      if (end == std::string::npos && fill()) continue;
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end == std::string::npos ? end : end + 1);
      if (const auto trimmed = io::trimmed(line); !trimmed.empty()) return std::string(trimmed);
      if (end == std::string::npos) return std::nullopt;
    }
  }

 private:
  /// Reads more; false at the end.
  bool fill() {
    constexpr int patience_ms = 200;
    constexpr std::size_t longest = 1 << 20;
    while (!ended_ && !stop_.received()) {
      pollfd readable{STDIN_FILENO, POLLIN, 0};
      if (::poll(&readable, 1, patience_ms) <= 0) continue;
      std::array<char, 4096> bytes{};
      const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
      if (count > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(count));
      ended_ = count == 0;
      if (buffer_.size() > longest) throw std::runtime_error("standard input: a line is longer than 1 MiB");
      return !ended_;
    }
    if (stop_.received()) buffer_.clear();
    return false;
  }

  const StopSignal& stop_;
  std::mutex mutex_;
  std::string buffer_;
  bool ended_ = false;
};

std::string line_of(const batch::Unit& unit, const UnitResult& result, const std::string& manifest) {
  nlohmann::ordered_json json{{"unit", unit.name}};
  if (unit.piece) json["piece"] = unit.piece->number;
  json["state"] = to_string(result.state);
  json["exit_code"] = result.exit_code;
  json["message"] = result.message;
  json["frames"] = result.statistics.frames;
  json["identities"] = result.statistics.identities;
  json["seconds"] = result.statistics.total_s;
  json["manifest"] = manifest;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

class Server {
 public:
  Server(const TrackOptions& options, UnitRunner& runner, const std::vector<std::string>& inputs,
         const StopSignal& stop)
      : options_(options),
        runner_(runner),
        inputs_(inputs),
        stop_(stop),
        lines_(stop),
        output_(io::OutputFile::standard_output()),
        detections_(options) {}

  /// Tracks units until there are no more; several threads may call this.
  void work() {
    while (const auto line = lines_.next()) serve(*line);
  }

  void finish() {
    output_.close();
    rethrow(failures_, count_);
  }

 private:
  void serve(const std::string& line) {
    batch::Unit unit{.name = "", .source = line};
    UnitFiles files;
    UnitResult result;
    try {
      unit = read_unit(line, "standard input");
      check(unit);
      files = plan_files(options_, {unit.name}, inputs_).front();
      if (unit.piece) files = files_of_piece(files, *unit.piece);
      result = runner_.run(
          unit, files,
          {.stop = [this] { return stop_.received(); }, .progress = [](const auto&) {}, .warn = print_warning});
    } catch (const std::exception& error) {
      result = {.state = UnitState::failed, .exit_code = exit_code_of(error), .message = message_of(error)};
    }
    const std::lock_guard lock(mutex_);
    ++count_;
    if (result.state == UnitState::failed) failures_.add(unit.name, result.exit_code, result.message);
    output_.write(line_of(unit, result, files.manifest));
    output_.flush();
  }

  void check(const batch::Unit& unit) {
    const std::lock_guard lock(mutex_);
    detections_.check(unit);
  }

  const TrackOptions& options_;
  UnitRunner& runner_;
  const std::vector<std::string>& inputs_;
  const StopSignal& stop_;
  InputLines lines_;
  std::mutex mutex_;
  io::OutputFile output_;
  DetectionsCheck detections_;
  Failures failures_;
  std::size_t count_ = 0;
};

}  // namespace

void serve_units(const TrackOptions& options, UnitRunner& runner, const std::vector<std::string>& inputs,
                 const StopSignal& stop) {
  require_folders(options);
  Server server(options, runner, inputs, stop);
  pipeline::FirstError error;
  std::mutex mutex;
  const auto work = [&] {
    try {
      server.work();
    } catch (const ModelError& fatal) {
      const std::lock_guard lock(mutex);
      error.attempt([&] { std::rethrow_exception(fatal.error); });
    } catch (...) {
      const std::lock_guard lock(mutex);
      error.attempt([] { throw; });
    }
  };
  std::vector<std::jthread> others;
  for (int i = 1; i < options.batch.jobs; ++i) others.emplace_back(work);
  work();
  others.clear();  // joins the threads
  error.rethrow();
  if (stop.received()) throw Interrupted("interrupted; finished units have a manifest");
  server.finish();
}

}  // namespace onepass::cli
