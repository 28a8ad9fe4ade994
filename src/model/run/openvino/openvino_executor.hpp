// Runs graphs, and models that OpenVINO has read from files, with OpenVINO.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/run/executor.hpp"
#include "model/run/openvino/openvino_file.hpp"
#include "model/run/openvino/openvino_session.hpp"

namespace onepass::model {

class OpenvinoExecutor : public Executor {
 public:
  using Input = Graph;

  /// The reason why OpenVINO cannot run graphs with these options; empty if it can.
  static std::string why_not(const Graph& graph, const std::vector<int>& taps, const EngineOptions& options);

  /// @param taps layers whose outputs run() returns in addition to the head's maps.
  OpenvinoExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const Tensor& image, PassMode mode) const override;
  std::string caution() const override { return session_.caution(); }
  int passes_at_once() const override { return session_.passes_at_once(); }

 private:
  std::size_t levels_;
  LevelMaps maps_;
  OpenvinoSession session_;
};

class OpenvinoFileExecutor : public Executor {
 public:
  using Input = std::shared_ptr<const OpenvinoFile>;

  static std::string why_not(const Input& file, const std::vector<int>& taps, const EngineOptions& options);

  /// @param taps layers whose outputs run() returns in addition to the rows.
  OpenvinoFileExecutor(Input file, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const Tensor& image, PassMode mode) const override;
  std::string caution() const override;
  int passes_at_once() const override { return session_.passes_at_once(); }

 private:
  bool has_prototypes_;
  bool is_quantized_;
  OpenvinoSession session_;
};

}  // namespace onepass::model
