#include "model/read/pickle_globals.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model::pickle {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

/// Packages that contain the classes of stock models and of their training settings. A class of the script that saved
/// the model is in __main__. All of them become records; layers are recognized by the names of their classes.
constexpr std::array<std::string_view, 6> packages{"torch", "ultralytics", "models", "utils", "yolov5", "__main__"};

constexpr std::array<Name, 37> single_names{{
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

/// Methods that fused layers run instead of their usual one: those of Ultralytics and original YOLOv5, and of YOLOv7.
constexpr std::array<std::string_view, 2> fused_methods{"forward_fuse", "fuseforward"};

constexpr std::array<std::string_view, 13> builtin_containers{"set",     "frozenset", "dict",  "list", "tuple",
                                                              "int",     "float",     "bool",  "str",  "bytes",
                                                              "complex", "bytearray", "object"};

bool is_of_package(std::string_view module, std::string_view package) {
  return module == package ||
         (module.size() > package.size() && module.starts_with(package) && module[package.size()] == '.');
}

bool is_builtin(std::string_view module) { return module == "builtins" || module == "__builtin__"; }

bool is_getattr(std::string_view module, std::string_view name) { return is_builtin(module) && name == "getattr"; }

bool is_harmless(std::string_view module, std::string_view name) {
  if (std::any_of(packages.begin(), packages.end(), [&](auto package) { return is_of_package(module, package); }))
    return true;
  if (is_getattr(module, name)) return true;  // on its own; see require_harmless_call()
  if (is_builtin(module))
    return std::find(builtin_containers.begin(), builtin_containers.end(), name) != builtin_containers.end();
  return std::find(single_names.begin(), single_names.end(), Name{module, name}) != single_names.end();
}

/// Makes a name from the file short and printable.
std::string shown(std::string_view text) {
  std::string result(text.substr(0, 80));
  for (char& letter : result)
    if (letter < ' ' || letter > '~') letter = '?';
  return result;
}

[[noreturn]] void refuse(std::string_view module, std::string_view name) {
  throw std::runtime_error(fmt::format("refers to '{}.{}', which no stock model uses; refused, no code was run",
                                       shown(module), shown(name)));
}

}  // namespace

void require_harmless(std::string_view module, std::string_view name) {
  if (!is_harmless(module, name)) refuse(module, name);
}

void require_harmless_call(const Global& function, const Value& arguments) {
  if (!is_getattr(function.module, function.name)) return;
  const auto& items = items_of(arguments);
  const auto* method = items.size() == 2 && get_if<Object>(items[0]) ? get_if<std::string>(items[1]) : nullptr;
  if (!method || std::ranges::find(fused_methods, *method) == fused_methods.end())
    refuse(function.module, function.name);
}

}  // namespace onepass::model::pickle
