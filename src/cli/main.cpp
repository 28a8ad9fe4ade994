// Entry point of onepass: parses the command line, runs one command and reports its error.
#include <algorithm>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/batch/stitch_command.hpp"
#include "cli/commands.hpp"
#include "cli/convert_command.hpp"
#include "cli/errors.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "core/nearest_name.hpp"
#include "io/location.hpp"

namespace {

/// Flushes standard output, so that a full disk or a closed pipe is reported as an error.
void require_output() {
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("cannot write to standard output");
}

/// The flags of other trackers and detectors that have another name here.
const std::map<std::string, std::string> flags_elsewhere = {
    {"--tracker", "--config"},        {"--tracking-method", "--config"}, {"--tracking-config", "--config"},
    {"--weights", "--model"},         {"--yolo-model", "--model"},       {"--img", "--imgsz"},
    {"--img-size", "--imgsz"},        {"--conf-thres", "--conf"},        {"--iou-thres", "--iou"},
    {"--vid_stride", "--vid-stride"}, {"--save-txt", "--save-mot"},      {"--save_txt", "--save-mot"},
    {"--save", "--save-video"},       {"--view-img", "--show"},          {"--show-vid", "--show"},
    {"--exist-ok", "--overwrite"},    {"--output", "--save-video"},      {"--input", "--source"}};

/// Returns an error message for the first flag that the selected command does not know; "" if it knows all of them.
std::string unknown_flag(const CLI::App& app, const std::vector<std::string>& words) {
  const auto chosen = app.get_subcommands();
  std::vector<std::string> known;
  for (const auto* option : (chosen.empty() ? &app : chosen.front())->get_options()) {
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (const auto& word : words) {
    if (word == "--") break;  // what follows are not flags
    const auto flag = word.substr(0, word.find('='));
    if (!flag.starts_with("--") || std::ranges::find(known, flag) != known.end()) continue;
    const auto elsewhere = flags_elsewhere.find(flag);
    const bool named = elsewhere != flags_elsewhere.end() && std::ranges::find(known, elsewhere->second) != known.end();
    return "unknown flag '" + flag + "'" +
           (named ? " (here it is " + elsewhere->second + ")" : onepass::did_you_mean(flag, known));
  }
  return "";
}

/// Returns the option of the command that has this flag; nullptr without one.
const CLI::Option* option_of(const CLI::App& command, const std::string& flag) {
  return flag.starts_with("--") ? command.get_option_no_throw(flag) : nullptr;
}

/// Returns an error message for the first word that is neither a flag nor the value of one; "" if there is none.
std::string stray_word(const CLI::App& app, const std::vector<std::string>& words) {
  const auto strays = app.remaining(true);
  const auto chosen = app.get_subcommands();
  if (strays.empty() || strays.front().starts_with("-") || chosen.empty()) return "";
  const auto& command = *chosen.front();
  const auto message = "unexpected argument '" + onepass::io::without_credentials(strays.front()) + "'";
  const auto place = std::ranges::find(words, strays.front());
  const auto* list = place - words.begin() >= 2 ? option_of(command, *(place - 2)) : nullptr;
  if (list && list->get_type_name() == "LIST")
    return message + "; separate several by commas: " + *(place - 2) + " " + *(place - 1) + "," + strays.front();
  return message + (option_of(command, "--source") ? "; a source is given with --source" : "");
}

/// Returns a reference to the help of the selected command, to append to an error message.
std::string pointer_to_help(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return "; see onepass " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
}

/// Returns the error message if the first word is not a command; otherwise "".
std::string unknown_command(const CLI::App& app, const std::string& word) {
  if (!app.get_subcommands().empty() || word.empty() || word.starts_with("-")) return "";
  if (onepass::cli::is_missing_lab_command(word))
    return "there is no command '" + word +
           "': this build of onepass has no LibTorch; install libtorch-dev and configure with -DONEPASS_WITH_TORCH=ON";
  std::vector<std::string> known;
  for (const auto* command : app.get_subcommands({})) known.push_back(command->get_name());
  return "unknown command '" + word + "'" + onepass::did_you_mean(word, known) + "; see onepass --help";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("onepass: multi-object tracking with re-identification from one forward pass", "onepass");
  app.set_version_flag("--version", "onepass " ONEPASS_VERSION);
  app.require_subcommand(1);
  onepass::cli::add_track_command(app);
  onepass::cli::add_stitch_command(app);
  onepass::cli::add_benchmark_command(app, {argv, argv + argc});
  onepass::cli::add_tune_command(app, {argv, argv + argc});
  onepass::cli::add_eval_command(app);
  onepass::cli::add_convert_command(app);
  onepass::cli::add_explain_command(app);
  onepass::cli::add_memory_command(app);
  onepass::cli::add_lab_commands(app);
  onepass::cli::add_config_command(app);
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << "onepass " ONEPASS_VERSION "\n"; });
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    app.parse(argc, argv);
    require_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help or --version
    auto message = unknown_command(app, words.empty() ? "" : words.front());
    if (message.empty()) {  // a mistyped flag explains most other errors, such as a missing one
      message = unknown_flag(app, words);
      if (message.empty()) message = stray_word(app, words);
      message = (message.empty() ? error.what() : message) + pointer_to_help(app);
    }
    onepass::cli::print_line("onepass: " + message);
    return 2;
  } catch (const onepass::cli::AlreadyReported& error) {
    return error.exit_code;
  } catch (const std::exception& error) {
    onepass::cli::print_line("onepass: " + onepass::cli::with_typed_flags(onepass::cli::message_of(error), words));
    return onepass::cli::exit_code_of(error);
  }
}
