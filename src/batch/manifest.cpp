#include "batch/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>
#include <nlohmann/json.hpp>

#include "config/fields.hpp"

namespace onepass::batch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string hexadecimal(std::uint32_t checksum) { return fmt::format("{:08x}", checksum); }

std::uint32_t parse_checksum(const std::string& text) {
  std::uint32_t checksum = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, checksum, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) throw std::runtime_error("a checksum is not hexadecimal");
  return checksum;
}

Json json_of(const Fingerprint& fingerprint) {
  return {{"bytes", fingerprint.bytes}, {"files", fingerprint.files}, {"crc32", hexadecimal(fingerprint.checksum)}};
}

Fingerprint fingerprint_of(const Json& json) {
  return {json.at("bytes"), json.at("files"), parse_checksum(json.at("crc32"))};
}

std::optional<Fingerprint> optional_fingerprint(const Json& json) {
  return json.contains("crc32") ? std::optional(fingerprint_of(json)) : std::nullopt;
}

Json json_of(const Piece& piece) {
  Json json{{"number", piece.number}, {"count", piece.count}, {"from_s", piece.span.from_s}, {"to_s", nullptr}};
  if (std::isfinite(piece.span.to_s)) json["to_s"] = piece.span.to_s;
  return json;
}

std::optional<Piece> piece_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  Piece piece{json.at("number"), json.at("count"), {}};
  piece.span.from_s = json.at("from_s");
  if (!json.at("to_s").is_null()) piece.span.to_s = json.at("to_s");
  return piece;
}

Json seconds_of(const RunStatistics& statistics) {
  const auto rounded = [](double seconds) { return std::round(seconds * 1000) / 1000; };
  return {{"decode", rounded(statistics.decode_s)}, {"detect", rounded(statistics.detect_s)},
          {"embed", rounded(statistics.embed_s)},   {"track", rounded(statistics.track_s)},
          {"write", rounded(statistics.write_s)},   {"total", rounded(statistics.total_s)}};
}

Json source_of(const Manifest& manifest) {
  Json json{{"location", manifest.location},
            {"frame_rate", manifest.frame_rate},
            {"width", manifest.width},
            {"height", manifest.height}};
  if (manifest.recipe.source) json.update(json_of(*manifest.recipe.source));
  return json;
}

Json model_of(const Recipe& recipe) {
  Json json{{"name", recipe.model}};
  if (recipe.model_file) json.update(json_of(*recipe.model_file));
  return json;
}

void read_statistics(const Json& json, RunStatistics& statistics) {
  json.at("frames").get_to(statistics.frames);
  json.at("identities").get_to(statistics.identities);
  json.at("damaged").at("concealed").get_to(statistics.errors.concealed);
  json.at("damaged").at("undecodable").get_to(statistics.errors.undecodable);
  const auto& seconds = json.at("seconds");
  seconds.at("decode").get_to(statistics.decode_s);
  seconds.at("detect").get_to(statistics.detect_s);
  seconds.at("embed").get_to(statistics.embed_s);
  seconds.at("track").get_to(statistics.track_s);
  seconds.at("write").get_to(statistics.write_s);
  seconds.at("total").get_to(statistics.total_s);
}

Manifest parse(const Json& json) {
  if (!json.is_object() || json.value("format", "") != "onepass manifest")
    throw std::runtime_error("is no manifest of onepass");
  if (const int version = json.at("version"); version != Manifest::version)
    throw std::runtime_error(fmt::format("has version {}, not {}", version, Manifest::version));
  Manifest manifest;
  json.at("versions").get_to(manifest.versions);
  json.at("unit").get_to(manifest.unit);
  const auto& source = json.at("source");
  source.at("location").get_to(manifest.location);
  source.at("frame_rate").get_to(manifest.frame_rate);
  source.at("width").get_to(manifest.width);
  source.at("height").get_to(manifest.height);
  manifest.recipe.source = optional_fingerprint(source);
  manifest.recipe.piece = piece_of(json.at("piece"));
  json.at("model").at("name").get_to(manifest.recipe.model);
  manifest.recipe.model_file = optional_fingerprint(json.at("model"));
  json.at("options").get_to(manifest.recipe.options);
  json.at("parameters").get_to(manifest.recipe.parameters);
  read_statistics(json, manifest.statistics);
  for (const auto& output : json.at("outputs"))
    manifest.outputs.push_back(
        {output.at("kind"), output.at("file"), output.at("bytes"), parse_checksum(output.at("crc32"))});
  return manifest;
}

