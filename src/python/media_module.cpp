// Defines the extension module onepass._media: sources and outputs, which need the video libraries.
#include <map>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "onepass/track_sink.hpp"
#include "python/bindings.hpp"
#include "python/run/live_source.hpp"
#include "python/run/stages.hpp"
#include "video/mot_sequence.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

std::shared_ptr<Source> open_file(const std::string& location, int stride, std::optional<int> stream,
                                  bool load_images) {
  auto notes = std::make_shared<Notes>();
  SourceOptions options;
  options.stride = stride;
  options.stream = stream;
  options.load_images = load_images;
  options.warn = [notes](const std::string& line) { notes->add(line); };
  const py::gil_scoped_release release;
  auto frames = open_source(location, options);
  const auto reading = frames->info().live ? Reading::in_turn : Reading::ahead;
  return std::make_shared<Source>(std::move(frames), std::move(notes), reading);
}

LivePolicy policy_named(const std::string& name) {
  if (name == "newest") return LivePolicy::newest;
  if (name == "all") return LivePolicy::all;
  throw py::value_error(fmt::format("live_policy: '{}' is not one of: newest, all", name));
}

LiveOptions::Seconds checked_time(double seconds, const char* name) {
  if (seconds >= 0.1 && seconds <= 3600) return LiveOptions::Seconds(seconds);
  throw py::value_error(fmt::format("{}: {} is not a number of seconds from 0.1 to 3600", name, seconds));
}

/// Lets Python handle signals such as Ctrl-C.
void check_signals() {
  const py::gil_scoped_acquire lock;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

/// Calls a Python function from a thread without Python's lock; only the thread that holds it may destroy the result.
std::function<void(const std::string&)> caller_of(py::object function) {
  return [function = std::move(function)](const std::string& line) {
    const py::gil_scoped_acquire lock;
    function(line);
  };
}

std::shared_ptr<Source> open_live(const std::string& location, const py::object& report, const py::dict& given) {
  LiveOptions options;
  options.stream = py::cast<std::optional<int>>(given["stream"]);
  options.policy = policy_named(py::cast<std::string>(given["live_policy"]));
  options.retries = py::cast<std::optional<int>>(given["retries"]);
  if (options.retries.value_or(0) < 0) throw py::value_error("retries: is below 0");
  options.open_timeout = checked_time(py::cast<double>(given["open_timeout_s"]), "open_timeout_s");
  options.read_timeout = checked_time(py::cast<double>(given["read_timeout_s"]), "read_timeout_s");
  auto frames = std::make_unique<LiveSource>(location, options, caller_of(report), check_signals);
  const auto interrupt = [camera = frames.get()] { camera->interrupt(); };
  return std::make_shared<Source>(std::move(frames), std::make_shared<Notes>(), Reading::in_turn, interrupt);
}

using MakeSink = std::unique_ptr<TrackSink> (*)(const std::string&, Overwrite, const StreamInfo&);

const std::map<std::string, MakeSink>& sink_makers() {
  static const std::map<std::string, MakeSink> rows{
      {"save_mot", [](const auto& path, auto overwrite, const auto&) { return make_mot_sink(path, overwrite); }},
      {"save_jsonl",
       [](const auto& path, auto overwrite, const auto& stream) { return make_jsonl_sink(path, overwrite, stream); }},
      {"save_video",
       [](const auto& path, auto overwrite, const auto& stream) { return make_video_sink(path, overwrite, stream); }},
      {"save_heatmap", [](const auto& path, auto overwrite, const auto& stream) {
         return make_heatmap_sink(path, overwrite, stream);
       }}};
  return rows;
}

std::shared_ptr<Outputs> open_outputs(const Source& source, const StreamDetector& detector,
                                      const std::map<std::string, std::string>& paths, bool overwrites) {
  if (!source.frames || !detector.detector) throw py::value_error("source: belongs to another run");
  const StreamInfo stream{source.frames->info(), detector.detector->class_names()};
  auto outputs = std::make_shared<Outputs>();
  for (const auto& [name, path] : paths)
    outputs->sinks.push_back(sink_makers().at(name)(path, overwrites ? Overwrite::replace : Overwrite::refuse, stream));
  return outputs;
}

}  // namespace
}  // namespace onepass::python

PYBIND11_MODULE(_media, module) {
  using namespace onepass::python;
  py::module_::import("onepass._tracker");  // defines the classes of the stages
  translate_errors();
  module.def("open_file", &open_file, py::arg("location"), py::arg("stride"), py::arg("stream"), py::arg("load_images"),
             "Open a video file, a folder of images, a sequence, a camera or a URL.");
  module.def("has_images", &onepass::video::has_images, py::arg("location"), "False for a sequence without images.");
  module.def("open_live", &open_live, py::arg("location"), py::arg("report"), py::arg("options"),
             "Follow a camera or a network stream, and reconnect to it.");
  module.def("open_outputs", &open_outputs, py::arg("source"), py::arg("detector"), py::arg("paths"),
             py::arg("overwrite"), "Begin the files with the results of a run.");
}
