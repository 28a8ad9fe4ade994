#include <set>

#include <fmt/format.h>

#include "formats/json/json_formats.hpp"
#include "formats/json/json_node.hpp"
#include "formats/json/shape_json.hpp"
#include "io/output_file.hpp"

namespace onepass::formats {
namespace {

using Json = nlohmann::ordered_json;

Annotation read_track(const JsonNode& node, std::int64_t frame, ClassNames& names, std::set<std::string>& unread) {
  const auto box = node.at("box");
  if (box.size() != 4) box.fail("is not [left, top, width, height]");
  Annotation object{.frame = frame,
                    .id = node.at("id").whole(),
                    .left = box.element(0).number(),
                    .top = box.element(1).number(),
                    .width = box.element(2).number(),
                    .height = box.element(3).number(),
                    .class_id = node.at("class").small(),
                    .shape = read_shape(node)};
  if (const auto score = node.find("score")) object.score = score->number();
  if (const auto crowd = node.find("crowd")) object.crowd = crowd->flag();
  if (const auto ignored = node.find("ignored")) object.ignored = ignored->flag();
  if (const auto name = node.find("class_name")) names.try_emplace(object.class_id, name->text());
  if (const auto origin = node.find("origin"); origin && origin->value().is_string() && origin->value() != "detected")
    unread.insert("which boxes are not detected but predicted or interpolated");
  if (const auto problem = problem_of(object); !problem.empty()) node.fail(problem);
  return object;
}

class JsonlWriter : public Writer {
 public:
  JsonlWriter(const std::filesystem::path& path, Overwrite overwrite, Header header)
      : file_(path, overwrite), header_(std::move(header)) {}

  void write(const LabeledFrame& frame) override {
    Json tracks = Json::array();
    for (const auto& object : frame.objects) {
      const auto name = header_.class_names.find(object.class_id);
      Json track{{"id", object.id},
                 {"class", object.class_id},
                 {"class_name", name == header_.class_names.end() ? Json() : Json(name->second)},
                 {"box", {tidy(object.left), tidy(object.top), tidy(object.width), tidy(object.height)}}};
      if (object.score) track["score"] = tidy(*object.score);
      if (object.crowd) track["crowd"] = true;
      if (object.ignored) track["ignored"] = true;
      put_shape(track, object.shape);
      track["origin"] = "detected";
      track["state"] = "confirmed";
      tracks.push_back(std::move(track));
    }
    const auto index = frame.number - 1;
    const Json line{
        {"index", index},
        {"time", header_.frame_rate > 0 ? Json(tidy(static_cast<double>(index) / header_.frame_rate)) : Json()},
        {"source", header_.name},
        {"tracks", std::move(tracks)}};
    file_.write(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    file_.flush();
  }

  void close() override { file_.close(); }

 private:
  io::OutputFile file_;
  Header header_;
};

}  // namespace

Annotations read_jsonl(const std::filesystem::path& path, const ReadOptions&) {
  Annotations annotations{.name = path.stem().string()};
  const auto text = read_text(path);
  std::int64_t line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line_number;
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto document = parse_json(line, path.string(), line_number);
    const auto place = fmt::format("{}:{}", path.string(), line_number);
    const JsonNode root(document, place);
    const auto frame = root.at("index").whole() + 1;
    if (frame < 1 || frame > longest_video) root.fail(fmt::format("index {} is not that of a frame", frame - 1));
    annotations.frame_count = std::max(annotations.frame_count, frame);
    if (const auto source = root.find("source")) annotations.name = source->text();
    const auto tracks = root.at("tracks");
    for (std::size_t i = 0; i < tracks.size(); ++i)
      annotations.objects.push_back(read_track(tracks.element(i), frame, annotations.class_names, annotations.unread));
  }
  return annotations;
}

std::unique_ptr<Writer> make_jsonl_writer(const std::filesystem::path& path, Overwrite overwrite,
                                          const Header& header) {
  return std::make_unique<JsonlWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
