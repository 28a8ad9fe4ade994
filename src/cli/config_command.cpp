// onepass config: prints all parameters with their values and descriptions, as YAML or as a reference page.
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "config/reference.hpp"
#include "onepass/config.hpp"

namespace onepass::cli {

void add_config_command(CLI::App& app) {
  auto* command = app.add_subcommand("config", "Print all parameters with their defaults and descriptions");
  command->footer(R"(
Examples:
  onepass config --dump > my.yaml
  onepass config --dump --config bytetrack
  onepass config --reference > parameters.md)");
  auto* dump = command->add_flag("--dump")->description("Print the parameters as YAML (the default)");
  auto* reference =
      command->add_flag("--reference")->description("Print the reference page of all parameters (Markdown)");
  reference->excludes(dump);
  auto files = std::make_shared<std::vector<std::string>>();
  command
      ->add_option(
          "--config", *files,
          "YAML configuration file, or name of a built-in configuration; repeatable, later files override earlier "
          "ones")
      ->type_name("FILE")
      ->excludes(reference);
  command->callback([files, reference] {
    if (reference->count() > 0) {
      std::cout << config::reference_page();
      return;
    }
    Config config;
    for (const auto& file : *files) {
      for (const auto& note : apply_yaml(config, file)) print_line("onepass: " + note);
    }
    std::cout << dump_yaml(config);
  });
}

}  // namespace onepass::cli
