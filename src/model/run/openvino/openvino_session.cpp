#include "model/run/openvino/openvino_session.hpp"

#include <algorithm>
#include <cstdlib>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/core/version.hpp>
#include <openvino/pass/serialize.hpp>
#include <openvino/runtime/core.hpp>

#include "core/processor.hpp"
#include "model/run/blob_cache.hpp"
#include "model/run/openvino/openvino_error.hpp"

namespace onepass::model {
namespace {

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
__attribute__((target_clones("avx512f", "arch=haswell", "default")))
#endif
void divide_by_255(const std::uint8_t* pixels, std::int64_t count, float* __restrict numbers) {
  for (std::int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(pixels[i]) / 255.0F;
}

/// What a model is compiled for.
struct Use {
  std::int64_t height = 0;
  std::int64_t width = 0;
  bool bytes = false;  ///< whether the image is 8-bit
  PassMode mode = PassMode::alone;

  bool operator==(const Use&) const = default;
};

struct Compiled {
  Use use;
  ov::CompiledModel model;
  std::vector<ov::InferRequest> idle{};  ///< requests that no pass uses

  ov::InferRequest take() {
    if (idle.empty()) return model.create_infer_request();
    auto request = std::move(idle.back());
    idle.pop_back();
    return request;
  }
};

/// Unless bf16 is asked for, whatever is not quantized is computed in f32; OpenVINO's own default depends on the
/// processor.
ov::AnyMap properties(const EngineOptions& options, PassMode mode) {
  using ov::hint::PerformanceMode;
  const bool alone = mode == PassMode::alone;
  return {ov::hint::performance_mode(alone ? PerformanceMode::LATENCY : PerformanceMode::THROUGHPUT),
          ov::num_streams(alone ? 1 : shared_passes(options.threads)),
          ov::inference_num_threads(thread_count(options.threads)),
          ov::hint::inference_precision(options.precision == Precision::bf16 ? ov::element::bf16 : ov::element::f32)};
}

/// Everything that a compiled model depends on: the version of OpenVINO, the processor, the properties, and the model.
std::string key_of(const std::shared_ptr<ov::Model>& model, const ov::AnyMap& properties, ov::Core& core) {
  // Without names of their own, models and operators are named after their numbers in this process.
  model->set_friendly_name("network");
  std::size_t number = 0;
  for (const auto& node : model->get_ordered_ops()) node->set_friendly_name(std::to_string(number++));
  std::ostringstream structure, weights;
  ov::pass::Serialize(structure, weights).run_on_model(model);
  const char* const limit = std::getenv("ONEDNN_MAX_CPU_ISA");
  auto key = fmt::format("OpenVINO {}\n{}\n{}\n", ov::get_openvino_version().buildNumber,
                         core.get_property("CPU", ov::device::full_name), limit ? limit : "");
  for (const auto& name : core.get_property("CPU", ov::device::capabilities)) key += name + " ";
  for (const auto& [name, value] : properties) key += fmt::format("\n{}={}", name, value.as<std::string>());
  return key + "\n" + digest(structure.view()) + digest(weights.view());
}

/// The network that an earlier run has compiled and kept.
std::optional<ov::CompiledModel> find_kept(const BlobCache& cache, const std::string& key, const ov::AnyMap& properties,
                                           ov::Core& core) try {
  auto blob = cache.load(key);
  if (!blob) return std::nullopt;
  std::istringstream stream(std::move(*blob));
  return core.import_model(stream, "CPU", properties);
} catch (const std::exception&) {  // not worth a message: the model is compiled instead
  return std::nullopt;
}

/// Keeps a compiled network for the next run, if it can be written.
void keep(const BlobCache& cache, const std::string& key, ov::CompiledModel& compiled) try {
  std::ostringstream blob;
  compiled.export_model(blob);
  cache.store(key, blob.view());
} catch (const std::exception&) {  // the network runs all the same; the next run compiles it again
}

/// A copy that earlier runs have compiled, or else the model compiled now and kept for the next run.
ov::CompiledModel compile(const std::shared_ptr<ov::Model>& model, const ov::AnyMap& properties, ov::Core& core) {
  constexpr std::uintmax_t most_bytes = 1 << 30;
  const auto folder = user_cache_folder();
  if (!folder) return core.compile_model(model, "CPU", properties);
  const BlobCache cache(*folder, most_bytes);
  const auto key = key_of(model, properties, core);
  if (auto kept = find_kept(cache, key, properties, core)) return std::move(*kept);
  auto compiled = core.compile_model(model, "CPU", properties);
  keep(cache, key, compiled);
  return compiled;
}

Tensor::Sizes sizes_of(const ov::Shape& shape) { return {shape.begin(), shape.end()}; }

/// Results of a size that is known before the run are written directly into the tensors.
std::vector<Tensor> prepare_results(ov::InferRequest& request) {
  std::vector<Tensor> results;
  const auto outputs = request.get_compiled_model().outputs();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto& result = results.emplace_back();
    if (outputs[i].get_partial_shape().is_dynamic()) continue;
    const auto shape = outputs[i].get_shape();
    result = Tensor(sizes_of(shape));
    request.set_output_tensor(i, ov::Tensor(ov::element::f32, shape, result.data()));
  }
  return results;
}

Tensor copy(const ov::Tensor& tensor) {
  Tensor result(sizes_of(tensor.get_shape()));
  std::ranges::copy(std::span(tensor.data<const float>(), tensor.get_size()), result.floats().begin());
  return result;
}

/// Makes the model read an 8-bit image instead of numbers in [0, 1].
std::shared_ptr<ov::Model> for_bytes(const std::shared_ptr<ov::Model>& model) {
  ov::preprocess::PrePostProcessor converter(model);
  converter.input().tensor().set_element_type(ov::element::u8);
  converter.input().preprocess().convert_element_type(ov::element::f32).scale(255);
  return converter.build();
}

/// An 8-bit image as floating-point numbers in [0, 1]; others as they are.
Tensor to_numbers(const Tensor& image) {
  if (image.type() == NumberType::f32) return image;
  Tensor numbers(image.sizes());
  divide_by_255(image.bytes().data(), image.count(), numbers.floats().data());
  return numbers;
}

std::vector<Tensor> infer(ov::InferRequest& request, const Tensor& image) {
  const auto input = request.get_compiled_model().input();
  request.set_input_tensor(ov::Tensor(input.get_element_type(), input.get_shape(), image.data()));
  auto results = prepare_results(request);
  request.infer();
  for (std::size_t i = 0; i < results.size(); ++i)
    if (!results[i].defined()) results[i] = copy(request.get_output_tensor(i));
  return results;
}

}  // namespace

struct OpenvinoSession::State {
  State(MakeModel make, const EngineOptions& given, ByteImages where, std::shared_ptr<ov::Core> given_core)
      : make_model(std::move(make)),
        options(given),
        bytes(where),
        core(given_core ? std::move(given_core) : std::make_shared<ov::Core>()) {}

