#include "model/range_finder.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/load_network.hpp"
#if ONEPASS_WITH_OPENVINO
#include <openvino/runtime/core.hpp>

#include "model/run/openvino/openvino_error.hpp"
#include "model/run/openvino/openvino_graph.hpp"
#include "model/run/openvino/quantization.hpp"
#endif

namespace onepass::model {

#if ONEPASS_WITH_OPENVINO

struct RangeFinder::State {
  explicit State(ModelFile file) : info(std::move(file.info)) {
    auto* given = std::get_if<Graph>(&file.program);
    if (!given) throw std::runtime_error(info.path + ": exports cannot be quantized; use the model's .pt file");
    if (!file.ranges.empty()) throw std::runtime_error(info.path + ": is quantized already");
    graph = std::move(*given);
  }

  void compile(int height, int width) {
    const auto model = to_openvino(graph, {}, height, width);
    const auto others = model->get_results().size();
    names = observe_values(*model);
    sums.resize(names.size());
    first_observed = others;
    request = core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32)).create_infer_request();
    size = {width, height};
  }

  NetworkInfo info;
  Graph graph;
  ov::Core core;
  ov::InferRequest request;
  ImageSize size;                  ///< that the request is compiled for
  std::vector<std::string> names;  ///< of the values
  std::size_t first_observed = 0;  ///< index of the first observed result
  std::vector<ValueRange> sums;    ///< of the ends, over the images
  int images = 0;
};

void RangeFinder::observe(const at::Tensor& image) try {
  auto& state = *state_;
  const auto height = static_cast<int>(image.size(2)), width = static_cast<int>(image.size(3));
  if (state.size.width != width || state.size.height != height) state.compile(height, width);
  const auto pixels = image.contiguous(at::MemoryFormat::ChannelsLast);
  const auto shape = state.request.get_input_tensor().get_shape();
  state.request.set_input_tensor(ov::Tensor(ov::element::f32, shape, pixels.data_ptr<float>()));
  state.request.infer();
  for (std::size_t i = 0; i < state.names.size(); ++i) {
    const auto end = [&](std::size_t which) {
      return *state.request.get_output_tensor(state.first_observed + 2 * i + which).data<float>();
    };
    state.sums[i].low += end(0);
    state.sums[i].high += end(1);
  }
  ++state.images;
} catch (const ov::Exception& error) {
  throw std::runtime_error(state_->info.path + ": " + in_one_line(error.what()).what());
}

#else

struct RangeFinder::State {
  explicit State(const ModelFile& file) : info(file.info) {
    throw std::runtime_error("quantizing needs OpenVINO, which this build does not have");
  }

  NetworkInfo info;
  std::vector<std::string> names;
  std::vector<ValueRange> sums;
  int images = 0;
};

void RangeFinder::observe(const at::Tensor&) {}

#endif

RangeFinder::RangeFinder(const std::filesystem::path& path) : state_(std::make_unique<State>(read_model(path))) {}
RangeFinder::~RangeFinder() = default;

const NetworkInfo& RangeFinder::info() const { return state_->info; }

ValueRanges RangeFinder::ranges() const {
  ValueRanges result;
  const auto images = static_cast<float>(state_->images);
  for (std::size_t i = 0; i < state_->names.size(); ++i)
    result[state_->names[i]] = {state_->sums[i].low / images, state_->sums[i].high / images};
  return result;
}

}  // namespace onepass::model
