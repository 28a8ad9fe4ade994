// Defines the extension module onepass._media: sources and outputs, which need the video libraries.
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "cli/track/run_config.hpp"
#include "python/bindings.hpp"
#include "python/run/live_source.hpp"
#include "python/run/run_options.hpp"
#include "python/settings.hpp"
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

Call call_of(const py::dict& given) {
  return {py::cast<std::string>(given["source"]), py::cast<std::string>(given["model"]),
          py::cast<std::string>(given["detections"]), py::cast<bool>(given["live"])};
}

void add_outputs(py::module_& module) {
  py::class_<cli::TrackOptions>(module, "RunOptions", "Options of a run, parsed.")
      .def(py::init([](const std::vector<std::string>& words, const py::dict& call) {
             return parse_options(words, call_of(call));
           }),
           py::arg("words"), py::arg("call"))
      .def_property_readonly(
          "needs_images", [](const cli::TrackOptions& options) { return options.outputs.needs_images(); },
          "Whether an output shows the frames.")
      .def_property_readonly(
          "has_page", [](const cli::TrackOptions& options) { return options.services.needs_images(); },
          "Whether a page shows the frames, if there are any.")
      .def(
          "config_of",
          [](const cli::TrackOptions& options, const py::object& config, const std::set<std::string>& given) {
            return cli::config_of(options, to_config(config), given);
          },
          py::arg("config"), py::arg("given"), "The configuration of the run; `given`: names of keywords.");
  module.def("option_keywords", &option_keywords, "The keywords of all options.");
  module.def(
      "open_outputs",
      [](Source& source, StreamDetector& detector, const cli::TrackOptions& options, const py::object& config) {
        const auto parsed = to_config(config);
        const py::gil_scoped_release release;
        return open_outputs(source, detector, options, parsed);
      },
      py::arg("source"), py::arg("detector"), py::arg("options"), py::arg("config"),
      "Open the outputs, the memory and the services of a run.");
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
  add_outputs(module);
}
