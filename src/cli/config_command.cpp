// onepass config: prints every parameter.
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "onepass/config.hpp"

namespace onepass {

void add_config_command(CLI::App& app) {
  auto* command = app.add_subcommand("config", "Print the parameters, their defaults and what they mean");
  command->footer(R"(
Examples:
  onepass config --dump > my.yaml
  onepass config --dump --config configs/bytetrack.yaml)");
  command->add_flag("--dump")->description("Print them as YAML (the default)");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("--config", *files, "YAML files laid over the defaults, in this order")->type_name("FILE");
  command->callback([files] {
    Config config;
    for (const auto& file : *files) {
      for (const auto& note : apply_yaml(config, file)) std::cerr << "onepass: " << note << "\n";
    }
    std::cout << dump_yaml(config);
  });
}

}  // namespace onepass