/// The first key with different values in two maps; "" if they are equal.
std::string difference_of(const std::map<std::string, std::string>& found,
                          const std::map<std::string, std::string>& wanted) {
  auto keys = found;
  keys.insert(wanted.begin(), wanted.end());
  for (const auto& [key, unused] : keys) {
    if (key == "detector.threads") continue;  // the results do not depend on it
    const auto value_in = [&key](const auto& map) { return map.contains(key) ? map.at(key) : "none"; };
    if (value_in(found) != value_in(wanted))
      return fmt::format("another {} ({}, not {})", key, value_in(found), value_in(wanted));
  }
  return "";
}

}  // namespace

std::map<std::string, std::string> parameters_of(const Config& config) {
  auto copy = config;
  std::map<std::string, std::string> result;
  for (const auto& group : config::groups_of(copy)) {
    for (const auto& field : group.fields) {
      YAML::Emitter emitter;
      emitter << YAML::Flow << field.write();
      result[group.name + "." + field.name] = emitter.c_str();
    }
  }
  return result;
}

Output describe_output(const std::string& kind, const fs::path& file, const fs::path& manifest) {
  std::error_code error;
  const auto content = fingerprint_of_output(file);
  const auto name = fs::proximate(fs::absolute(file), fs::absolute(manifest).parent_path(), error);
  return {kind, error ? file.string() : name.string(), content.bytes, content.checksum};
}

std::string to_json(const Manifest& manifest) {
  const auto& statistics = manifest.statistics;
  Json json{{"format", "onepass manifest"}, {"version", Manifest::version}, {"unit", manifest.unit}};
  json["versions"] = manifest.versions;
  json["source"] = source_of(manifest);
  json["piece"] = manifest.recipe.piece ? json_of(*manifest.recipe.piece) : Json();
  json["model"] = model_of(manifest.recipe);
  json["options"] = manifest.recipe.options;
  json["parameters"] = manifest.recipe.parameters;
  json["frames"] = statistics.frames;
  json["damaged"] = {{"concealed", statistics.errors.concealed}, {"undecodable", statistics.errors.undecodable}};
  json["identities"] = statistics.identities;
  json["seconds"] = seconds_of(statistics);
  json["outputs"] = Json::array();
  for (const auto& output : manifest.outputs)
    json["outputs"].push_back({{"kind", output.kind},
                               {"file", output.file},
                               {"bytes", output.bytes},
                               {"crc32", hexadecimal(output.checksum)}});
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Manifest read_manifest(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  try {
    return parse(Json::parse(std::string(std::istreambuf_iterator<char>(file), {})));
  } catch (const Json::exception& error) {
    throw std::runtime_error(fmt::format("{}: is no manifest of onepass: {}", path.string(), error.what()));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

std::string difference(const Recipe& found, const Recipe& wanted) {
  if (found.source != wanted.source) return "another source";
  if (found.piece != wanted.piece) return "another piece of the source";
  if (found.model != wanted.model)
    return fmt::format("another model or detections ({}, not {})", found.model, wanted.model);
  if (found.model_file != wanted.model_file) return fmt::format("another version of {}", wanted.model);
  const auto options = difference_of(found.options, wanted.options);
  return options.empty() ? difference_of(found.parameters, wanted.parameters) : options;
}

bool has_memory(const Recipe& recipe) {
  const auto enabled = recipe.parameters.find("memory.enabled");
  return enabled != recipe.parameters.end() && enabled->second == "true";
}

std::string defect(const Manifest& manifest, const fs::path& path, const std::vector<std::string>& kinds) {
  for (const auto& kind : kinds) {
    if (std::ranges::find(manifest.outputs, kind, &Output::kind) == manifest.outputs.end())
      return "it has no output of the kind " + kind;
  }
  for (const auto& output : manifest.outputs) {
    const auto file = path.parent_path() / output.file;
    if (!fs::exists(file)) return output.file + " is missing";
    try {
      const auto content = fingerprint_of_output(file);
      if (content.bytes != output.bytes || content.checksum != output.checksum) return output.file + " has changed";
    } catch (const std::runtime_error&) {
      return output.file + " cannot be read";
    }
  }
  return "";
}

}  // namespace onepass::batch
