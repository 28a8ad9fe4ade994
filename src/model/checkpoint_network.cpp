#include "model/checkpoint_network.hpp"

#include <stdexcept>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "model/graph/architecture.hpp"
#include "model/run/executor.hpp"
#include "model/run/requests.hpp"

namespace onepass::model {
namespace {

class CheckpointNetwork : public Network {
 public:
  explicit CheckpointNetwork(Architecture architecture) : graph_(std::move(architecture.graph)) {
    info_ = std::move(architecture.info);
  }

  void prepare(std::span<const int> tap_layers, const std::string& device, ExecutorChoice executor) override {
    if (executor_) throw std::logic_error("Network::prepare was called twice");
    require_layers(info_, tap_layers);
    executor_ = make_executor(std::move(graph_), {tap_layers.begin(), tap_layers.end()}, device, executor);
  }

  NetworkOutput forward(const at::Tensor& image) const override {
    if (!executor_) throw std::logic_error("Network::forward was called before prepare");
    require_image(info_, image);
    try {
      return executor_(image);
    } catch (const c10::Error& error) {  // mismatched maps, in a manipulated file
      cannot_run(image, error.what_without_backtrace());
    } catch (const std::exception& error) {
      cannot_run(image, error.what());
    }
  }

 private:
  [[noreturn]] void cannot_run(const at::Tensor& image, std::string_view why) const {
    throw std::runtime_error(
        fmt::format("{}: cannot run on {}×{} pixels ({})", info_.path, image.size(3), image.size(2), first_line(why)));
  }

  Graph graph_;  ///< moved to the executor by prepare()
  Executor executor_;
};

}  // namespace

std::unique_ptr<Network> load_checkpoint_network(const std::filesystem::path& path) {
  auto architecture = read_architecture(Checkpoint(path));
  architecture.info.path = path.string();
  return std::make_unique<CheckpointNetwork>(std::move(architecture));
}

}  // namespace onepass::model
