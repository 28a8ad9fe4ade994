#include "batch/unit.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/printable.hpp"

namespace onepass::batch {
namespace {

using Json = nlohmann::ordered_json;

/// Removes the value of a key from an object; `fallback` if it has none.
template <typename Value>
Value take(Json& json, const char* key, Value fallback) {
  const auto found = json.find(key);
  if (found == json.end()) return fallback;
  Value value;
  try {
    value = found->get<Value>();
  } catch (const Json::exception&) {
    throw std::runtime_error(fmt::format("\"{}\" has a value of the wrong type", key));
  }
  json.erase(found);
  return value;
}

std::optional<Piece> take_piece(Json& json) {
  Piece piece;
  const bool given = json.contains("piece");
  piece.number = take(json, "piece", 1);
  piece.count = take(json, "pieces", piece.number);
  piece.span.from_s = take(json, "from_s", 0.0);
  piece.span.to_s = take(json, "to_s", TimeSpan().to_s);
  if (!given && piece == Piece()) return std::nullopt;
  if (piece.number < 1 || piece.count < piece.number || !(piece.span.from_s >= 0) ||
      !(piece.span.to_s > piece.span.from_s))
    throw std::runtime_error("a piece needs 1 <= \"piece\" <= \"pieces\" and 0 <= \"from_s\" < \"to_s\"");
  return piece;
}

int parse_number(std::string_view text) {
  int number = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

}  // namespace

std::vector<Piece> pieces_of(double duration_s, const Split& split) {
  constexpr double most = 100000;
  if (!(split.overlap_s >= 0 && split.length_s > split.overlap_s))
    throw std::invalid_argument(
        fmt::format("an overlap of {} s is not shorter than pieces of {} s", split.overlap_s, split.length_s));
  // A rest that is not longer than the overlap is in the piece before already.
  const double count = std::max(1.0, std::ceil((duration_s - split.overlap_s) / split.length_s));
  if (!(count <= most))
    throw std::invalid_argument(
        fmt::format("{:g} s in pieces of {} s are more than 100000", duration_s, split.length_s));
  std::vector<Piece> pieces;
  for (int number = 1; number <= static_cast<int>(count); ++number) {
    Piece piece{number, static_cast<int>(count), {}};
    piece.span.from_s = (number - 1) * split.length_s;
    if (number < piece.count) piece.span.to_s = number * split.length_s + split.overlap_s;
    pieces.push_back(piece);
  }
  return pieces;
}

std::string file_name(const Piece& piece) { return fmt::format("{:04}", piece.number); }

Shard parse_shard(const std::string& text) {
  const auto slash = text.find('/');
  Shard shard{0, 0};
  if (slash != std::string::npos) {
    shard.number = parse_number(std::string_view(text).substr(0, slash));
    shard.count = parse_number(std::string_view(text).substr(slash + 1));
  }
  if (shard.number < 1 || shard.count < shard.number)
    throw std::invalid_argument(fmt::format("'{}' is no shard such as 3/12, from 1/12 to 12/12", text));
  return shard;
}

std::string to_line(const Unit& unit) {
  Json json;
  json["unit"] = unit.name;
  json["source"] = unit.source;
  if (unit.piece) {
    json["piece"] = unit.piece->number;
    json["pieces"] = unit.piece->count;
    json["from_s"] = unit.piece->span.from_s;
    if (std::isfinite(unit.piece->span.to_s)) json["to_s"] = unit.piece->span.to_s;
  }
  if (!unit.detections.empty()) json["detections"] = unit.detections;
  if (!unit.camera_motion_file.empty()) json["camera_motion_file"] = unit.camera_motion_file;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Unit parse_unit(std::string_view line) {
  if (!line.starts_with('{')) return {.name = "", .source = std::string(line)};
  auto json = Json::parse(line, nullptr, false);
  if (!json.is_object()) throw std::runtime_error("is not valid JSON");
  Unit unit;
  unit.name = take<std::string>(json, "unit", "");
  if (!unit.name.empty()) unit.name = as_file_name(unit.name);  // that of "" is "_"
  unit.source = take<std::string>(json, "source", "");
  unit.piece = take_piece(json);
  unit.detections = take<std::string>(json, "detections", "");
  unit.camera_motion_file = take<std::string>(json, "camera_motion_file", "");
  if (unit.source.empty()) throw std::runtime_error("has no \"source\"");
  if (!json.empty()) throw std::runtime_error(fmt::format("has an unknown key \"{}\"", json.begin().key()));
  return unit;
}

}  // namespace onepass::batch
