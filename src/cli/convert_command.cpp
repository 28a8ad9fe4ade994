// onepass convert: converts annotations, detections and tracks between file formats.
#include "cli/convert_command.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "cli/progress.hpp"
#include "formats/class_choice.hpp"
#include "formats/registry.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct ConvertArguments {
  std::string input;
  std::string output;
  std::string from;
  std::string to;
  std::string size;
  std::string names;
  std::string classes;
  formats::ReadOptions read;
  bool overwrite = false;
};

/// Calls `parse` and converts its exception to a UsageError that names the flag.
template <typename Parse>
auto parsed(const char* flag, Parse parse) {
  try {
    return parse();
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("{}: {}", flag, error.what()));
  }
}

cv::Size parse_size(const std::string& text) {
  int width = 0, height = 0;
  char cross = 0, rest = 0;
  std::istringstream stream(text);
  stream >> width >> cross >> height;
  if (!stream || stream >> rest || cross != 'x' || width < 1 || height < 1 || width > 1 << 20 || height > 1 << 20)
    throw std::invalid_argument("'" + text + "' is not a size such as 1920x1080");
  return {width, height};
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream stream(text);
  for (std::string name; std::getline(stream >> std::ws, name, ',');) names.push_back(name);
  return names;
}

void write(const formats::Annotations& annotations, formats::Writer& writer) {
  std::size_t begin = 0;
  for (std::int64_t number = 1; number <= annotations.frame_count; ++number) {
    auto end = begin;
    while (end < annotations.objects.size() && annotations.objects[end].frame == number) ++end;
    writer.write({number, annotations.size, std::span(annotations.objects).subspan(begin, end - begin)});
    begin = end;
  }
  writer.close();
}

std::string summary(const formats::Annotations& annotations) {
  std::set<std::int64_t> ids;
  for (const auto& object : annotations.objects) {
    if (object.id >= 0) ids.insert(object.id);
  }
  return fmt::format("{} boxes, {} identities, {} frames", annotations.objects.size(), ids.size(),
                     annotations.frame_count);
}

void convert(ConvertArguments arguments) {
  if (!arguments.size.empty()) arguments.read.size = parsed("--size", [&] { return parse_size(arguments.size); });
  arguments.read.class_names = split_names(arguments.names);
  const auto chosen = arguments.classes.empty()
                          ? std::vector<formats::ChosenClass>()
                          : parsed("--classes", [&] { return formats::parse_classes(arguments.classes); });
  const auto& to = arguments.to.empty() ? formats::suggested(arguments.output)
                                        : parsed(
                                              "--to", [&]() -> auto& { return formats::format_named(arguments.to); });
  OutputClaims({arguments.input}).claim(arguments.output, overwrite_if(arguments.overwrite));
  const auto& from = arguments.from.empty()
                         ? formats::recognized(arguments.input)
                         : parsed(
                               "--from", [&]() -> auto& { return formats::format_named(arguments.from); });
  auto annotations = formats::read(arguments.input, from, arguments.read);
  formats::choose_classes(annotations, chosen, formats::OtherClasses::drop);
  formats::require_kept(annotations, to, arguments.input);
  const auto writer = to.make_writer(
      arguments.output, overwrite_if(arguments.overwrite),
      {annotations.name, annotations.frame_rate, annotations.class_names, formats::has_marks(annotations)});
  write(annotations, *writer);
  print_line(fmt::format("{} to {}: {}", from.name, to.name, summary(annotations)));
  for (const auto& part : annotations.unread) print_line(fmt::format("  not read: {}", part));
  for (const auto& loss : formats::losses(annotations, to)) print_line("  lost: " + loss);
}

/// The formats, one per line, for the help.
std::string format_table() {
  std::string text = "\nFormats:\n";
  for (const auto& format : formats::formats())
    text += fmt::format("  {:<13}{} ({})\n", format.name, format.title,
                        format.extension == "/" ? "a folder" : format.extension);
  return text;
}

constexpr const char* convert_examples = R"(
Examples:
  onepass convert MOT17-02/gt/gt.txt MOT17-02.json                        # COCO JSON with track ids
  onepass convert results.jsonl tracks.xml                                # for CVAT
  onepass convert street.jsonl street.json --to label-studio --size 1920x1080
  onepass convert label_02/0000.txt 0000.csv --classes Car,Van=Car        # of KITTI; two classes become one
  onepass convert labels/ gt.txt --size 1280x720 --names person,bicycle   # YOLO's folder of one file per frame
The format is recognized by content and name; what a format cannot keep is said in one line each.)";

}  // namespace

void add_convert_command(CLI::App& app) {
  auto* command = app.add_subcommand("convert", "Convert tracks, detections and ground truth between file formats");
  command->footer(format_table() + convert_examples);
  auto arguments = std::make_shared<ConvertArguments>();
  command->add_option("input", arguments->input, "File to read; a folder for yolo, or a sequence of MOTChallenge")
      ->required();
  command->add_option("output", arguments->output, "File to write; a folder for yolo")->required();
  command->add_option("--from", arguments->from, "Format of the input (default: recognized)")->type_name("NAME");
  command->add_option("--to", arguments->to, "Format of the output (default: by its extension)")->type_name("NAME");
  command
      ->add_option("--classes", arguments->classes,
                   "Classes to keep, and new names or numbers for them: person=pedestrian,car,bus=6")
      ->type_name("LIST");
  command->add_option("--names", arguments->names, "Names of the classes 0, 1, … of an input that has only numbers")
      ->type_name("LIST");
  command
      ->add_option("--size", arguments->size,
                   "Size of the frames, for formats of relative coordinates, such as 1920x1080")
      ->type_name("WxH");
  command->add_option("--fps", arguments->read.frame_rate, "Frame rate, if the input does not tell it")
      ->type_name("N")
      ->check(CLI::Range(0.001, 100000.0));
  command->add_option("--video", arguments->read.video, "Which video of a file with several")->type_name("NAME");
  command->add_flag("--overwrite", arguments->overwrite, "Overwrite an existing output");
  command->callback([arguments] { convert(*arguments); });
}

}  // namespace onepass::cli
