#include "model/read/pickle_globals.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model::pickle {
namespace {

using Global = std::pair<std::string_view, std::string_view>;

/// Packages that contain the classes of stock models and of their training settings.
constexpr std::array<std::string_view, 5> packages{"torch", "ultralytics", "models", "utils", "yolov5"};

constexpr std::array<Global, 37> single_names{{
    {"argparse", "Namespace"},
    {"types", "SimpleNamespace"},
    {"collections", "OrderedDict"},
    {"collections", "defaultdict"},
    {"collections", "Counter"},
    {"collections", "deque"},
    {"pathlib", "Path"},
    {"pathlib", "PurePath"},
    {"pathlib", "PosixPath"},
    {"pathlib", "PurePosixPath"},
    {"pathlib", "WindowsPath"},
    {"pathlib", "PureWindowsPath"},
    {"pathlib._local", "PosixPath"},
    {"pathlib._local", "WindowsPath"},
    {"datetime", "datetime"},
    {"datetime", "date"},
    {"datetime", "timedelta"},
    {"_codecs", "encode"},
    {"copyreg", "_reconstructor"},
    {"copy_reg", "_reconstructor"},
    {"numpy", "dtype"},
    {"numpy", "ndarray"},
    {"numpy", "bool_"},
    {"numpy", "float16"},
    {"numpy", "float32"},
    {"numpy", "float64"},
    {"numpy", "int8"},
    {"numpy", "uint8"},
    {"numpy", "int16"},
    {"numpy", "int32"},
    {"numpy", "int64"},
    {"numpy.core.multiarray", "scalar"},
    {"numpy.core.multiarray", "_reconstruct"},
    {"numpy._core.multiarray", "scalar"},
    {"numpy._core.multiarray", "_reconstruct"},
    {"numpy.core.numeric", "_frombuffer"},
    {"numpy._core.numeric", "_frombuffer"},
}};

constexpr std::array<std::string_view, 13> builtin_containers{"set",     "frozenset", "dict",  "list", "tuple",
                                                              "int",     "float",     "bool",  "str",  "bytes",
                                                              "complex", "bytearray", "object"};

bool is_of_package(std::string_view module, std::string_view package) {
  return module == package ||
         (module.size() > package.size() && module.starts_with(package) && module[package.size()] == '.');
}

bool is_harmless(std::string_view module, std::string_view name) {
  if (std::any_of(packages.begin(), packages.end(), [&](auto package) { return is_of_package(module, package); }))
    return true;
  if (module == "builtins" || module == "__builtin__")
    return std::find(builtin_containers.begin(), builtin_containers.end(), name) != builtin_containers.end();
  return std::find(single_names.begin(), single_names.end(), Global{module, name}) != single_names.end();
}

/// Makes a name from the file short and printable.
std::string shown(std::string_view text) {
  std::string result(text.substr(0, 80));
  for (char& letter : result)
    if (letter < ' ' || letter > '~') letter = '?';
  return result;
}

}  // namespace

void require_harmless(std::string_view module, std::string_view name) {
  if (is_harmless(module, name)) return;
  throw std::runtime_error(fmt::format("refers to '{}.{}', which no stock model uses; refused, no code was run",
                                       shown(module), shown(name)));
}

}  // namespace onepass::model::pickle
