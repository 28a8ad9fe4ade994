// Defines the Python functions onepass.evaluate and onepass.mot_rows.
#include "onepass/metrics.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/metrics/families.hpp"
#include "python/arrays/label_rows.hpp"
#include "python/arrays/records.hpp"
#include "python/bindings.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr const char* evaluate_text = R"(Scores tracks against ground truth. The scores equal those of TrackEval.

    truth      path of a gt.txt, or an N×6 (or wider) array of its rows: frame (from 1), id, left, top, width, height,
               mark (0: not evaluated; default 1), class; numpy.loadtxt(file, delimiter=",") reads such an array
    result     path of a result file, or such an array; mot_rows creates its rows
    benchmark  rules that select the evaluated boxes: "MOT15", "MOT16", "MOT17", "MOT20", "DanceTrack" or "SportsMOT"
               (all but MOT15 need the classes of the truth); "none": every box whose mark is not 0; or the path of a
               YAML file
    frames     length of the sequence; None: up to the last row of the truth

Returns a dict of dicts: result["HOTA"]["HOTA"], ["HOTA"]["AssA"], ["CLEAR"]["MOTA"], ["CLEAR"]["IDSW"],
["Identity"]["IDF1"], ["Count"]["IDs"], ... Ratios are in 0 to 1 (MOTA may be negative). HOTA ratios are averages over
19 IoU thresholds; result["curves"] contains the value at each threshold (19×float64) under the same name.
Raises ValueError for invalid arrays and RuntimeError for invalid files.)";

constexpr const char* rows_text = R"(Returns the tracks of one frame as N×10 float64 rows of a MOTChallenge result file.

    frame   frame number from 0, as in Tracker.update
    tracks  return value of Tracker.update

Stack the rows of all frames with numpy.vstack to get a result for evaluate(), or to write a result file with
numpy.savetxt(file, rows, fmt="%g", delimiter=",").)";

bool is_path(const py::object& given) { return py::isinstance<py::str>(given) || py::hasattr(given, "__fspath__"); }

std::string path_of(const py::object& given) { return py::str(py::module_::import("os").attr("fspath")(given)); }

eval::Benchmark require_benchmark(const std::string& name) {
  try {
    auto benchmark = eval::named_benchmark(name);
    if (benchmark.evaluate.size() == 1) return benchmark;
    throw py::value_error(
        fmt::format("benchmark: {} has {} classes; only benchmarks of one class can be evaluated here", name,
                    benchmark.evaluate.size()));
  } catch (const py::builtin_exception&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw py::value_error(fmt::format("benchmark: {}", error.what()));
  }
}

void require_known_classes(const LabeledSequence& truth, const eval::Benchmark& benchmark) {
  for (const auto& box : truth.boxes) {
    if (!benchmark.knows_class(box.class_id))
      throw py::value_error(
          fmt::format("truth: class {} is not a class of the benchmark {}", box.class_id, benchmark.name));
  }
}

LabeledSequence load_truth(const py::object& given, std::optional<std::int64_t> frames,
                           const eval::Benchmark& benchmark, const eval::Warn& warn) {
  if (is_path(given)) return eval::read_truth(path_of(given), frames, benchmark, warn);
  auto truth = to_sequence(given, {"truth", benchmark.truth_classes ? 8 : 6, frames});
  if (benchmark.truth_classes) require_known_classes(truth, benchmark);
  eval::warn_of_marks("truth", truth.boxes, warn);
  return truth;
}

LabeledSequence load_result(const py::object& given, std::int64_t frames, const eval::Benchmark& benchmark,
                            const eval::Warn& warn) {
  if (is_path(given)) return eval::read_result(path_of(given), frames, benchmark, warn);
  return to_sequence(given, {"result", benchmark.result_classes ? 8 : 6, frames});
}

py::dict to_dict(Scores& scores) {
  py::dict result;
  py::dict curves;
  for (const auto& family : eval::family_names()) result[family.c_str()] = py::dict();
  for (const auto& field : eval::fields_of(scores)) {
    result[field.family.c_str()][field.name.c_str()] = eval::summary(field);
    if (const auto* const* curve = std::get_if<AlphaCurve*>(&field.value))
      curves[field.name.c_str()] = py::array_t<double>((*curve)->size(), (*curve)->data());
  }
  result["curves"] = curves;
  return result;
}

py::dict evaluate(const py::object& truth_given, const py::object& result_given, const std::string& benchmark_name,
                  std::optional<std::int64_t> frames) {
  if (frames && (*frames < 0 || *frames > eval::longest_sequence))
    throw py::value_error(fmt::format("frames: {} is not in 0 to {}", *frames, eval::longest_sequence));
  const auto benchmark = require_benchmark(benchmark_name);
  std::vector<std::string> warnings;
  const auto keep = [&](const std::string& line) { warnings.push_back(line); };
  const auto truth = load_truth(truth_given, frames, benchmark, keep);
  const auto result = load_result(result_given, truth.frame_count(), benchmark, keep);
  warn(warnings);
  SequenceScores scored;
  {
    const py::gil_scoped_release release;
    scored = evaluate_sequence(truth, result, benchmark.rules(benchmark.evaluate.front()));
  }
  return to_dict(scored.scores);
}

}  // namespace

void add_metrics(py::module_& module) {
  module.def("evaluate", &evaluate, py::arg("truth"), py::arg("result"), py::kw_only(), py::arg("benchmark") = "none",
             py::arg("frames") = py::none(), evaluate_text);
  module.def("mot_rows", &to_rows, py::arg("frame"), py::arg("tracks"), rows_text);
}

}  // namespace onepass::python
