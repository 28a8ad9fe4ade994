#include "model/run/executor.hpp"

#include <memory>
#include <stdexcept>

#include "model/run/aten/aten_executor.hpp"
#include "model/run/device.hpp"
#include "model/run/onednn/onednn_executor.hpp"

namespace onepass::model {
namespace {

template <typename Kind>
Executor shared(Kind executor) {
  return [executor = std::make_shared<const Kind>(std::move(executor))](const at::Tensor& image) {
    return executor->run(image);
  };
}

}  // namespace

Executor make_executor(Graph graph, std::vector<int> layers, const std::string& device, ExecutorChoice choice) {
  const auto place = find_device(device);
  if (choice != ExecutorChoice::aten) {
    const auto why_not =
        place.is_cpu() ? OnednnExecutor::why_not(graph, layers) : "it runs on the CPU only, not on " + device;
    if (why_not.empty()) return shared(OnednnExecutor(std::move(graph), layers));
    if (choice == ExecutorChoice::onednn) throw std::runtime_error("executor onednn cannot be used: " + why_not);
  }
  return shared(AtenExecutor(std::move(graph), layers, place));
}

}  // namespace onepass::model
