// Benchmarks the forward pass of every engine and precision in alternating runs, so that other load affects all of them
// equally:
//   forward_benchmark MODEL HEIGHT WIDTH [--threads N] [--runs N] [--torchscript FILE] [--pause-ms N]
// All engines run MODEL as onepass does; FILE also runs as exported. LibTorch's engine runs both with threads that wait
// asleep and with threads that spin (model::Waiting); --pause-ms is the time between two passes.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/script.h>
#include <torch/version.h>

#include "onepass/setting_error.hpp"

#include "model/load_network.hpp"

namespace {

namespace model = onepass::model;
using onepass::ExecutorChoice;
using Clock = std::chrono::steady_clock;

double milliseconds(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Arguments {
  std::string model;
  int height = 0;
  int width = 0;
  int threads = 2;
  int runs = 15;
  std::string torchscript;
  int pause_ms = 0;
};

Arguments parse(std::vector<std::string> words) {
  if (words.size() < 3)
    throw std::invalid_argument(
        "usage: forward_benchmark MODEL HEIGHT WIDTH [--threads N] [--runs N] [--torchscript FILE] "
        "[--pause-ms N]");
  Arguments result;
  result.model = words[0];
  result.height = std::stoi(words[1]);
  result.width = std::stoi(words[2]);
  for (std::size_t i = 3; i + 1 < words.size(); i += 2) {
    if (words[i] == "--threads")
      result.threads = std::stoi(words[i + 1]);
    else if (words[i] == "--runs")
      result.runs = std::max(std::stoi(words[i + 1]), 1);
    else if (words[i] == "--torchscript")
      result.torchscript = words[i + 1];
    else if (words[i] == "--pause-ms")
      result.pause_ms = std::max(std::stoi(words[i + 1]), 0);
    else
      throw std::invalid_argument("unknown option " + words[i]);
  }
  return result;
}

struct Contender {
  std::string name;
  std::function<void()> run;
  std::vector<double> times_ms;

  double median_ms() const { return times_ms[times_ms.size() / 2]; }
};

Contender network(const std::string& name, const Arguments& arguments, const model::ComputeOptions& options) {
  const auto loaded =
      std::make_shared<const model::Network>(model::load_network(arguments.model, model::no_taps, options));
  const auto image = model::Tensor::filled({1, arguments.height, arguments.width, 3}, 0.5F);
  return {name, [loaded, image] { loaded->run(image); }, {}};
}

Contender export_as_is(const Arguments& arguments) {
  auto module = torch::jit::load(arguments.torchscript);
  module.eval();
  const auto image = at::full({1, 3, arguments.height, arguments.width}, 0.5);
  const auto run = [module, image]() mutable {
    const c10::InferenceMode guard;
    module.forward({image});
  };
  return {"stock TorchScript", run, {}};
}

}  // namespace

int main(int count, char** words) try {
  const auto arguments = parse({words + 1, words + count});
  at::set_num_threads(arguments.threads);
  std::vector<Contender> contenders;
  const auto add = [&](const std::string& name, model::ComputeOptions options) {
    options.threads = arguments.threads;
    try {
      contenders.push_back(network(name, arguments, options));
    } catch (const onepass::SettingError& error) {
      fmt::print("{}: {}\n", name, error.message());
    }
  };
  using onepass::Precision;
  add("OpenVINO, f32", {.executor = ExecutorChoice::openvino, .precision = Precision::f32});
  add("OpenVINO, bf16", {.executor = ExecutorChoice::openvino, .precision = Precision::bf16});
  add("ATen", {.executor = ExecutorChoice::aten});
  add("ATen, spinning", {.executor = ExecutorChoice::aten, .waiting = model::Waiting::spin});
  if (!arguments.torchscript.empty()) contenders.push_back(export_as_is(arguments));
  fmt::print("LibTorch {}; {} at {}×{}, {} threads, medians of {} runs in turn\n", TORCH_VERSION, arguments.model,
             arguments.height, arguments.width, arguments.threads, arguments.runs);

  for (auto& contender : contenders)
    fmt::print("{:18} first run {:7.1f} ms\n", contender.name, milliseconds(contender.run));
  for (int i = 0; i < arguments.runs; ++i)
    for (auto& contender : contenders) {
      std::this_thread::sleep_for(std::chrono::milliseconds(arguments.pause_ms));
      contender.times_ms.push_back(milliseconds(contender.run));
    }
  for (auto& contender : contenders) std::ranges::sort(contender.times_ms);
  for (const auto& contender : contenders)
    fmt::print("{:18} median {:7.1f} ms, least {:7.1f} ms, {:.2f}× the time of {}\n", contender.name,
               contender.median_ms(), contender.times_ms.front(),
               contender.median_ms() / contenders.front().median_ms(), contenders.front().name);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", words[0], error.what());
  return 1;
}
