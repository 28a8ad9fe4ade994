#include "model/run/openvino/openvino_executor.hpp"

#include <algorithm>
#include <cstdlib>
#include <list>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>
#include <openvino/runtime/core.hpp>

#include "model/run/openvino/openvino_graph.hpp"
#include "model/run/openvino/quantization.hpp"

namespace onepass::model {
namespace {

using ImageShape = std::pair<std::int64_t, std::int64_t>;  ///< height, width

struct Compiled {
  ImageShape shape;
  ov::InferRequest request;
};

/// bf16 on processors with instructions for it (AMX, AVX512-BF16), where it is up to three times as fast as f32;
/// elsewhere it is slower. ONEDNN_MAX_CPU_ISA limits the instructions that OpenVINO's kernels use.
ov::element::Type fastest_precision(ov::Core& core) {
  const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
  const std::string_view allowed = limit ? limit : "ALL";
  const auto names = {"ALL", "DEFAULT", "AMX", "BF16", "FP16"};
  const bool limited =
      std::ranges::none_of(names, [&](const char* name) { return allowed.find(name) != allowed.npos; });
  return limited ? ov::element::f32 : core.get_property("CPU", ov::hint::inference_precision);
}

ov::element::Type element_type(Precision precision, ov::Core& core) {
  if (precision == Precision::f32) return ov::element::f32;
  return precision == Precision::bf16 ? ov::element::bf16 : fastest_precision(core);
}

bool computes_in_int8(const EngineOptions& options) {
  const bool allowed = options.precision == Precision::automatic || options.precision == Precision::int8;
  return allowed && !options.ranges.empty();
}

ov::AnyMap properties(const EngineOptions& options, ov::Core& core) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return {ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY), ov::num_streams(1),
          ov::inference_num_threads(options.threads > 0 ? options.threads : cores),
          ov::hint::inference_precision(element_type(options.precision, core))};
}

/// The last line of OpenVINO's message: the reason. Those before it name places in OpenVINO's source.
std::runtime_error in_one_line(const ov::Exception& error) {
  std::string_view message = error.what();
  while (message.ends_with('\n')) message.remove_suffix(1);
  return std::runtime_error("OpenVINO: " + std::string(message.substr(message.rfind('\n') + 1)));
}

}  // namespace

struct OpenvinoExecutor::State {
  State(Graph given, const std::vector<int>& layers, const EngineOptions& engine_options)
      : graph(std::move(given)), taps(layers), options(engine_options) {}

  /// The network compiled for an image size, moved to the front of `compiled`, which is sorted by last use.
  ov::InferRequest& request_for(const ImageShape& shape) {
    constexpr std::size_t most_sizes = 8;  // each has its own weights and maps, tens of megabytes
    const auto found = std::ranges::find(compiled, shape, &Compiled::shape);
    if (found != compiled.end()) {
      compiled.splice(compiled.begin(), compiled, found);
    } else {
      if (compiled.size() == most_sizes) compiled.pop_back();
      const auto model = to_openvino(graph, taps, static_cast<int>(shape.first), static_cast<int>(shape.second));
      if (computes_in_int8(options)) quantize(*model, options.ranges);
      compiled.push_front({shape, core.compile_model(model, "CPU", properties(options, core)).create_infer_request()});
    }
    return compiled.front().request;
  }

  Graph graph;
  std::vector<int> taps;
  EngineOptions options;
  ov::Core core;
  std::list<Compiled> compiled;
  std::mutex mutex;
};

std::string OpenvinoExecutor::why_not(const Graph&, const std::vector<int>&, const EngineOptions& options) {
  if (!options.device.is_cpu()) return "it runs on the CPU only, not on " + options.device.str();
  if (options.precision == Precision::f16) return "it does not compute in f16";
  if (options.precision == Precision::int8 && options.ranges.empty())
    return "this model is not quantized: the ranges of its values are unknown";
  return "";
}

OpenvinoExecutor::OpenvinoExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options)
    : state_(std::make_unique<State>(std::move(graph), taps, options)) {}
OpenvinoExecutor::~OpenvinoExecutor() = default;

NetworkOutput OpenvinoExecutor::run(const at::Tensor& image) const try {
  const c10::InferenceMode guard;
  const std::lock_guard lock(state_->mutex);
  auto& request = state_->request_for({image.size(2), image.size(3)});
  const auto pixels = image.contiguous(at::MemoryFormat::ChannelsLast);
  const auto shape = request.get_compiled_model().input().get_shape();
  request.set_input_tensor(ov::Tensor(ov::element::f32, shape, pixels.data_ptr<float>()));
  std::vector<at::Tensor> maps;
  for (std::size_t i = 0; i < request.get_compiled_model().outputs().size(); ++i) {
    const auto size = request.get_compiled_model().output(i).get_shape();
    const std::vector<std::int64_t> sides(size.begin(), size.end());
    const auto map = at::empty(sides, at::kFloat);
    request.set_output_tensor(i, ov::Tensor(ov::element::f32, size, map.data_ptr<float>()));
    maps.push_back(map.permute({0, 3, 1, 2}));
  }
  request.infer();
  NetworkOutput output;
  auto next = maps.begin();
  for (const auto& level : state_->graph.levels) {
    auto& head = output.levels.emplace_back();
    head.boxes = *next++;
    if (level.classes >= 0) head.classes = *next++;
    if (level.angles >= 0) head.angles = *next++;
  }
  output.taps.assign(next, maps.end());
  return output;
} catch (const ov::Exception& error) {
  throw in_one_line(error);
}

}  // namespace onepass::model