  /// The network compiled for a use, moved to the front of `compiled`, which is sorted by last use.
  std::shared_ptr<Compiled> compiled_for(const Use& use) {
    constexpr std::size_t most_kept = 8;  // each has its own weights and maps, tens of megabytes
    const auto found = std::ranges::find_if(compiled, [&](const auto& each) { return each->use == use; });
    if (found != compiled.end()) {
      compiled.splice(compiled.begin(), compiled, found);
    } else {
      if (compiled.size() == most_kept) compiled.pop_back();
      auto model = make_model(static_cast<int>(use.height), static_cast<int>(use.width));
      if (use.bytes) model = for_bytes(model);
      const auto chosen = properties(options, use.mode);
      auto ready = options.cache ? compile(model, chosen, *core) : core->compile_model(model, "CPU", chosen);
      compiled.push_front(std::make_shared<Compiled>(Compiled{use, std::move(ready)}));
    }
    return compiled.front();
  }

  MakeModel make_model;
  EngineOptions options;
  ByteImages bytes;
  std::shared_ptr<ov::Core> core;
  std::list<std::shared_ptr<Compiled>> compiled;
  std::mutex mutex;
};

std::string OpenvinoSession::why_not(const EngineOptions& options) {
  if (options.device.cuda) return "it runs on the CPU only, not on " + options.device.name();
  if (options.precision == Precision::f16) return "it does not compute in f16";
  if (options.precision == Precision::bf16 && bf16_support() == Bf16Support::none)
    return "this processor has no bf16 instructions; use f32";
  return "";
}

OpenvinoSession::OpenvinoSession(MakeModel make_model, const EngineOptions& options, ByteImages bytes,
                                 std::shared_ptr<ov::Core> core)
    : state_(std::make_unique<State>(std::move(make_model), options, bytes, std::move(core))) {}
OpenvinoSession::~OpenvinoSession() = default;

std::string OpenvinoSession::caution() const {
  if (state_->options.precision != Precision::bf16 || bf16_support() != Bf16Support::emulated) return "";
  return "this processor emulates bf16, which is slower than f32";
}

int OpenvinoSession::passes_at_once() const { return shared_passes(state_->options.threads); }

std::vector<Tensor> OpenvinoSession::run(const Tensor& image, PassMode mode) const try {
  const auto input = state_->bytes == ByteImages::inside ? image : to_numbers(image);
  std::unique_lock lock(state_->mutex);
  const auto compiled = state_->compiled_for({input.size(1), input.size(2), input.type() == NumberType::u8, mode});
  auto request = compiled->take();
  if (mode == PassMode::shared) lock.unlock();
  auto results = infer(request, input);
  if (mode == PassMode::shared) lock.lock();
  compiled->idle.push_back(std::move(request));
  return results;
} catch (const ov::Exception& error) {
  throw in_one_line(error.what());
}

}  // namespace onepass::model
