// Benchmarks the forward pass of several backends in alternating runs, so that other load affects all of them equally:
//   forward_benchmark MODEL.pt HEIGHT WIDTH [--threads N] [--runs N] [--torchscript FILE] [--batch N] [--pause-ms N]
// oneDNN and ATen run MODEL as onepass does, FILE runs as exported; sgemm multiplies 1536×1536 matrices. With --batch,
// ATen also runs N images in one batch; the result shows whether several streams should share a forward pass. Every
// engine runs both with threads that wait asleep and with threads that spin (model::Waiting); --pause-ms is the time
// between two passes.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/script.h>
#include <torch/version.h>
#ifdef ONEPASS_BENCH_ONEDNN
#include <oneapi/dnnl/dnnl.hpp>
#endif

#include "model/graph/architecture.hpp"
#include "model/read/checkpoint.hpp"
#include "model/run/engines.hpp"
#include "model/run/onednn/map_layout.hpp"

namespace {

namespace model = onepass::model;
using model::Waiting;
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
  int batch = 1;
  int pause_ms = 0;
};

Arguments parse(std::vector<std::string> words) {
  if (words.size() < 3)
    throw std::invalid_argument(
        "usage: forward_benchmark MODEL.pt HEIGHT WIDTH [--threads N] [--runs N] [--torchscript FILE] [--batch N] "
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
    else if (words[i] == "--batch")
      result.batch = std::max(std::stoi(words[i + 1]), 1);
    else if (words[i] == "--pause-ms")
      result.pause_ms = std::max(std::stoi(words[i + 1]), 0);
    else
      throw std::invalid_argument("unknown option " + words[i]);
  }
  return result;
}

/// Number of floating-point operations in the convolutions.
double operations_of(const Arguments& arguments) {
  const auto graph = model::read_architecture(model::Checkpoint(arguments.model)).graph;
  const auto shapes = model::infer_shapes(graph, arguments.height, arguments.width);
  double sum = 0;
  for (const auto& step : graph.steps)
    if (const auto* convolution = std::get_if<model::Convolution>(&step.operation))
      sum += 2.0 * static_cast<double>(convolution->weight.numel() * shapes[step.output].cells());
  return sum;
}

struct Contender {
  std::string name;
  Waiting waiting = Waiting::spin;
  double operations = 0;
  std::function<void()> run;
  std::vector<double> times_ms;

  double median_ms() const { return times_ms[times_ms.size() / 2]; }
};

Contender network(const std::string& name, const Arguments& arguments, const model::ComputeOptions& options,
                  int batch = 1) {
  const std::shared_ptr<const model::Executor> executor =
      model::make_executor(model::read_architecture(model::Checkpoint(arguments.model)).graph, {}, options);
  const auto image =
      at::full({batch, 3, arguments.height, arguments.width}, 0.5).contiguous(at::MemoryFormat::ChannelsLast);
  const auto run = [executor, options, image] {
    const model::ComputeScope scope(options);
    executor->run(image);
  };
  return {name, options.waiting, batch * operations_of(arguments), run, {}};
}

Contender export_as_is(const Arguments& arguments) {
  auto module = torch::jit::load(arguments.torchscript);
  module.eval();
  const auto image = at::full({1, 3, arguments.height, arguments.width}, 0.5);
  return {"stock TorchScript",
          Waiting::spin,
          operations_of(arguments),
          [module, image]() mutable {
            const c10::InferenceMode guard;
            module.forward({image});
          },
          {}};
}

#ifdef ONEPASS_BENCH_ONEDNN
Contender product() {
  constexpr std::int64_t side = 1536;
  const auto a = at::ones({side, side}), b = at::ones({side, side});
  const auto c = at::empty({side, side});
  return {"sgemm",
          Waiting::spin,
          2.0 * side * side * side,
          [=] {
            dnnl_sgemm('N', 'N', side, side, side, 1, a.data_ptr<float>(), side, b.data_ptr<float>(), side, 0,
                       c.data_ptr<float>(), side);
          },
          {}};
}
#endif

}  // namespace

int main(int count, char** words) try {
  const auto arguments = parse({words + 1, words + count});
  at::set_num_threads(arguments.threads);
  std::vector<Contender> contenders;
  const auto add = [&](const std::string& name, ExecutorChoice choice, Waiting waiting, int batch = 1) {
    const model::ComputeOptions options{.executor = choice, .threads = arguments.threads, .waiting = waiting};
    contenders.push_back(network(name, arguments, options, batch));
  };
#ifdef ONEPASS_BENCH_ONEDNN
  add("oneDNN", ExecutorChoice::onednn, Waiting::sleep);
  add("oneDNN, spinning", ExecutorChoice::onednn, Waiting::spin);
  contenders.push_back(product());
  fmt::print("oneDNN {}.{}.{}, ", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch);
#endif
  add("ATen", ExecutorChoice::aten, Waiting::sleep);
  add("ATen, spinning", ExecutorChoice::aten, Waiting::spin);
  if (arguments.batch > 1)
    add(fmt::format("ATen, {} at once", arguments.batch), ExecutorChoice::aten, Waiting::sleep, arguments.batch);
  if (!arguments.torchscript.empty()) contenders.push_back(export_as_is(arguments));
  fmt::print("LibTorch {}; {} at {}×{}, {} threads, medians of {} runs in turn\n", TORCH_VERSION, arguments.model,
             arguments.height, arguments.width, arguments.threads, arguments.runs);

  const auto measure = [](const Contender& contender) {
    std::optional<model::SleepingTeam> team;
    if (contender.waiting == Waiting::sleep) team.emplace();
    return milliseconds(contender.run);
  };
  for (auto& contender : contenders) fmt::print("{:18} first run {:7.1f} ms\n", contender.name, measure(contender));
  for (int i = 0; i < arguments.runs; ++i)
    for (auto& contender : contenders) {
      std::this_thread::sleep_for(std::chrono::milliseconds(arguments.pause_ms));
      contender.times_ms.push_back(measure(contender));
    }
  for (auto& contender : contenders) std::ranges::sort(contender.times_ms);
  for (const auto& contender : contenders)
    fmt::print("{:18} median {:7.1f} ms, least {:7.1f} ms, {:4.0f} GFLOP/s, {:.2f}× the time of {}\n", contender.name,
               contender.median_ms(), contender.times_ms.front(), contender.operations / contender.median_ms() / 1e6,
               contender.median_ms() / contenders.front().median_ms(), contenders.front().name);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", words[0], error.what());
  return 1;
}
