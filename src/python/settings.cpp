#include "python/settings.hpp"

#include <map>

#include <fmt/format.h>

#include "config/fields.hpp"
#include "core/nearest_name.hpp"
#include "core/printable.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

/// Returns the value in the syntax of a command-line flag; lists become JSON, which is valid YAML.
std::string to_text(const py::handle& value) {
  if (py::isinstance<py::str>(value)) return py::str(value);
  if (py::hasattr(value, "__fspath__")) return py::str(value.attr("__fspath__")());
  return py::str(py::module_::import("json").attr("dumps")(value));
}

void apply(Config& config, const py::handle& given) {
  if (given.is_none()) return;
  if (py::isinstance<Config>(given)) {
    config = py::cast<Config>(given);
    return;
  }
  if (py::isinstance<py::dict>(given)) {
    for (const auto& [name, value] : py::cast<py::dict>(given)) apply_setting(config, py::str(name), to_text(value));
  } else if (py::isinstance<py::str>(given) || py::hasattr(given, "__fspath__")) {
    warn(apply_yaml(config, to_text(given)));
  } else if (py::isinstance<py::list>(given) || py::isinstance<py::tuple>(given)) {
    for (const auto& one : given) apply(config, one);
  } else {
    throw py::value_error("config: expected the path of a YAML file, a dict of names and values, or a list of these");
  }
}

/// From keyword to full name. The names in the memory ("limit", "margin") say too little without its own.
std::map<std::string, std::string> names_by_keyword() {
  Config config;
  std::map<std::string, std::string> result;
  for (const auto& group : config::groups_of(config)) {
    const std::string prefix = group.name == "memory" ? "memory_" : "";
    for (const auto& field : group.fields) result[prefix + field.name] = group.name + "." + field.name;
  }
  return result;
}

}  // namespace

Config to_config(const py::object& given) {
  Config config;
  try {
    apply(config, given);
  } catch (const py::error_already_set&) {
    throw;
  } catch (const py::builtin_exception&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw py::value_error(printable(error.what()));
  }
  return config;
}

std::vector<std::string> parameter_keywords() {
  std::vector<std::string> result;
  for (const auto& [keyword, name] : names_by_keyword()) result.push_back(keyword);
  return result;
}

std::vector<std::string> full_names(const std::vector<std::string>& keywords, std::vector<std::string> others) {
  const auto known = names_by_keyword();
  for (const auto& [keyword, name] : known) others.push_back(keyword);
  std::vector<std::string> result;
  for (const auto& keyword : keywords) {
    const auto found = known.find(keyword);
    if (found == known.end() && keyword.find('.') == std::string::npos)
      throw std::invalid_argument(fmt::format("unknown keyword '{}'{}", keyword, did_you_mean(keyword, others)));
    result.push_back(found == known.end() ? keyword : found->second);
  }
  return result;
}

void warn(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    if (PyErr_WarnEx(PyExc_UserWarning, printable(line).c_str(), 1) != 0) throw py::error_already_set();
  }
}

}  // namespace onepass::python
