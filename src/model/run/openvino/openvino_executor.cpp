#include "model/run/openvino/openvino_executor.hpp"

#include <utility>

#include <openvino/core/model.hpp>

#include "core/processor.hpp"
#include "model/run/openvino/openvino_file_model.hpp"
#include "model/run/openvino/openvino_graph.hpp"
#include "model/run/openvino/quantization.hpp"

namespace onepass::model {
namespace {

bool computes_in_int8(const EngineOptions& options) {
  const bool allowed = options.precision == Precision::automatic || options.precision == Precision::int8;
  return allowed && !options.ranges.empty();
}

/// Without a choice of the user's, what is not quantized is computed in bf16 where the processor has instructions for
/// it; what this changes is in docs/figures.md.
EngineOptions in_best_precision(EngineOptions options, bool is_quantized) {
  const bool free = options.precision == Precision::automatic && !is_quantized;
  if (free && bf16_support() == Bf16Support::native) options.precision = Precision::bf16;
  return options;
}

OpenvinoSession::MakeModel maker(Graph graph, const std::vector<int>& taps, const EngineOptions& options) {
  return [graph = std::move(graph), taps, ranges = computes_in_int8(options) ? options.ranges : ValueRanges{}](
             int height, int width) {
    auto model = to_openvino(graph, taps, height, width);
    if (!ranges.empty()) quantize(*model, ranges);
    return model;
  };
}

}  // namespace

std::string OpenvinoExecutor::why_not(const Graph&, const std::vector<int>&, const EngineOptions& options) {
  if (options.precision == Precision::int8 && options.ranges.empty())
    return "this model is not quantized: the ranges of its values are unknown";
  return OpenvinoSession::why_not(options);
}

OpenvinoExecutor::OpenvinoExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options)
    : levels_(graph.levels.size()),
      maps_(graph.level_maps()),
      session_(maker(std::move(graph), taps, options), in_best_precision(options, computes_in_int8(options)),
               computes_in_int8(options) ? ByteImages::inside : ByteImages::before) {}

NetworkOutput OpenvinoExecutor::run(const Tensor& image, PassMode mode) const {
  return divided(session_.run(image, mode), levels_, maps_);
}

std::string OpenvinoFileExecutor::why_not(const Input& file, const std::vector<int>&, const EngineOptions& options) {
  if (options.precision == Precision::int8 && !is_quantized(*file)) return "this model is not quantized";
  return OpenvinoSession::why_not(options);
}

OpenvinoFileExecutor::OpenvinoFileExecutor(Input file, const std::vector<int>& taps, const EngineOptions& options)
    : has_prototypes_(file->rows.prototypes.has_value()),
      is_quantized_(is_quantized(*file)),
      session_([file, taps](int height, int width) { return to_openvino(*file, taps, height, width); },
               in_best_precision(options, is_quantized_), is_quantized_ ? ByteImages::inside : ByteImages::before,
               file->core) {}

std::string OpenvinoFileExecutor::caution() const {
  if (is_quantized_ && !has_vnni())
    return "this processor has no VNNI: sums of 8-bit products can overflow, and detections change";
  return session_.caution();
}

NetworkOutput OpenvinoFileExecutor::run(const Tensor& image, PassMode mode) const {
  const auto results = session_.run(image, mode);
  NetworkOutput output;
  auto next = results.begin();
  output.rows = *next++;
  if (has_prototypes_) output.prototypes = *next++;
  output.taps.assign(next, results.end());
  return output;
}

}  // namespace onepass::model
