// Defines the classes onepass._tracker.ZoneCounter, ZoneEvent and ZoneCounts.
#include <filesystem>

#include <pybind11/stl.h>

#include "onepass/zones.hpp"
#include "python/arrays/records.hpp"
#include "python/bindings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

struct CounterOptions {
  std::vector<std::string> class_names;
  std::string camera;
  double end_after_s = 3;
};

ZoneCounter open(const std::string& path, const CounterOptions& options) {
  const auto zones = read_zones(path);
  return {options.camera.empty() ? zones : zones_of(options.camera, zones), options.class_names, options.end_after_s};
}

struct Moment {
  std::int64_t frame;
  double time;
  std::pair<int, int> size;
};

std::vector<ZoneEvent> update(ZoneCounter& counter, const py::array& records, const Moment& moment) {
  if (moment.size.first <= 0 || moment.size.second <= 0)
    throw py::value_error("size: expected (width, height) in pixels, both above 0");
  Frame frame;
  frame.index = moment.frame;
  frame.time = Timestamp(moment.time);
  frame.size = {moment.size.first, moment.size.second};
  return counter.update(frame, to_tracks(records));
}

void add_event(py::module_& module) {
  py::class_<ZoneEvent>(module, "ZoneEvent", "What happened at a line or in a polygon.")
      .def_property_readonly(
          "kind", [](const ZoneEvent& event) { return std::string(to_string(event.kind)); },
          "\"cross\", \"enter\", \"leave\" or \"alone\".")
      .def_readonly("zone", &ZoneEvent::zone)
      .def_readonly("direction", &ZoneEvent::direction, "Name of the direction of a crossing; otherwise empty.")
      .def_readonly("again", &ZoneEvent::again, "The identity had crossed in this direction before.")
      .def_readonly("seen", &ZoneEvent::seen, "False if it happened while the identity was not seen.")
      .def_readonly("id", &ZoneEvent::id)
      .def_readonly("class_id", &ZoneEvent::class_id)
      .def_readonly("class_name", &ZoneEvent::class_name)
      .def_property_readonly(
          "time", [](const ZoneEvent& event) { return event.time.count(); }, "Seconds since the start of the stream.")
      .def_readonly("duration_s", &ZoneEvent::duration_s, "leave, alone: time inside, or alone.")
      .def("__repr__", [](const ZoneEvent& event) {
        return "ZoneEvent(" + std::string(to_string(event.kind)) + ", " + event.zone +
               (event.direction.empty() ? "" : ", " + event.direction) + ", id=" + std::to_string(event.id) + ")";
      });
}

void add_counts(py::module_& module) {
  py::class_<ZoneCounts>(module, "ZoneCounts", "What was counted in one zone since the start of the stream.")
      .def_readonly("identities", &ZoneCounts::identities, "Line: different identities that crossed, by direction.")
      .def_readonly("passages", &ZoneCounts::passages, "Line: all crossings, by direction.")
      .def_readonly("entries", &ZoneCounts::entries)
      .def_readonly("exits", &ZoneCounts::exits)
      .def_readonly("occupancy", &ZoneCounts::occupancy, "Polygon: identities inside now.")
      .def_readonly("dwell_s", &ZoneCounts::dwell_s, "Polygon: seconds inside, summed over all exits.")
      .def_readonly("longest_dwell_s", &ZoneCounts::longest_dwell_s);
}

}  // namespace

void add_counting(py::module_& module) {
  add_event(module);
  add_counts(module);
  py::class_<ZoneCounter>(module, "ZoneCounter", "Counts the identities of one stream in zones.")
      .def(py::init([](const std::string& zones, std::vector<std::string> class_names, std::string camera,
                       double end_after_s) {
             return open(zones, {std::move(class_names), std::move(camera), end_after_s});
           }),
           py::arg("zones"), py::arg("class_names"), py::arg("camera"), py::arg("end_after_s"))
      .def(
          "update",
          [](ZoneCounter& counter, const py::array& records, std::int64_t frame, double time,
             std::pair<int, int> size) {
            return update(counter, records, {frame, time, size});
          },
          py::arg("records"), py::arg("frame"), py::arg("time"), py::arg("size"))
      .def("finish", &ZoneCounter::finish)
      .def("counts", [](const ZoneCounter& counter) {
        py::dict result;
        for (std::size_t i = 0; i < counter.zones().size(); ++i)
          result[counter.zones()[i].name.c_str()] = counter.counts()[i];
        return result;
      });
}

}  // namespace onepass::python
