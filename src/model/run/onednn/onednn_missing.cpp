// Replaces onednn_executor.cpp in builds without oneDNN; the executor reports that it is unavailable.
#include <stdexcept>

#include "model/run/onednn/onednn_executor.hpp"

namespace onepass::model {

struct OnednnExecutor::State {};

std::string OnednnExecutor::why_not(const Graph&, const std::vector<int>&) { return "this build has no oneDNN"; }

OnednnExecutor::OnednnExecutor(Graph graph, const std::vector<int>& layers) {
  throw std::logic_error(why_not(graph, layers));
}
OnednnExecutor::OnednnExecutor(OnednnExecutor&&) noexcept = default;
OnednnExecutor::~OnednnExecutor() = default;

NetworkOutput OnednnExecutor::run(const at::Tensor&) const { return {}; }

}  // namespace onepass::model
