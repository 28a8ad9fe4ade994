#include "model/range_finder.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "model/load_network.hpp"
#if ONEPASS_WITH_OPENVINO
#include <openvino/core/model.hpp>

#include "model/run/openvino/openvino_graph.hpp"
#include "model/run/openvino/openvino_session.hpp"
#include "model/run/openvino/quantization.hpp"
#endif

namespace onepass::model {

#if ONEPASS_WITH_OPENVINO

struct RangeFinder::State {
  explicit State(ModelFile file)
      : info(std::move(file.info)),
        graph(graph_of(file, info.path)),
        session([this](int height, int width) { return observed(height, width); }, {.precision = Precision::f32}) {}

  static Graph graph_of(ModelFile& file, const std::string& path) {
    auto* graph = std::get_if<Graph>(&file.program);
    if (!graph) throw std::runtime_error(path + ": exports cannot be quantized; use the model's .pt file");
    if (!file.ranges.empty()) throw std::runtime_error(path + ": is quantized already");
    return std::move(*graph);
  }

  std::shared_ptr<ov::Model> observed(int height, int width) {
    auto model = to_openvino(graph, {}, height, width);
    names = observe_values(*model);
    sums.resize(names.size());
    return model;
  }

  NetworkInfo info;
  Graph graph;
  std::vector<std::string> names;  ///< of the values
  std::vector<ValueRange> sums;    ///< of the ends, over the images
  int images = 0;
  OpenvinoSession session;
};

void RangeFinder::observe(const Tensor& image) try {
  auto& state = *state_;
  const auto results = state.session.run(image, PassMode::alone);
  auto end = results.end() - 2 * static_cast<std::ptrdiff_t>(state.names.size());
  for (auto& sum : state.sums) {
    sum.low += (end++)->floats().front();
    sum.high += (end++)->floats().front();
  }
  ++state.images;
} catch (const std::runtime_error& error) {
  throw std::runtime_error(state_->info.path + ": " + error.what());
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

void RangeFinder::observe(const Tensor&) {}

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
